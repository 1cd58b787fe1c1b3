import { activityInfo, cancellationSignal } from '@temporalio/activity'
import type { Purpose } from '../core/money/ledger-line.ts'
import { inNanodollars, type Rate } from '../core/money/price.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Obtained } from '../core/read-reply.ts'
import type { Recipe } from '../core/recipe.ts'
import type { ChatRequest } from '../core/response.ts'
import { obtainReplies } from './replies.ts'
import { withSpending } from './spending.ts'

/** On whose behalf replies are obtained. */
export type PaidAsking = {
  readonly store: ObjectStore
  readonly endpoint: ChatEndpoint
  readonly recipe: Recipe
  readonly stage: Purpose['stage']
  /** The account of the run; undefined: the workflow of this activity pays for itself. */
  readonly account: string | undefined
  /** Where replies are kept; left out: the store itself. */
  readonly replies?: ObjectStore
}

/**
 * Replies as `obtainReplies` gives them, paid from the account of a run. Throws BudgetSpentError
 * where its budget has no room for another request; what is paid for by then is stored.
 */
export async function obtainPaidReplies(
  requests: readonly ChatRequest[],
  { store, endpoint, recipe, stage, account, replies = store }: PaidAsking,
): Promise<Obtained[]> {
  const inFlight = recipe.sharding.requestsInFlight
  const signal = cancellationSignal()
  const outlay = {
    account: account ?? ownAccount(),
    limit: recipe.budgetDollars === null ? null : inNanodollars(recipe.budgetDollars),
    errand: { stage, via: 'online', rates: ratesOf(recipe, 1) },
    requests,
    inFlight,
  } as const
  return withSpending(store, outlay, (spending) =>
    obtainReplies(requests, { store: replies, endpoint, inFlight, spending, signal }),
  )
}

/** The rates of a recipe's models; the factor is below 1 in a batch. */
function ratesOf({ prices }: Recipe, factor: number): Record<string, Rate> {
  const rates = Object.entries(prices).map(([model, price]) => [model, { ...price, factor }])
  return Object.fromEntries(rates)
}

function ownAccount(): string {
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {}
  return `${workflowId}/${runId}`
}
