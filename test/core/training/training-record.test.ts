import { expect, test } from 'vitest'
import {
  type KeptCheckpoint,
  renewed,
  retained,
  SupersededError,
  takenOver,
  type TrainingRecord,
  withCheckpoint,
} from '../../../core/training/training-record.ts'

const supervisor = { workflowId: 'run/train', runId: 'r1', attempt: 1, node: 'node-a' }
const now = new Date('2026-01-01T00:00:00Z')
const later = new Date('2026-01-01T00:01:00Z')
const checkpoint = (globalStep: number): KeptCheckpoint => ({
  globalStep,
  manifest: { uri: `s3://b/step-${globalStep}`, sha256: 'a'.repeat(64), bytes: 1 },
})

test('a later attempt takes over at once, and the one before can commit nothing', () => {
  const first = takenOver(undefined, supervisor, now)
  const second = takenOver(first, { ...supervisor, attempt: 2, node: 'node-b' }, later)
  expect(second.token).toBe(first.token + 1)
  expect(() => withCheckpoint(second, first.token, checkpoint(5))).toThrow(SupersededError)
  expect(() => renewed(second, first.token, later)).toThrow(
    'on node-b has taken this training over',
  )
})

test('checkpoints outlive a take-over', () => {
  const first = withCheckpoint(takenOver(undefined, supervisor, now), 1, checkpoint(5))
  expect(takenOver(first, supervisor, later).checkpoints).toEqual([checkpoint(5)])
})

function attempt(record: TrainingRecord | undefined, number: number): TrainingRecord {
  return takenOver(record, { ...supervisor, attempt: number }, now)
}

test('attempts without a checkpoint are counted, until one is stored or a run begins', () => {
  const third = attempt(attempt(attempt(undefined, 1), 2), 3)
  expect(third.fruitless).toBe(3)
  const stored = withCheckpoint(third, third.token, checkpoint(5))
  expect(stored.fruitless).toBe(0)
  expect(attempt(stored, 4).fruitless).toBe(1)
  expect(attempt(third, 1).fruitless).toBe(1)
})

test('another run is refused while the first is heard of, and named', () => {
  const first = takenOver(undefined, supervisor, now)
  const other = { ...supervisor, workflowId: 'other/train' }
  expect(() => takenOver(first, other, later)).toThrow('supervised by run/train on node-a')
  const muchLater = new Date('2026-01-01T00:06:00Z')
  expect(takenOver(first, other, muchLater).token).toBe(2)
})

test('a checkpoint that is written again replaces the one of its step', () => {
  const record = takenOver(undefined, supervisor, now)
  const again = { ...checkpoint(5), manifest: { ...checkpoint(5).manifest, bytes: 2 } }
  const steps = [checkpoint(10), checkpoint(5), again]
  const last = steps.reduce((each, step) => withCheckpoint(each, 1, step), record)
  expect(last.checkpoints).toEqual([again, checkpoint(10)])
})

const stepsOf = (kept: readonly KeptCheckpoint[]) => kept.map(({ globalStep }) => globalStep)

test('the last ones stay, and those of round steps', () => {
  const all = [5, 10, 15, 20, 25, 30].map(checkpoint)
  const { kept, dropped } = retained(all, { keepLast: 2, keepEvery: 10 })
  expect(stepsOf(kept)).toEqual([10, 20, 25, 30])
  expect(stepsOf(dropped)).toEqual([5, 15])
  expect(stepsOf(retained(all, { keepLast: 1, keepEvery: null }).kept)).toEqual([30])
})
