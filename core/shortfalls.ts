import type { Estimate, Score } from './score.ts'
import { countedShare } from './statistics/wilson-interval.ts'

/** Of `n` samples those that something is amiss with, and their share with its 95 % interval. */
export type Shortfall = Estimate & {
  readonly name: 'undecided' | 'without an answer' | 'cut off' | 'repeating' | 'missing'
  readonly count: number
  readonly n: number
}

/** How many samples of a score were undecided, gave no answer, were cut off, ran in a loop or never came, in this order. */
export function shortfallsOf(score: Score): Shortfall[] {
  const { undecided, unanswered, truncated, repeating, missing, problems, settings } = score
  const came = { n: score.accuracy.n, problems }
  const wanted = came.n + missing
  // A problem all of whose samples are missing is not among those of the score.
  const asked = { n: wanted, problems: Math.ceil(wanted / settings.samples) }
  return [
    shortfall('undecided', undecided, came),
    shortfall('without an answer', unanswered, came),
    shortfall('cut off', truncated, came),
    shortfall('repeating', repeating, came),
    shortfall('missing', missing, asked),
  ]
}

function shortfall(
  name: Shortfall['name'],
  count: number,
  { n, problems }: { readonly n: number; readonly problems: number },
): Shortfall {
  return { name, count, n, ...countedShare({ count, samples: n, problems }) }
}
