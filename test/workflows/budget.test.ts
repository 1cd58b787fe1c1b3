import type { WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { InvalidInputError } from '../../core/invalid-input.ts'
import type { Ledger } from '../../core/money/ledger.ts'
import type { RunStatus } from '../../core/run-status.ts'
import { queues } from '../../workflows/options.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, rootOf, Temporal } from './temporal.ts'

const statusOf = (run: WorkflowHandle) => run.query<RunStatus>('status')

async function whenBlocked(run: WorkflowHandle): Promise<RunStatus> {
  await expect.poll(async () => (await statusOf(run)).status, patience).toBe('blocked')
  return statusOf(run)
}

/** An account of five dollars, and sampling that costs seven. */
function costlySampling() {
  let limit: number | null = 5
  const ledger = (): Ledger => ({
    limitDollars: limit,
    paid: [],
    unconfirmed: [],
    reservedDollars: 0,
  })
  const changes: Partial<Pipeline> = {
    openAccount: async () => ledger(),
    settleAccount: async () => ledger(),
    raiseBudget: async ({ dollars }) => {
      if (dollars !== null && limit !== null && dollars < limit) {
        throw new InvalidInputError('field dollars: the budget is $5; give more than that')
      }
      limit = dollars
      return ledger()
    },
    sampleShard: async (shard) => {
      if (limit === null || limit > 7) return quickPipeline.sampleShard(shard)
      throw ApplicationFailure.nonRetryable('the budget is spent', 'BudgetSpentError')
    },
  }
  return changes
}

describe.skipIf(temporalProgram === undefined)(
  'the budget of a run, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let runs = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut(costlySampling())
    })

    async function start(): Promise<WorkflowHandle> {
      runs += 1
      const args = [{ recipe: 'example' }]
      const options = { workflowId: `run-${runs}`, taskQueue: queues.workflows, args }
      return temporal.client.workflow.start('reproduce', options)
    }

    test('that is spent parks the run with the command that raises it; raised, the run goes on by itself', async () => {
      const run = await start()
      const { blocked, account, ledger } = await whenBlocked(run)
      expect(blocked).toEqual({
        stage: 'sample',
        cause: 'the budget is spent',
        next:
          'raise the budget, and the run goes on: `temporal workflow update execute ' +
          `-w ${run.workflowId} --name raiseBudget --input '{"dollars":10}'\` (or send \`abort\`)`,
      })
      expect(account).toMatch(new RegExp(`^${run.workflowId}/[0-9a-f-]{36}$`))
      expect(ledger?.limitDollars).toBe(5)
      const said = await run.executeUpdate<string, [unknown]>('raiseBudget', {
        args: [{ dollars: 10 }],
      })
      expect(said).toBe('the budget is $10')
      expect(await run.result()).toMatchObject({
        status: 'completed',
        ledger: { limitDollars: 10 },
      })
    })

    test('that is raised before what it had no room for has failed does not park the run', async () => {
      const raised = Promise.withResolvers<void>()
      let asked = 0
      let enough = false
      temporal.layOut({
        ...costlySampling(),
        sampleShard: async (shard) => {
          if (enough) return quickPipeline.sampleShard(shard)
          asked += 1
          await raised.promise
          throw ApplicationFailure.nonRetryable('the budget is spent', 'BudgetSpentError')
        },
      })
      const run = await start()
      await expect.poll(() => asked, patience).toBeGreaterThan(0)
      await run.executeUpdate('raiseBudget', { args: [{ dollars: 10 }] })
      enough = true
      raised.resolve()
      expect(await run.result()).toMatchObject({ status: 'completed' })
    })

    test('that is raised too little parks the run again; lifted, it is no more', async () => {
      const run = await start()
      await whenBlocked(run)
      await run.executeUpdate('raiseBudget', { args: [{ dollars: 6 }] })
      await expect
        .poll(async () => (await statusOf(run)).blocked?.next, patience)
        .toContain('{"dollars":12}')
      await run.executeUpdate('raiseBudget', { args: [{ dollars: null }] })
      expect(await run.result()).toMatchObject({ status: 'completed' })
    })

    test.each([
      ['no amount', {}, /^field dollars: give the budget in US dollars/],
      ['no object', 20, /^field dollars: give the budget in US dollars/],
      ['words', { dollars: '20' }, /^field dollars: give the budget in US dollars/],
      ['nothing', { dollars: 0 }, /^field dollars: give the budget in US dollars/],
      ['less than before', { dollars: 4 }, /^field dollars: the budget is \$5; give more/],
    ])('is not raised to %s', async (_, budget, message) => {
      const run = await start()
      await whenBlocked(run)
      const failure = await failureOf(run.executeUpdate('raiseBudget', { args: [budget] }))
      expect(rootOf(failure).message).toMatch(message)
      expect((await statusOf(run)).status).toBe('blocked')
      await run.terminate()
    })

    test('that is raised while the run is blocked by something else does not unblock it', async () => {
      temporal.layOut({
        ...costlySampling(),
        curateProblems: async () => {
          throw ApplicationFailure.nonRetryable('the disk is full')
        },
      })
      const run = await start()
      await whenBlocked(run)
      await run.executeUpdate('raiseBudget', { args: [{ dollars: 10 }] })
      expect(await statusOf(run)).toMatchObject({
        status: 'blocked',
        ledger: { limitDollars: 10 },
        blocked: { stage: 'curate' },
      })
      await run.terminate()
    })
  },
)
