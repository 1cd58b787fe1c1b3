import type { Interval } from '../statistics/interval.ts'
import { wilsonBounds, wilsonInterval } from '../statistics/wilson-interval.ts'

/** A published score: the count where it is known, else the percentage as printed. */
export type Published =
  | { readonly correct: number; readonly n: number }
  | { readonly percent: number; readonly n: number }

/** A published score with the 95 % Wilson interval of as many samples as were published. */
export type PublishedScore = Interval & {
  readonly value: number
  readonly n: number
  /** Null where the percentage is that of no count of `n`. */
  readonly correct: number | null
}

/** Scores are published in percent with one decimal; the rest is for what floating point loses. */
const half = 0.05 + 1e-9

/**
 * What a published score is worth. A percentage that, printed with one decimal, is that of a count of
 * `n` stands for that count; one that is not, such as GPQA-Diamond's 56.8 of 198 or the average of
 * several samples, is taken as it is: Wilson's formula holds for any proportion, and rounding to a
 * count would move the published value. Throws RangeError where there is no such proportion of `n`.
 */
export function publishedScore(published: Published): PublishedScore {
  const { n } = published
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`n is ${n}: give how many samples`)
  if ('correct' in published) return wilsonInterval(published.correct, n)
  const correct = countOf(published)
  if (correct !== null) return wilsonInterval(correct, n)
  const value = published.percent / 100
  return { correct, n, value, ...wilsonBounds(value, n) }
}

/** Where a measured accuracy lies: in the published score's interval, bounds included, or on which side of it. */
export function compareWithPublished(
  measured: number,
  { low, high }: Interval,
): 'within' | 'above' | 'below' {
  if (measured < low) return 'below'
  return measured > high ? 'above' : 'within'
}

function countOf({ percent, n }: Extract<Published, { percent: number }>): number | null {
  const nearest = Math.round((percent / 100) * n)
  return Math.abs((100 * nearest) / n - percent) <= half ? nearest : null
}
