import {
  ApplicationFailure,
  executeChild,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { CurateActivities } from '../activities/curate.ts'
import type { DrawRows, Estimate, EstimateActivities } from '../activities/estimate.ts'
import type { LedgerActivities } from '../activities/ledger.ts'
import type { EndpointChecks, OpenRunActivities, SandboxChecks } from '../activities/open-run.ts'
import type { Ledger } from '../core/money/ledger.ts'
import type { ReproduceInput } from '../core/reproduce-input.ts'
import { estimateDetails } from '../core/report/estimate-lines.ts'
import type { RunPlan } from '../core/run-plan.ts'
import { distill } from './distill.ts'
import { stageProgressSignal } from './messages.ts'
import { doorOptions, options } from './options.ts'
import { searchAttributes } from './run-state.ts'

const { openRun } = proxyActivities<OpenRunActivities>({ ...options.io, ...doorOptions })
const { checkEndpoints } = proxyActivities<EndpointChecks>({ ...options.inference, ...doorOptions })
const { checkSandbox } = proxyActivities<SandboxChecks>({
  ...options.sandboxDoor,
  ...doorOptions,
})
const { curateProblems, gatherProblems } = proxyActivities<CurateActivities>(options.io)
const { drawRows, estimateFromRows } = proxyActivities<EstimateActivities>(options.io)
const { openAccount, settleAccount } = proxyActivities<LedgerActivities>(options.io)

/** Input of the `estimate` workflow, as a user types it. */
export type EstimateInput = Pick<ReproduceInput, 'recipe' | 'overrides'> & {
  /** How many problems are tried; 20 where it is left out. */
  readonly rows?: number
}

/** A recipe's estimate, and what making it was paid. */
export type MadeEstimate = { readonly estimate: Estimate; readonly ledger: Ledger }

const usualRows = 20
/** They are distilled as a single shard. */
const mostRows = 2000

/**
 * Says what a recipe will cost, take and yield: a few problems of every source go the whole way,
 * through the activities of a run, which finds their replies later and pays nothing for them.
 */
export async function estimate(input: EstimateInput): Promise<MadeEstimate> {
  // Whatever a user typed: the door says what is wrong with it.
  const { rows = usualRows, ...asked } = { ...input }
  checkRows(rows)
  const { workflowId, firstExecutionRunId } = workflowInfo()
  const account = `${workflowId}/${firstExecutionRunId}`
  upsertSearchAttributes([{ key: searchAttributes.run, value: workflowId }])
  // A child tells how far it is; there is nobody here to show more than its own page does.
  setHandler(stageProgressSignal, () => {})
  const plan = await open({ ...asked, until: 'assemble' })
  const { recipe } = plan
  await openAccount.executeWithOptions({ summary: 'open the account' }, [{ account, recipe }])
  const from = await problemsOf(plan)
  const drawing = { summary: `draw ${rows} problems` }
  const { curated, drawn } = await drawRows.executeWithOptions(drawing, [{ recipe, rows, ...from }])
  setCurrentDetails(`${drawn} problems are sampled, reformatted and judged.`)
  await executeChild(distill, {
    workflowId: `${workflowId}/distill`,
    staticSummary: `sample, reformat and verify ${drawn} problems`,
    args: [
      {
        recipe,
        curated,
        shards: 1,
        shardsInFlight: 1,
        account,
        ...(plan.judges ? { judges: true } : {}),
      },
    ],
  })
  const ledger = await settleAccount.executeWithOptions({ summary: 'settle the account' }, [
    account,
  ])
  const order = { recipe, from: from.from, curated, gathered: plan.labels }
  const summary = { summary: 'estimate the whole' }
  const made = await estimateFromRows.executeWithOptions(summary, [order])
  setCurrentDetails(estimateDetails(made))
  return { estimate: made, ledger }
}

function checkRows(rows: unknown): void {
  if (typeof rows === 'number' && Number.isInteger(rows) && rows >= 1 && rows <= mostRows) return
  const message = `field rows: give a whole number of problems to try, 1 to ${mostRows}`
  throw ApplicationFailure.nonRetryable(message, 'InvalidInput')
}

async function open(input: ReproduceInput): Promise<RunPlan> {
  const plan = await openRun.executeWithOptions({ summary: 'validate the input' }, [input])
  await Promise.all([
    checkEndpoints.executeWithOptions({ summary: 'ask the endpoints' }, [plan.recipe]),
    checkSandbox.executeWithOptions({ summary: 'prove the sandbox' }, []),
  ])
  if (plan.serving) {
    const message =
      'field serving: an estimate does not start the teacher; start it, and estimate with serving=null'
    throw ApplicationFailure.nonRetryable(message, 'InvalidInput')
  }
  return plan
}

/** The problems of the plan; where a model is to rate them first, those that it would be shown. */
async function problemsOf({ recipe, labels }: RunPlan): Promise<Pick<DrawRows, 'from' | 'shards'>> {
  if (labels) {
    const summary = { summary: 'read the sources' }
    const { key } = await gatherProblems.executeWithOptions(summary, [recipe])
    return { from: key }
  }
  const summary = { summary: 'curate the problems' }
  const { key, shards } = await curateProblems.executeWithOptions(summary, [recipe])
  return { from: key, shards }
}
