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

/** Remembers what the judge is given, and under which keys rounds find their verdicts. */
function watched() {
  const given: Array<Parameters<Pipeline['judgeShard']>[0]> = []
  const closedWith: string[] = []
  const changes: Partial<Pipeline> = {
    judgeShard: async (order) => {
      given.push(order)
      const judged = await quickPipeline.judgeShard(order)
      return { ...judged, counts: { judged: 3, asked: 4, 'unusable/unreadable': 1 } }
    },
    closeRound: async (round) => {
      closedWith.push(round.verdicts)
      return quickPipeline.closeRound(round)
    },
  }
  return { given, closedWith, changes }
}

describe.skipIf(temporalProgram === undefined)(
  'a judge, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let started = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
      started += 1
    })

    function distill(changes: Partial<DistillInput>): Promise<DistillTally> {
      const input = { recipe: exampleRef('recipe'), curated: 'c', shards: 2, shardsInFlight: 1 }
      return temporal.client.workflow.execute<(order: DistillInput) => Promise<DistillTally>>(
        'distill',
        {
          workflowId: `judged-${started}`,
          taskQueue: queues.workflows,
          args: [{ ...input, ...changes }],
        },
      )
    }

    test('is asked about each graded shard, and its verdicts are those of the round', async () => {
      const { given, closedWith, changes } = watched()
      temporal.layOut(changes)
      const tally = await distill({ judges: true, account: 'run/first' })
      const ruled = given.map(({ verdicts }) => verdicts)
      expect(ruled).toHaveLength(2)
      expect(closedWith).toEqual(ruled.map((key) => `judged ${key}`))
      expect(given.map(({ account, soFar }) => ({ account, ...soFar }))).toEqual([
        { account: 'run/first', asked: 0, unusable: {}, pardons: 0 },
        { account: 'run/first', asked: 4, unusable: { unreadable: 1 }, pardons: 0 },
      ])
      expect(tally.verify.counts).toMatchObject({ judged: 6, 'accepted/sums': 4 })
      expect(tally.verify.cost).toMatchObject({ dollars: 0.5, requests: 4 })
    })

    test('is not asked where the recipe has none', async () => {
      const { given, closedWith, changes } = watched()
      temporal.layOut(changes)
      const tally = await distill({})
      expect(given).toEqual([])
      expect(closedWith.every((key) => key.startsWith('verdicts/'))).toBe(true)
      expect(tally.verify.cost.requests).toBe(0)
    })

    test('that stays away parks the run, which goes on where it stood when somebody has mended it', async () => {
      let isAway = true
      const sampled: number[] = []
      temporal.layOut({
        openRun: async (input) => ({ ...(await quickPipeline.openRun(input)), judges: true }),
        sampleShard: async (order) => {
          sampled.push(order.shard)
          return quickPipeline.sampleShard(order)
        },
        judgeShard: async (order) => {
          if (isAway) throw ApplicationFailure.nonRetryable('no key', 'EndpointRefusedError')
          return quickPipeline.judgeShard(order)
        },
      })
      const run = await temporal.client.workflow.start('reproduce', {
        workflowId: `run-${started}`,
        taskQueue: queues.workflows,
        args: [{ recipe: 'example' }],
      })
      const status = () => run.query<RunStatus>('status')
      await expect.poll(async () => (await status()).status, patience).toBe('blocked')
      expect((await status()).blocked).toMatchObject({ stage: 'sample', cause: 'no key' })
      isAway = false
      await run.executeUpdate('retry')
      const ended: RunStatus = await run.result()
      expect(ended.status).toBe('completed')
      const verify = ended.stages.find(({ stage }) => stage === 'verify')
      expect(verify).toMatchObject({ counts: { judged: 3 }, cost: { requests: 6 } })
      expect(sampled.length).toBeGreaterThan(3)
    })
  },
)
