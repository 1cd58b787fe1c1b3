import type { Cost, Stage } from '../../manifest.ts'
import { addCosts } from '../../tally.ts'
import { bootstrapTotal } from './bootstrap-total.ts'
import { predictAccepted } from './predict-accepted.ts'
import type { Spread } from './spread.ts'

/** What one problem came to on its whole way: sampled, reformatted, judged. */
export type ObservedRow = {
  readonly source: string
  /** A trace of it was accepted. */
  readonly accepted: boolean
  /** Time that its requests took, one after the other. */
  readonly seconds: number
  readonly costs: Readonly<Partial<Record<Stage, Cost>>>
}

/** A whole plan: its problems by source, and how many requests it keeps in flight. */
export type Plan = {
  readonly problems: Readonly<Record<string, number>>
  readonly inFlight: number
  readonly seed: number
}

/** What a whole plan is expected to cost, take and yield, from a few of its problems. */
export type PlanEstimate = {
  /** Problems that were tried, and of the whole plan. */
  readonly rows: number
  readonly problems: number
  readonly dollars: Spread
  /** Time of asking, at the pace that the endpoints had, with the recipe's requests in flight. */
  readonly seconds: Spread
  /** Problems of which a trace is accepted. */
  readonly accepted: Spread
  readonly bySource: ReadonlyArray<{
    readonly source: string
    readonly problems: number
    readonly rows: number
    readonly accepted: number
  }>
  /** The expected cost of the plan, by stage. */
  readonly byStage: ReadonlyArray<{ readonly stage: Stage; readonly cost: Cost }>
}

/** Estimates a plan from the rows that were tried. */
export function estimatePlan(rows: readonly ObservedRow[], plan: Plan): PlanEstimate {
  const sources = Object.entries(plan.problems).map(([source, problems]) => {
    const own = rows.filter((row) => row.source === source)
    const accepted = own.filter((row) => row.accepted).length
    return { source, problems, own, accepted }
  })
  const total = (figure: (row: ObservedRow) => number) =>
    bootstrapTotal(
      sources.map(({ problems, own }) => ({ size: problems, values: own.map(figure) })),
      plan.seed,
    )
  const busy = total(({ seconds }) => seconds)
  // No plan is over before its slowest problem is.
  const longest = Math.max(0, ...rows.map(({ seconds }) => seconds))
  const time = (seconds: number) => Math.max(longest, seconds / plan.inFlight)
  return {
    rows: rows.length,
    problems: sources.reduce((sum, { problems }) => sum + problems, 0),
    dollars: total(({ costs }) => addCosts(Object.values(costs)).dollars),
    seconds: { p10: time(busy.p10), p50: time(busy.p50), p90: time(busy.p90) },
    accepted: predictAccepted(
      sources.map(({ problems, own, accepted }) => ({
        size: problems,
        tried: own.length,
        accepted,
      })),
      plan.seed,
    ),
    bySource: sources.map(({ source, problems, own, accepted }) => ({
      source,
      problems,
      rows: own.length,
      accepted,
    })),
    byStage: askedStages(rows).map((stage) => ({
      stage,
      cost: addCosts(
        sources.flatMap(({ problems, own }) =>
          own.flatMap(({ costs }) => scaled(costs[stage], problems / own.length)),
        ),
      ),
    })),
  }
}

/** The stages that a plan pays for: a judge, only where rows had one. */
function askedStages(rows: readonly ObservedRow[]): Stage[] {
  const judges = rows.some(({ costs }) => costs.verify !== undefined)
  return ['sample', 'reformat', ...(judges ? (['verify'] as const) : [])]
}

function scaled(cost: Cost | undefined, by: number): Cost[] {
  if (cost === undefined) return []
  const { dollars, promptTokens, completionTokens, requests } = cost
  return [
    {
      dollars: dollars * by,
      promptTokens: Math.round(promptTokens * by),
      completionTokens: Math.round(completionTokens * by),
      requests: Math.round(requests * by),
    },
  ]
}
