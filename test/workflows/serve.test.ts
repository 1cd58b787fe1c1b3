import { fileURLToPath } from 'node:url'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ReplicaDiedError } from '../../activities/replica.ts'
import type { ObjectRef } from '../../core/object-ref.ts'
import { queues } from '../../workflows/options.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRef } from '../core/example-rows.ts'
import { TemporalServer, temporalProgram } from './temporal-server.ts'
import { patience, quietRuntime, rootOf } from './temporal.ts'

/** What happens, in its order. */
let events: string[]
let servings: Array<() => Promise<never>>
let asking: () => Promise<string>

/** Serves until it is cancelled; to end takes it a moment. */
async function serveUntilCancelled(): Promise<never> {
  const context = Context.current()
  const beat = setInterval(() => context.heartbeat(), 20)
  try {
    return await context.cancelled
  } finally {
    clearInterval(beat)
    events.push('stopped')
  }
}

const activities = {
  async serveTeacher(): Promise<never> {
    events.push('serving')
    return (servings.shift() ?? serveUntilCancelled)()
  },
  async awaitTeacher(): Promise<void> {
    if (events.includes('serving')) return
    throw ApplicationFailure.create({ message: 'starting', nextRetryDelay: 10 })
  },
  async askTeacher(): Promise<string> {
    events.push('asked')
    return asking()
  },
}

describe.skipIf(temporalProgram === undefined)(
  'whileServing, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let server: TemporalServer
    let stop: () => Promise<void>
    let started = 0

    beforeAll(async () => {
      quietRuntime()
      server = await TemporalServer.start()
      const workflowsPath = fileURLToPath(new URL('serve-workflows.ts', import.meta.url))
      const logger = new DefaultLogger('ERROR')
      const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger })
      const connection = server.environment.nativeConnection
      const soon = { maxHeartbeatThrottleInterval: '50ms' } as const
      const workers = await Promise.all([
        Worker.create({ connection, taskQueue: queues.workflows, workflowBundle }),
        Worker.create({ connection, taskQueue: queues.inference, activities, ...soon }),
        Worker.create({ connection, taskQueue: queues.io, activities, ...soon }),
      ])
      const running = Promise.all(workers.map((worker) => worker.run()))
      stop = async () => {
        for (const worker of workers) worker.shutdown()
        await running
        await server[Symbol.asyncDispose]()
      }
    })
    afterAll(() => stop())
    beforeEach(() => {
      events = []
      servings = []
      asking = async () => 'answer'
    })

    function start(serving = true) {
      started += 1
      return server.environment.client.workflow.start<
        (recipe: ObjectRef, on: boolean) => Promise<string>
      >('askWhileServing', {
        workflowId: `serve-${started}`,
        taskQueue: queues.workflows,
        args: [exampleRef('recipe'), serving],
      })
    }

    test('asks once the teacher is served, and ends when it is served no more', async () => {
      expect(await (await start()).result()).toBe('answer')
      expect(events).toEqual(['serving', 'asked', 'stopped'])
    })

    test('serves nothing where the recipe has no engine', async () => {
      expect(await (await start(false)).result()).toBe('answer')
      expect(events).toEqual(['asked'])
    })

    test('stops the engine where the work fails, and fails as the work did', async () => {
      asking = () => Promise.reject(new Error('no such problem'))
      const failure = await failureOf((await start()).result())
      expect(rootOf(failure).message).toBe('no such problem')
      expect(events).toEqual(['serving', 'asked', 'stopped'])
    })

    test('starts the engine again on another worker, and the work goes on', async () => {
      const asked = Promise.withResolvers<string>()
      asking = () => asked.promise
      servings = [
        async () => {
          await expect.poll(() => events, patience).toContain('asked')
          throw new Error('the worker was stopped')
        },
      ]
      const handle = await start()
      await expect.poll(() => events, patience).toEqual(['serving', 'asked', 'serving'])
      asked.resolve('late answer')
      expect(await handle.result()).toBe('late answer')
    })

    test('ends the work where the engine cannot be kept up, and gives the engine’s reason', async () => {
      asking = serveUntilCancelled
      servings = [
        async () => {
          await expect.poll(() => events, patience).toContain('asked')
          throw new ReplicaDiedError('replica 1 died: out of memory')
        },
      ]
      const failure = await failureOf((await start()).result())
      expect(rootOf(failure).message).toBe('replica 1 died: out of memory')
      expect(events).toEqual(['serving', 'asked', 'stopped'])
    })

    test('stops the engine and the work when the run is cancelled', async () => {
      asking = serveUntilCancelled
      const handle = await start()
      await expect.poll(() => events, patience).toContain('asked')
      await handle.cancel()
      await failureOf(handle.result())
      expect((await handle.describe()).status.name).toBe('CANCELLED')
      expect(events).toEqual(['serving', 'asked', 'stopped', 'stopped'])
    })
  },
)
