import type { Cost, Stage } from '../manifest.ts'
import type { StageStatus } from '../run-status.ts'
import { addCosts } from '../tally.ts'
import type { Ledger } from './ledger.ts'

/** The stages whose replies are paid for; an evaluation asks a server of our own. */
const paidStages: readonly Stage[] = ['curate', 'sample', 'reformat', 'verify']

/**
 * What the replies of finished stages cost, less what this run paid for them: what others, or
 * earlier starts, had paid already. While a stage is at work nothing is said of it.
 */
export function reusedCost(
  stages: ReadonlyArray<Pick<StageStatus, 'stage' | 'state' | 'cost'>>,
  { paid }: Pick<Ledger, 'paid'>,
): Cost {
  const finished = stages.filter(
    ({ stage, state }) => paidStages.includes(stage) && (state === 'done' || state === 'reused'),
  )
  return addCosts(
    finished.map(({ stage, cost }) =>
      less(cost, addCosts(paid.filter((entry) => entry.stage === stage))),
    ),
  )
}

function less(whole: Cost, part: Cost): Cost {
  return {
    // Replies are priced in whole nanodollars, rounded up, when they are paid: a rounding is no difference.
    dollars: Math.max(0, Math.round((whole.dollars - part.dollars) * 1e6) / 1e6),
    promptTokens: Math.max(0, whole.promptTokens - part.promptTokens),
    completionTokens: Math.max(0, whole.completionTokens - part.completionTokens),
    requests: Math.max(0, whole.requests - part.requests),
  }
}
