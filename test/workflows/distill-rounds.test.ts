import { setTimeout as wait } from 'node:timers/promises'
import { cancellationSignal, heartbeat } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DistillTally } from '../../core/distill-tally.ts'
import type { RunStatus } from '../../core/run-status.ts'
import type { DistillInput } from '../../workflows/distill.ts'
import { queues } from '../../workflows/options.ts'
import { exampleRef } from '../core/example-rows.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, Temporal } from './temporal.ts'

/** Shards that take so many rounds each; every activity is remembered. */
class Rounds {
  readonly sampledFrom: string[] = []
  readonly changes: Partial<Pipeline>

  constructor(rounds: number) {
    const closed = new Map<number, number>()
    this.changes = {
      sampleShard: async (order) => {
        const from = order.progress?.uri.split('/').at(-1) ?? 'the start'
        this.sampledFrom.push(`${order.shard} from ${from}`)
        return quickPipeline.sampleShard(order)
      },
      closeRound: async ({ shard }) => {
        const round = (closed.get(shard) ?? 0) + 1
        closed.set(shard, round)
        if (round < rounds) {
          return { sealed: false, progress: exampleRef(`round ${round}`), samples: 1 }
        }
        return { sealed: true, counts: { 'accepted/sums': 2 ** shard, sealed: 1 } }
      },
    }
  }
}

/** Whether the last execution goes on from one before it. */
async function wasContinued(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory()
  const started = events?.[0]?.workflowExecutionStartedEventAttributes
  return Boolean(started?.continuedExecutionRunId)
}

describe.skipIf(temporalProgram === undefined)(
  'distill in rounds, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let started = 0
    beforeAll(async () => {
      temporal = await Temporal.start(['limit.historyCount.suggestContinueAsNew=100'])
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
    })

    function start(shards: number, shardsInFlight: number, changes: Partial<DistillInput> = {}) {
      started += 1
      const recipe = exampleRef('recipe')
      const input: DistillInput = { recipe, curated: 'c', shards, shardsInFlight, ...changes }
      return temporal.client.workflow.start<(order: DistillInput) => Promise<DistillTally>>(
        'distill',
        { workflowId: `rounds-${started}`, taskQueue: queues.workflows, args: [input] },
      )
    }

    describe('a shard of several rounds', () => {
      test('is sampled from where it stands until it is sealed, and counted once', async () => {
        const rounds = new Rounds(3)
        temporal.layOut(rounds.changes)
        const tally = await (await start(2, 2)).result()
        expect(new Set(rounds.sampledFrom)).toEqual(
          new Set([
            '0 from the start',
            '0 from round 1',
            '0 from round 2',
            '1 from the start',
            '1 from round 1',
            '1 from round 2',
          ]),
        )
        expect(rounds.sampledFrom).toHaveLength(6)
        expect(tally.sample).toMatchObject({ counts: { responses: 12 }, cost: { requests: 12 } })
        expect(tally.verify.counts).toEqual({ 'accepted/sums': 3, sealed: 2 })
      })

      test('is handed on between its rounds when the history grows long', async () => {
        const rounds = new Rounds(4)
        temporal.layOut(rounds.changes)
        const handle = await start(7, 3)
        const tally = await handle.result()
        expect(await wasContinued(handle)).toBe(true)
        expect(rounds.sampledFrom).toHaveLength(7 * 4)
        expect(new Set(rounds.sampledFrom).size).toBe(7 * 4)
        expect(tally.sample).toMatchObject({ counts: { responses: 56 }, cost: { requests: 56 } })
        expect(tally.verify.counts).toEqual({ 'accepted/sums': 2 ** 7 - 1, sealed: 7 })
      })

      test('tells each stage what the run has had of replies so far', async () => {
        const told: unknown[] = []
        const rounds = new Rounds(2)
        temporal.layOut({
          ...rounds.changes,
          sampleShard: async (order) => {
            told.push(order.soFar)
            const sampled = await rounds.changes.sampleShard?.(order)
            if (sampled === undefined) throw new Error('not laid out')
            return { ...sampled, counts: { asked: 5, 'unusable/reply-empty': 1 } }
          },
        })
        await (await start(1, 1, { pardons: 2 })).result()
        expect(told).toEqual([
          { asked: 0, unusable: {}, pardons: 2 },
          { asked: 5, unusable: { 'reply-empty': 1 }, pardons: 2 },
        ])
      })
    })

    test('cancelled, it ends when what is in flight has ended', async () => {
      const begun = Promise.withResolvers<void>()
      const ended: string[] = []
      temporal.layOut({
        sampleShard: async ({ shard }) => {
          begun.resolve()
          const signal = cancellationSignal()
          while (!signal.aborted) {
            heartbeat()
            await wait(20)
          }
          await wait(500)
          ended.push(`shard ${shard}`)
          throw signal.reason
        },
      })
      const handle = await start(5, 2)
      await begun.promise
      await handle.cancel()
      await expect(handle.result()).rejects.toThrow('Workflow execution cancelled')
      expect((await handle.describe()).status.name).toBe('CANCELLED')
      expect(ended.toSorted()).toEqual(['shard 0', 'shard 1'])
    })

    test('sends what reformatting waits for in batches, until nothing is left', async () => {
      const sent: string[] = []
      let waves = 0
      let reformatted = 0
      temporal.layOut({
        outstandingReformats: async () => {
          waves += 1
          return { requests: exampleRef(`wave ${waves}`), count: waves < 3 ? 1 : 0 }
        },
        planBatches: async ({ endpoint, requests }) => {
          const [first] = requests
          if (first === undefined) throw new Error('nothing to send')
          sent.push(first.uri)
          const part = { endpoint, set: first.sha256, requests: { ...first, rows: 1 } }
          return { parts: [part], requested: 1, stored: 0, tooLarge: 0 }
        },
        reformatShard: async (shard) => {
          reformatted += 1
          return quickPipeline.reformatShard(shard)
        },
      })
      await (await start(1, 1, { batch: { endpoint: 'openai', pollSeconds: 1 } })).result()
      expect(sent).toEqual([exampleRef('wave 1').uri, exampleRef('wave 2').uri])
      expect([waves, reformatted]).toEqual([3, 1])
    })

    test('leaves to the reformatter online what no batch answers', async () => {
      let waves = 0
      temporal.layOut({
        outstandingReformats: async () => {
          waves += 1
          return { requests: exampleRef('requests'), count: 7 }
        },
      })
      await (await start(1, 1, { batch: { endpoint: 'openai', pollSeconds: 1 } })).result()
      expect(waves).toBe(1)
    })

    test('a run that stops over unusable replies goes on, on retry, with twice as many allowed', async () => {
      const pardons: number[] = []
      temporal.layOut({
        sampleShard: async (order) => {
          pardons.push(order.soFar.pardons)
          if (order.soFar.pardons > 0) return quickPipeline.sampleShard(order)
          const message = 'endpoint vllm: 9 of 100 requests failed'
          throw ApplicationFailure.nonRetryable(message, 'FailureBudgetExceededError')
        },
      })
      const run = await temporal.client.workflow.start('reproduce', {
        workflowId: 'pardoned',
        taskQueue: queues.workflows,
        args: [{ recipe: 'example' }],
      })
      const status = () => run.query<RunStatus>('status')
      await expect.poll(async () => (await status()).status, patience).toBe('blocked')
      const { blocked } = await status()
      expect(blocked).toMatchObject({ stage: 'sample', cause: expect.stringContaining('9 of 100') })
      await run.executeUpdate('retry')
      await run.result()
      expect(new Set(pardons)).toEqual(new Set([0, 1]))
    })
  },
)
