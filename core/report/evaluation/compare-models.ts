import type { EvaluatedSample } from '../../score.ts'
import {
  meanDifference,
  pairedDifferences,
  pairProblems,
} from '../../statistics/paired-outcomes.ts'
import { testPaired } from '../../statistics/paired-test.ts'
import type { ProblemOutcomes } from '../../statistics/problem-outcomes.ts'
import type { PairedDifference } from '../evaluation-report-data.ts'

type Sample = Pick<EvaluatedSample, 'problemId' | 'outcome'>

/** What each model made of one benchmark, the first named first. */
export type ComparedModels = {
  readonly benchmark: string
  readonly models: readonly [string, string]
  readonly samples: readonly [readonly Sample[], readonly Sample[]]
  /** Of the bootstrap, and of the signs that are drawn where a benchmark is too large for all. */
  readonly seed: number
}

const tests = {
  mcnemar: 'exact McNemar',
  'sign-flips-enumerated': 'sign flips by problem, all of them',
  'sign-flips-drawn': 'sign flips by problem, drawn',
} as const

/**
 * The second model less the first over the problems that both have samples of, with a two-sided
 * p-value; null where they have none in common. An undecided sample counts as not correct.
 */
export function compareModels(compared: ComparedModels): PairedDifference | null {
  const { benchmark, models, samples, seed } = compared
  const [first, second] = samples.map(outcomesByProblem)
  if (first === undefined || second === undefined) return null
  const common = new Set(first.keys()).intersection(second)
  if (common.size === 0) return null
  const pairs = pairProblems(those(first, common), those(second, common))
  const { value, low, high } = meanDifference(pairedDifferences(pairs), seed)
  const { twoSided, method } = testPaired(pairs, seed)
  return {
    benchmark,
    models: [...models],
    problems: common.size,
    difference: value,
    low,
    high,
    p: twoSided,
    test: tests[method],
  }
}

function outcomesByProblem(samples: readonly Sample[]): Map<string, Sample[]> {
  return Map.groupBy(samples, ({ problemId }) => problemId)
}

function those(found: ReadonlyMap<string, Sample[]>, ids: ReadonlySet<string>): ProblemOutcomes[] {
  return [...ids].map((problemId) => ({
    problemId,
    outcomes: (found.get(problemId) ?? []).map(({ outcome }) => outcome === 'accepted'),
  }))
}
