import { ApplicationFailure } from '@temporalio/common'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LinkExpiredError } from '../../activities/verify.ts'
import { queues } from '../../workflows/options.ts'
import type { DistillTally } from '../../core/distill-tally.ts'
import type { DistillInput } from '../../workflows/distill.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRef } from '../core/example-rows.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, rootOf, Temporal } from './temporal.ts'

/** Follows shards from their sampling to their sealing; a test may hold some before they are sealed. */
class Shards {
  readonly begun: number[] = []
  readonly sealed: number[] = []
  readonly changes: Partial<Pipeline>
  mostAtOnce = 0

  constructor({ beforeSeal = async () => {} }: { beforeSeal?: (shard: number) => Promise<void> }) {
    this.changes = {
      sampleShard: async (shard) => {
        this.begun.push(shard.shard)
        this.mostAtOnce = Math.max(this.mostAtOnce, this.begun.length - this.sealed.length)
        const sampled = await quickPipeline.sampleShard(shard)
        return { ...sampled, counts: { responses: 2 ** shard.shard } }
      },
      closeRound: async ({ shard }) => {
        await beforeSeal(shard)
        this.sealed.push(shard)
        return { sealed: true, counts: { 'accepted/sums': 3 ** shard } }
      },
    }
  }
}

/** An endpoint that refuses the second shard. */
const reformatShard: Pipeline['reformatShard'] = async (shard) => {
  if (shard.responses.uri.endsWith('r-1')) {
    throw ApplicationFailure.nonRetryable('no such model', 'EndpointRefusedError')
  }
  return quickPipeline.reformatShard(shard)
}

/** Grading whose first orders come too late. */
function lateGrading(expired: number) {
  const state = { opened: 0, graded: 0 }
  const openGrading: Pipeline['openGrading'] = async (request) => {
    state.opened += 1
    return quickPipeline.openGrading(request)
  }
  const gradeShard: Pipeline['gradeShard'] = async () => {
    state.graded += 1
    if (state.graded <= expired) throw new LinkExpiredError('http://store/x answered 403')
  }
  return { state, openGrading, gradeShard }
}

async function hasFailedActivity(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).some((event) => event.activityTaskFailedEventAttributes)
}

describe.skipIf(temporalProgram === undefined)(
  'distill, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let started = 0
    beforeAll(async () => {
      // A shard is about thirty events: three or four of them, and the run is continued as new.
      temporal = await Temporal.start(['limit.historyCount.suggestContinueAsNew=100'])
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
    })

    function start(shards: number, shardsInFlight: number) {
      started += 1
      const input: DistillInput = {
        recipe: exampleRef('recipe'),
        curated: 'c',
        shards,
        shardsInFlight,
      }
      return temporal.client.workflow.start<(order: DistillInput) => Promise<DistillTally>>(
        'distill',
        { workflowId: `distill-${started}`, taskQueue: queues.workflows, args: [input] },
      )
    }

    test('works on as many shards at once as it may, and never on more', async () => {
      const bothBegun = Promise.withResolvers<void>()
      const shards = new Shards({
        async beforeSeal() {
          if (shards.begun.length >= 2) bothBegun.resolve()
          await bothBegun.promise
        },
      })
      temporal.layOut(shards.changes)
      await (await start(5, 2)).result()
      expect(shards.begun.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
      expect(shards.mostAtOnce).toBe(2)
    })

    test.each([
      ['in their order', [0, 1, 2]],
      ['backwards', [2, 1, 0]],
      ['in between', [1, 2, 0]],
    ])('adds up exactly when shards finish %s', async (_, order) => {
      const shards = new Shards({
        async beforeSeal(shard) {
          const before = order.slice(0, order.indexOf(shard))
          await expect.poll(() => shards.sealed, patience).toEqual(before)
        },
      })
      temporal.layOut(shards.changes)
      const tally = await (await start(3, 3)).result()
      expect(shards.sealed).toEqual(order)
      expect(tally.sample).toEqual({
        counts: { responses: 1 + 2 + 4 },
        cost: { dollars: 0.75, promptTokens: 30, completionTokens: 60, requests: 6 },
        reused: false,
      })
      expect(tally.reformat.counts).toEqual({ traces: 6 })
      expect(tally.verify.counts).toEqual({ 'accepted/sums': 1 + 3 + 9 })
    })

    test('continues as new with its tallies, and loses and repeats no shard', async () => {
      const shards = new Shards({})
      temporal.layOut(shards.changes)
      const handle = await start(9, 2)
      const tally = await handle.result()
      const first = temporal.client.workflow.getHandle(
        handle.workflowId,
        handle.firstExecutionRunId,
      )
      expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW')
      expect(shards.sealed.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
      expect(tally.sample.counts).toEqual({ responses: 2 ** 9 - 1 })
      expect(tally.sample.cost.requests).toBe(18)
      expect(tally.verify.counts).toEqual({ 'accepted/sums': (3 ** 9 - 1) / 2 })
    })

    test('fails with a shard, once those in flight have ended, and starts no other', async () => {
      const released = Promise.withResolvers<void>()
      const shards = new Shards({ beforeSeal: () => released.promise })
      temporal.layOut({ ...shards.changes, reformatShard })
      const handle = await start(6, 3)
      await expect.poll(() => hasFailedActivity(handle), patience).toBe(true)
      expect((await handle.describe()).status.name).toBe('RUNNING')
      released.resolve()
      const failure = await failureOf(handle.result())
      expect(rootOf(failure).message).toBe('no such model')
      expect(shards.begun.toSorted((a, b) => a - b)).toEqual([0, 1, 2])
      expect(shards.sealed.toSorted((a, b) => a - b)).toEqual([0, 2])
    })

    test('of no shard gives nothing', async () => {
      const tally = await (await start(0, 2)).result()
      expect(tally.sample.counts).toEqual({})
    })

    describe('links that have expired', () => {
      test('are renewed: the grading is opened again', async () => {
        const { state, ...grading } = lateGrading(2)
        temporal.layOut(grading)
        const tally = await (await start(1, 1)).result()
        expect(state).toEqual({ opened: 3, graded: 3 })
        expect(tally.verify).toMatchObject({ counts: { 'accepted/sums': 2 }, reused: false })
      })

      test('five times over are the failure of the shard', async () => {
        const { state, ...grading } = lateGrading(99)
        temporal.layOut(grading)
        const failure = await failureOf((await start(1, 1)).result())
        expect(rootOf(failure)).toMatchObject({ type: 'LinkExpiredError' })
        expect(state).toEqual({ opened: 5, graded: 5 })
      })
    })

    test('verdicts that stand already are not made again', async () => {
      let graded = 0
      temporal.layOut({
        openGrading: async ({ submissions }) => ({
          verdicts: `verdicts/${submissions.sha256}`,
          order: undefined,
        }),
        gradeShard: async () => {
          graded += 1
        },
      })
      const tally = await (await start(1, 1)).result()
      expect(tally.verify.reused).toBe(true)
      expect(graded).toBe(0)
    })
  },
)
