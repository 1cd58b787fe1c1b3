import { fileURLToPath } from 'node:url'
import { temporal } from '@temporalio/proto'
import type { WorkflowHandle } from '@temporalio/client'
import { CancelledFailure } from '@temporalio/common'
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findAccount } from '../../activities/accounts.ts'
import { writeJson, writeRows } from '../../activities/artifacts.ts'
import { type BatchActivities, createBatchActivities } from '../../activities/batches.ts'
import { findReply } from '../../activities/stored-replies.ts'
import { createOpenAiBatches } from '../../adapters/openai-batches.ts'
import type { BatchTally } from '../../core/batch/batch-tally.ts'
import type { BatchEndpoint } from '../../core/ports/batch-endpoint.ts'
import { EndpointRefusedError } from '../../core/ports/chat-endpoint.ts'
import { type ChatRequest, requestDigest } from '../../core/response.ts'
import type { ProfileChanges } from '../../infra/scripted/profile.ts'
import type { BatchInput } from '../../workflows/batch.ts'
import { queues } from '../../workflows/options.ts'
import { MemoryStore } from '../activities/memory-store.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'
import { TemporalServer, temporalProgram } from './temporal-server.ts'
import { patience, quietRuntime, rootOf } from './temporal.ts'

const recipe = { ...exampleRecipe, budgetDollars: 1 }
const calm = { failedLines: 0, tornLines: 0, foreignLines: 0, expired: 0, fullQueue: 0, looks: 0 }

function requestsOf(count: number): ChatRequest[] {
  return Array.from({ length: count }, (_, at) => ({
    endpoint: 'scripted',
    model: 'scripted-reformatter',
    messages: [{ role: 'user' as const, content: `What is ${at} + 1?` }],
    temperature: 0.7,
    maxTokens: 200,
    seed: 1,
  }))
}

const { EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED: cancelRequested } =
  temporal.api.enums.v1.EventType

async function eventTypes(handle: WorkflowHandle): Promise<unknown[]> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).map(({ eventType }) => eventType)
}

type Activities = Record<string, (input: never) => Promise<unknown>>

/** Activities that call whatever the test that runs has opened. */
function laidOut(opened: () => BatchActivities | undefined): Activities {
  const call = (name: string) => (input: never) => {
    const activities: Activities = { ...opened() }
    return activities[name]?.(input) ?? Promise.reject(new Error(`no activity ${name}`))
  }
  const names = [
    'planBatches',
    'reserveBatch',
    'submitBatch',
    'awaitBatch',
    'collectBatch',
    'settleBatch',
    'cancelBatch',
  ]
  return Object.fromEntries(names.map((name) => [name, call(name)]))
}

