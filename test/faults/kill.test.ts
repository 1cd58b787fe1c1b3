import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunStatus } from '../../core/run-status.ts'
import { startTestStack, stackIsInstalled, type TestStack } from '../e2e/local-stack.ts'
import {
  datasetDigests,
  readReport,
  runSmall,
  type Served,
  servedCounts,
  smallOverrides,
  startSmallRun,
} from '../e2e/small-run.ts'
import {
  distilling,
  killAfter,
  type KillRecord,
  killSchedule,
  recordedProcess,
  until,
} from './kills.ts'

const minutes = 60_000
const seed = 7
/** Requests that can be in flight at once. */
const inFlight = smallOverrides.sharding.shardsInFlight * smallOverrides.sharding.requestsInFlight

describe.skipIf(!stackIsInstalled)('a run in which every process is killed once', () => {
  let undisturbed: TestStack
  let disturbed: TestStack
  let status: RunStatus
  let served: Served
  let resumed: { readonly complete: number; readonly from: number }
  let killedServer: number
  const kills: KillRecord[] = []

  beforeAll(async () => {
    undisturbed = await startTestStack()
    await runSmall(undisturbed, 'small')
    disturbed = await startTestStack()
    const handle = await startSmallRun(disturbed, 'small')
    for (const kill of killSchedule(seed, 400)) kills.push(await killAfter(disturbed, kill))
    resumed = await killTrainer(disturbed)
    killedServer = await killModelServer(disturbed)
    status = await handle.result()
    served = await servedCounts(disturbed)
  }, 15 * minutes)

  afterAll(async () => {
    await disturbed?.stop()
    await undisturbed?.stop()
  })

  test('the run ends, with the data set of an undisturbed run, byte for byte', async () => {
    expect(status.status).toBe('completed')
    expect(await datasetDigests(disturbed)).toEqual(await datasetDigests(undisturbed))
  })

  test.each(distilling)('%s killed: no reply that was stored is asked for again', (name) => {
    const kill = kills.find((each) => each.name === name)
    expect(kill?.stored.length).toBeGreaterThan(0)
    for (const request of kill?.stored ?? []) {
      expect(served.requests[request]?.begun).toBe(kill?.served.requests[request]?.begun)
    }
  })

  test('in all, no more is paid twice than was in flight at the kills', () => {
    const twice = Object.values(served.requests).filter(({ completed }) => completed > 1)
    expect(twice.length).toBeLessThanOrEqual(inFlight * kills.length)
  })

  test('trainer killed: training goes on from the last complete checkpoint, to the same losses', async () => {
    // One that was whole on the disk at the kill may have reached the store since.
    expect(resumed.from).toBeGreaterThanOrEqual(resumed.complete)
    const expected = await readReport(undisturbed, 'small')
    const report = await readReport(disturbed, 'small')
    expect(report.training?.steps).toEqual(expected.training?.steps)
  })

  test('model server killed: another is started, and every sample is scored', async () => {
    expect(killedServer).toBeGreaterThan(0)
    const { scores } = await readReport(disturbed, 'small')
    expect(scores.map(({ model, accuracy }) => [model, accuracy.n])).toEqual([
      ['base', 20],
      ['student', 20],
    ])
  })
})

/** Kills the trainer once a checkpoint is complete; tells from where its successor goes on. */
async function killTrainer(stack: TestStack) {
  const { pid, directory } = await recordedProcess(stack, 'training/trainings', 'trainer.json')
  await until(async () => (await checkpoints(stack)).length > 0)
  process.kill(pid, 'SIGKILL')
  const complete = Math.max(...(await checkpoints(stack)))
  await until(async () => {
    const successor = await recordedProcess(stack, 'training/trainings', 'trainer.json')
    return successor.pid !== pid
  })
  const config = await readFile(join(directory, 'training.yaml'), 'utf8')
  return {
    complete,
    from: Number(/^resume_from_checkpoint: .*checkpoint-(\d+)$/m.exec(config)?.[1]),
  }
}

async function checkpoints({ store }: TestStack): Promise<number[]> {
  const steps: number[] = []
  for await (const key of store.list('checkpoints/')) {
    const step = /step-(\d+)\/manifest\.json$/.exec(key)?.[1]
    if (step !== undefined) steps.push(Number(step))
  }
  return steps
}

async function killModelServer(stack: TestStack): Promise<number> {
  const { pid } = await recordedProcess(stack, 'evaluation/servers', 'server.json')
  process.kill(pid, 'SIGKILL')
  return pid
}
