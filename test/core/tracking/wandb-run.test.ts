import { expect, test } from 'vitest'
import { wandbPath, wandbRun } from '../../../core/tracking/wandb-run.ts'
import { trackedExample } from './tracked-example.ts'

test('the same training gives the same file, where `wandb sync` looks for it', () => {
  const training = trackedExample(3)
  expect(wandbPath(training)).toEqual({
    folder: 'offline-run-20260102_030405-0123456789abcdef',
    file: 'run-0123456789abcdef.wandb',
  })
  expect(wandbRun(training)).toEqual(wandbRun(trackedExample(3)))
})