describe.skipIf(temporalProgram === undefined)(
  'sendBatch, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let server: TemporalServer
    let activities: BatchActivities | undefined
    let stop: () => Promise<void>
    let started = 0

    beforeAll(async () => {
      quietRuntime()
      server = await TemporalServer.start()
      const workflowsPath = fileURLToPath(new URL('../../workflows/batch.ts', import.meta.url))
      const logger = new DefaultLogger('ERROR')
      const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger })
      const connection = server.environment.nativeConnection
      const workers = await Promise.all([
        Worker.create({ connection, taskQueue: queues.workflows, workflowBundle }),
        Worker.create({
          connection,
          taskQueue: queues.inference,
          activities: laidOut(() => activities),
        }),
      ])
      const running = Promise.all(workers.map((worker) => worker.run()))
      stop = async () => {
        for (const worker of workers) worker.shutdown()
        await running
        await server[Symbol.asyncDispose]()
      }
    })
    afterAll(() => stop())

    /** A scripted endpoint, a store, and a run of the workflow over `count` requests. */
    async function open(
      changes: ProfileChanges['batches'] = {},
      wrap = (endpoint: BatchEndpoint) => endpoint,
    ) {
      const batches = { ...calm, smallest: 0, ...changes }
      const scripted = await openScriptedEndpoint({ batches })
      const address = { name: 'scripted', baseURL: `${scripted.url}/v1`, apiKey: undefined }
      const endpoint = wrap(createOpenAiBatches({ ...address, idleTimeoutMs: 30_000 }))
      const store = new MemoryStore()
      const limits = { requests: 40, bytes: 1_000_000 }
      activities = createBatchActivities({ store, endpoint: () => endpoint, limits })
      const start = async (requests: readonly ChatRequest[], { paid = false } = {}) => {
        started += 1
        const input: BatchInput = {
          endpoint: 'scripted',
          requests: await writeRows(store, `requests-${started}`, requests),
          // A look every fiftieth of a second: the waits are Temporal's, the looks are counted.
          pollSeconds: 0.02,
          ...(paid
            ? { payer: { account: 'run', recipe: await writeJson(store, 'r', recipe) } }
            : {}),
        }
        return server.environment.client.workflow.start<(order: BatchInput) => Promise<BatchTally>>(
          'sendBatch',
          { workflowId: `batch-${started}`, taskQueue: queues.workflows, args: [input] },
        )
      }
      const answered = async (requests: readonly ChatRequest[]) => {
        const found = requests.map((request) => findReply(store, requestDigest(request)))
        return (await Promise.all(found)).filter((reply) => reply !== undefined).length
      }
      const account = async () => {
        const { leases = {}, paid = [] } = (await findAccount(store, 'run')) ?? {}
        return { leases: Object.keys(leases), paid: paid.map((line) => line.requests) }
      }
      const totals = () => scripted.counts.report().totals
      const close = () => scripted[Symbol.asyncDispose]()
      return { start, answered, account, totals, [Symbol.asyncDispose]: close }
    }

    test('has every request answered, in as many batches as the limits ask for', async () => {
      await using served = await open()
      const requests = requestsOf(100)
      const tally = await (await served.start(requests)).result()
      expect(tally).toMatchObject({
        requested: 100,
        stored: 0,
        answered: 100,
        failed: 0,
        submitted: 100,
        resubmitted: 0,
        batches: 3,
      })
      expect(await served.answered(requests)).toBe(100)
      expect(served.totals()).toEqual({ 'batch-created': 3, begun: 100, completed: 100 })
    })

    test('sends nothing again that is stored', async () => {
      await using served = await open()
      await (await served.start(requestsOf(30))).result()
      const tally = await (await served.start(requestsOf(50))).result()
      expect(tally).toMatchObject({ requested: 50, stored: 30, answered: 20, submitted: 20 })
      expect(served.totals()['begun']).toBe(50)
      const none = await (await served.start(requestsOf(50))).result()
      expect(none).toMatchObject({ requested: 50, stored: 50, submitted: 0, batches: 0 })
    })

    test('has the same history however often a batch is looked at', async () => {
      const lengths: number[] = []
      for (const looks of [0, 5]) {
        await using served = await open({ looks })
        const handle = await served.start(requestsOf(10))
        expect(await handle.result()).toMatchObject({ answered: 10 })
        lengths.push((await handle.describe()).historyLength)
      }
      expect(lengths[1]).toBe(lengths[0])
      expect(lengths[0]).toBeLessThan(40)
    })

    test('creates one batch though the attempt that created it did not live to say so', async () => {
      let deaths = 0
      await using served = await open({}, (endpoint) => ({
        ...endpoint,
        async create(batch) {
          const created = await endpoint.create(batch)
          deaths += 1
          if (deaths === 1) throw new Error('killed')
          return created
        },
      }))
      expect(await (await served.start(requestsOf(10))).result()).toMatchObject({ answered: 10 })
      expect(deaths).toBe(1)
      expect(served.totals()).toEqual({ 'batch-created': 1, begun: 10, completed: 10 })
    })

    test('outlasts an endpoint that is away between two looks', async () => {
      let looks = 0
      await using served = await open({ looks: 1 }, (endpoint) => ({
        ...endpoint,
        async look(id) {
          looks += 1
          if (looks === 2) throw new Error('away')
          return endpoint.look(id)
        },
      }))
      expect(await (await served.start(requestsOf(10))).result()).toMatchObject({ answered: 10 })
      expect(served.totals()['batch-created']).toBe(1)
    })

    test('sends again what failed, and that alone', async () => {
      await using served = await open({ failedLines: 0.3, tornLines: 0.1, foreignLines: 0.1 })
      const requests = requestsOf(80)
      const tally = await (await served.start(requests)).result()
      expect(tally).toMatchObject({ requested: 80, answered: 80, failed: 0 })
      expect(tally.resubmitted).toBeGreaterThan(0)
      expect(tally.submitted).toBe(80 + tally.resubmitted)
      expect(tally.setAside).toBeGreaterThan(0)
      expect(await served.answered(requests)).toBe(80)
      const { 'batch-line-failed': failed = 0, begun = 0 } = served.totals()
      // A line that is torn was served; a line that failed was not.
      expect(begun + failed).toBe(tally.submitted)
      expect(failed).toBe(tally.reasons['status-500'])
    })

    test('sends again what an expired batch had no time for', async () => {
      await using served = await open({ expired: 1, smallest: 10 })
      const tally = await (await served.start(requestsOf(32))).result()
      expect(tally).toMatchObject({ requested: 32, answered: 32, failed: 0, batches: 3 })
      expect([tally.submitted, tally.resubmitted]).toEqual([32 + 16 + 8, 16 + 8])
      expect(served.totals()['begun']).toBe(32)
    })

    test('leaves to the caller what fails three times', async () => {
      await using served = await open({ failedLines: 0.5, lastSending: 99 })
      const requests = requestsOf(40)
      const tally = await (await served.start(requests)).result()
      expect(tally.failed).toBeGreaterThan(0)
      expect(tally.answered + tally.failed).toBe(40)
      expect(await served.answered(requests)).toBe(tally.answered)
      expect(tally.batches).toBe(3)
    })

    test('sends less at once where the endpoint’s queue is full', async () => {
      await using served = await open({ fullQueue: 1, smallest: 12 })
      const tally = await (await served.start(requestsOf(40))).result()
      expect(tally).toMatchObject({ requested: 40, answered: 40, failed: 0, resubmitted: 0 })
      expect(served.totals()['begun']).toBe(40)
    })

    test('cancels its batch when it is cancelled, and stores what that had answered', async () => {
      await using served = await open({ looks: 1_000_000 })
      const requests = requestsOf(30)
      const handle = await served.start(requests)
      await expect.poll(() => served.totals()['batch-created'], patience).toBe(1)
      await handle.cancel()
      // Cancelled between two looks, the chain of causes goes on to what the last look said.
      expect((await failureOf(handle.result())).cause).toBeInstanceOf(CancelledFailure)
      expect((await handle.describe()).status.name).toBe('CANCELLED')
      expect(served.totals()).toMatchObject({ 'batch-cancelled': 1, begun: 15 })
      expect(await served.answered(requests)).toBe(15)
    })

    test('cancels its batch though the look that is under way fails on its own', async () => {
      const asked = Promise.withResolvers<void>()
      const mayFail = Promise.withResolvers<void>()
      let looks = 0
      await using served = await open({ looks: 1_000_000 }, (endpoint) => ({
        ...endpoint,
        async look(id) {
          looks += 1
          if (looks > 1) return endpoint.look(id)
          asked.resolve()
          await mayFail.promise
          throw new Error('gone for a moment')
        },
      }))
      const handle = await served.start(requestsOf(30))
      await asked.promise
      await handle.cancel()
      await expect.poll(() => eventTypes(handle), patience).toContain(cancelRequested)
      mayFail.resolve()
      expect((await failureOf(handle.result())).cause).toBeInstanceOf(CancelledFailure)
      expect(served.totals()).toMatchObject({ 'batch-cancelled': 1, begun: 15 })
    })

    test('pays from the account of the run, also for what a cancelled batch had answered', async () => {
      // Looks are ever further apart: it is cancelled before the last, on a busy machine as well.
      await using served = await open({ looks: 6 })
      const handle = await served.start(requestsOf(30), { paid: true })
      await expect.poll(() => served.totals()['batch-created'], patience).toBe(1)
      expect((await served.account()).leases).toHaveLength(1)
      await handle.cancel()
      await failureOf(handle.result())
      expect(await served.account()).toEqual({ leases: [], paid: [15] })
      await (await served.start(requestsOf(30), { paid: true })).result()
      expect(await served.account()).toEqual({ leases: [], paid: [30] })
    })

    test('fails at once where the endpoint refuses', async () => {
      await using served = await open({}, (endpoint) => ({
        ...endpoint,
        async create() {
          throw new EndpointRefusedError('refused with 401')
        },
      }))
      const failure = await failureOf((await served.start(requestsOf(3))).result())
      expect(rootOf(failure)).toMatchObject({ type: 'EndpointRefusedError' })
      expect(served.totals()).toEqual({})
    })
  },
)
