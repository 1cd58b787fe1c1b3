import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { queues } from '../../workflows/options.ts'
import type { reproduce } from '../../workflows/reproduce.ts'
import { statusQuery } from '../../workflows/messages.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { Temporal } from './temporal.ts'

const shards = 5

/** A door that lets a run in whose problems must be rated, up to the data set. */
const openRun: Pipeline['openRun'] = async (input) => ({
  ...(await quickPipeline.openRun(input)),
  labels: true,
  trains: false,
})
const gatherProblems: Pipeline['gatherProblems'] = async (recipe) => ({
  ...(await quickPipeline.gatherProblems(recipe)),
  unratedShards: shards,
})

describe.skipIf(temporalProgram === undefined)(
  'a run whose problems must be rated (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())

    function start(workflowId: string) {
      return temporal.client.workflow.start<typeof reproduce>('reproduce', {
        workflowId,
        taskQueue: queues.workflows,
        args: [{ recipe: 'any' }],
      })
    }

    test('has every shard rated once, two at a time, before it chooses problems', async () => {
      const steps: string[] = []
      let inFlight = 0
      let most = 0
      temporal.layOut({
        openRun,
        gatherProblems,
        async labelShard(order) {
          inFlight += 1
          most = Math.max(most, inFlight)
          const rated = await quickPipeline.labelShard(order)
          await new Promise((resolve) => setImmediate(resolve))
          inFlight -= 1
          steps.push(`${order.gathered} ${order.shard}`)
          return rated
        },
        async curateProblems(recipe) {
          steps.push('curate')
          return quickPipeline.curateProblems(recipe)
        },
      })
      const status = await (await start('rated')).result()
      expect(status.status).toBe('completed')
      const rated = Array.from({ length: shards }, (_, shard) => `key of gather ${shard}`)
      expect(steps.toSorted()).toEqual(['curate', ...rated])
      expect(steps.at(-1)).toBe('curate')
      expect(most).toBeLessThanOrEqual(2)
    })

    test('waits for a person where a shard cannot be rated, and goes on with it', async () => {
      let mended = false
      temporal.layOut({
        openRun,
        gatherProblems,
        async labelShard(order) {
          if (order.shard !== 1 || mended) return quickPipeline.labelShard(order)
          throw ApplicationFailure.nonRetryable('no such model', 'EndpointRefusedError')
        },
      })
      const run = await start('parked')
      await vi.waitUntil(async () => (await run.query(statusQuery)).status === 'blocked', 20_000)
      expect((await run.query(statusQuery)).blocked).toMatchObject({
        stage: 'curate',
        cause: 'no such model',
      })
      mended = true
      await run.executeUpdate('retry')
      expect((await run.result()).status).toBe('completed')
    })
  },
)
