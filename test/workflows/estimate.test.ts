import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MadeEstimate } from '../../workflows/estimate.ts'
import { queues } from '../../workflows/options.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { rootOf, Temporal } from './temporal.ts'

describe.skipIf(temporalProgram === undefined)(
  'estimate, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let estimates = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
    })

    async function start(input: unknown) {
      estimates += 1
      const workflowId = `estimate-${estimates}`
      const options = { workflowId, taskQueue: queues.workflows, args: [input] as [unknown] }
      return temporal.client.workflow.start<(input: unknown) => Promise<MadeEstimate>>(
        'estimate',
        options,
      )
    }

    test('has a few problems distilled, all from one account, and tells the whole from them', async () => {
      const asked: unknown[] = []
      const sampleShard: Pipeline['sampleShard'] = async (shard) => {
        asked.push({ curated: shard.curated, shard: shard.shard, account: shard.account })
        return quickPipeline.sampleShard(shard)
      }
      temporal.layOut({ sampleShard })
      const handle = await start({ recipe: 'example', rows: 7 })
      const { estimate } = await handle.result()
      expect(estimate.dollars).toEqual({ p10: 1, p50: 2, p90: 3 })
      const account = `${handle.workflowId}/${handle.firstExecutionRunId}`
      expect(asked).toEqual([{ curated: 'drawn', shard: 0, account }])
    })

    test('draws twenty rows where no number is given, of problems that nobody has rated where there are such', async () => {
      const drawn: unknown[] = []
      temporal.layOut({
        openRun: async (input) => ({ ...(await quickPipeline.openRun(input)), labels: true }),
        curateProblems: async () => {
          throw new Error('nothing is rated yet')
        },
        drawRows: async ({ recipe: _, ...order }) => {
          drawn.push(order)
          return quickPipeline.drawRows({ recipe: _, ...order })
        },
      })
      await (await start({ recipe: 'example' })).result()
      expect(drawn).toEqual([{ rows: 20, from: expect.any(String) }])
    })

    test.each([0, 2.5, '20', 9999])('does not try %j rows', async (rows) => {
      const failure = await failureOf((await start({ recipe: 'example', rows })).result())
      expect(rootOf(failure).message).toMatch(/^field rows: give a whole number/)
    })

    test.each([[undefined], [null], ['miniature']])(
      'of %j is refused at the door',
      async (input) => {
        const seen: unknown[] = []
        const openRun: Pipeline['openRun'] = async (asked) => {
          seen.push(asked)
          throw ApplicationFailure.nonRetryable('refused', 'InvalidInput')
        }
        temporal.layOut({ openRun })
        const failure = await failureOf((await start(input)).result())
        expect(rootOf(failure).message).toBe('refused')
        expect(seen).not.toHaveProperty('0.recipe')
      },
    )

    test('does not start a teacher that is yet to be served', async () => {
      temporal.layOut({
        openRun: async (input) => ({ ...(await quickPipeline.openRun(input)), serving: true }),
      })
      const failure = await failureOf((await start({ recipe: 'example' })).result())
      expect(rootOf(failure).message).toMatch(/^field serving: an estimate does not start/)
    })
  },
)
