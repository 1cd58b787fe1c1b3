import type { Interval } from '../statistics/interval.ts'
import { standardError } from '../statistics/mean.ts'
import {
  meanDifference,
  pairedDifferences,
  type PairedProblem,
  pairProblems,
} from '../statistics/paired-outcomes.ts'
import type { PairedPValues } from '../statistics/paired-p-values.ts'
import { testPaired } from '../statistics/paired-test.ts'
import {
  countingProblems,
  tooFewProblems,
  type NightOutcomes,
  poolNights,
} from './night-outcomes.ts'
import { isYardstick, type NightVerdict, type UndecidedReason } from './night-verdict.ts'

/** An earlier night with what was said of it then. */
export type EarlierNight = NightOutcomes & { readonly verdict: NightVerdict }

/** Tonight and all earlier nights of one benchmark, oldest first. */
export type NightHistory = {
  readonly tonight: NightOutcomes
  readonly earlier: readonly EarlierNight[]
}

/** A night beside the earlier ones, before it is judged. */
export type NightComparison =
  | {
      readonly kind: 'compared'
      readonly difference: number
      readonly interval: Interval
      readonly standardError: number
      readonly p: PairedPValues
    }
  | { readonly kind: 'undecided'; readonly reason: UndecidedReason; readonly explanation: string }

/**
 * Compares a night with the pool of the last `window` good nights before it over the same problems,
 * problem by problem. A pool, and one without the nights that were reported as drops, because a
 * single bad night that went unnoticed must not become what the next is measured by. Problems with
 * less than half of their samples, tonight or in the pool, are left out; where more than a tenth are,
 * nothing is decided. The same seed gives the same figures. Throws RangeError for fewer than two
 * problems, for a window of no night, and where nights with one digest differ in their problems.
 */
export function compareNight(
  { tonight, earlier }: NightHistory,
  { window, seed }: { readonly window: number; readonly seed: number },
): NightComparison {
  const all = tonight.problems.length
  if (all < 2) throw new RangeError(`${all} problems are no benchmark: give two or more`)
  if (window < 1) throw new RangeError(`window is ${window}: pool one earlier night or more`)
  const short = tooFewProblems(countingProblems(tonight).size, all)
  if (short !== undefined) return undecided('missing-samples', `tonight ${short}`)
  const good = earlier.filter(({ verdict }) => isYardstick(verdict))
  const alike = good.filter(({ problemsDigest }) => problemsDigest === tonight.problemsDigest)
  if (good.length === 0) {
    return undecided('no-baseline', 'there is no earlier good night to compare with')
  }
  if (alike.length === 0) {
    return undecided('other-problems', `the ${good.length} earlier good nights had other problems`)
  }
  const pairs = countingOnBoth(poolNights(alike.slice(-window)), tonight)
  const shortTogether = tooFewProblems(pairs.length, all)
  if (shortTogether !== undefined) {
    return undecided('missing-samples', `tonight and earlier ${shortTogether}`)
  }
  return compare(pairs, seed)
}

function compare(pairs: readonly PairedProblem[], seed: number): NightComparison {
  const differences = pairedDifferences(pairs)
  const { value, ...interval } = meanDifference(differences, seed)
  return {
    kind: 'compared',
    difference: value,
    interval,
    standardError: standardError(differences),
    p: testPaired(pairs, seed),
  }
}

function countingOnBoth(before: NightOutcomes, after: NightOutcomes): PairedProblem[] {
  const counting = [countingProblems(before), countingProblems(after)]
  return pairProblems(before.problems, after.problems).filter(({ problemId }) =>
    counting.every((ids) => ids.has(problemId)),
  )
}

function undecided(reason: UndecidedReason, explanation: string): NightComparison {
  return { kind: 'undecided', reason, explanation }
}
