import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAdmission } from '../../workers/admission.ts'
import { type PoolPart, runBehindDoor } from '../../workers/run-behind-door.ts'
import { TemporalServer, temporalProgram } from '../workflows/temporal-server.ts'
import { quietRuntime } from '../workflows/temporal.ts'

let server: TemporalServer

function partOf(taskQueue: string, activity: () => Promise<string | void>): PoolPart {
  return { taskQueue, slots: 1, activities: { activity } }
}

/** A pool that grades once `isHeld`, and its workers as they are made. */
function gradingPool() {
  const queue = `grading-${randomUUID()}`
  const host = { isHeld: false, workers: new Array<Worker>() }
  const prove = async () => {
    if (!host.isHeld) throw ApplicationFailure.nonRetryable('no sandbox: bwrap is not on PATH')
  }
  const admission = createAdmission({ prove, refused: () => {}, retryMs: 10 })
  const create = async ({ taskQueue, activities }: PoolPart) => {
    const { nativeConnection: connection } = server.environment
    const worker = await Worker.create({ connection, taskQueue, activities })
    host.workers.push(worker)
    return worker
  }
  const door = { ...partOf(`${queue}-door`, () => admission.check()), admission }
  const running = runBehindDoor(
    partOf(queue, async () => 'graded'),
    door,
    create,
  )
  const stop = async () => {
    for (const worker of host.workers) worker.shutdown()
    await running
  }
  return { queue, host, stop }
}

describe.skipIf(temporalProgram === undefined)(
  'a pool behind its door, at a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    beforeAll(async () => {
      quietRuntime()
      server = await TemporalServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    test('a pool that cannot prove its sandbox takes no work and says why at its door, until it can', async () => {
      const { queue, host, stop } = gradingPool()
      let isGraded = false
      const grading = server.runActivity(queue).finally(() => (isGraded = true))
      await expect(server.runActivity(`${queue}-door`)).rejects.toMatchObject({
        cause: { message: 'no sandbox: bwrap is not on PATH' },
      })
      expect({ isGraded, workers: host.workers.length }).toEqual({ isGraded: false, workers: 1 })
      host.isHeld = true
      expect(await grading).toBe('graded')
      await server.runActivity(`${queue}-door`)
      await stop()
    })

    test('a pool that is stopped before it is admitted ends without having worked', async () => {
      const { host, stop } = gradingPool()
      await expect.poll(() => host.workers[0]?.getState()).toBe('RUNNING')
      await stop()
      expect(host.workers).toHaveLength(1)
    })
  },
)
