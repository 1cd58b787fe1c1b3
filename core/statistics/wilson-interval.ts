import type { Accuracy } from '../score.ts'
import type { Interval } from './interval.ts'

/** The 97.5th percentile of the standard normal distribution: two-sided 95 %. */
const z = 1.959963984540054

/**
 * The accuracy of `correct` out of `n` with its 95 % Wilson score interval, without continuity
 * correction: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927) 209–212; method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872.
 * It keeps its coverage near 0 and 1, where an untrained model stands. No sample at all says
 * nothing: the interval is then 0 to 1. Throws RangeError unless 0 ≤ correct ≤ n, both whole.
 */
export function wilsonInterval(correct: number, n: number): Accuracy {
  if (!Number.isInteger(correct) || !Number.isInteger(n) || correct < 0 || correct > n) {
    throw new RangeError(`${correct} of ${n} is no proportion: give whole numbers, 0 ≤ correct ≤ n`)
  }
  if (n === 0) return { correct, n, value: 0, low: 0, high: 1 }
  const value = correct / n
  return { correct, n, value, ...wilsonBounds(value, n) }
}

/**
 * The same bounds for a proportion that need be no count of `n`: the formula holds for any real one.
 * For a mean of values between 0 and 1 they are too wide rather than too narrow, since no such values
 * scatter more than zeros and ones. Throws RangeError unless 0 ≤ value ≤ 1 and n > 0.
 */
export function wilsonBounds(value: number, n: number): Interval {
  if (!(value >= 0 && value <= 1 && n > 0)) {
    throw new RangeError(`${value} of ${n} is no proportion: give 0 ≤ value ≤ 1 and n > 0`)
  }
  const spread = z * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n))
  const middle = value + (z * z) / (2 * n)
  const scale = 1 + (z * z) / n
  // At the ends the bound is exactly 0 or 1; the formula leaves a rounding error there.
  const low = value === 0 ? 0 : (middle - spread) / scale
  const high = value === 1 ? 1 : (middle + spread) / scale
  return { low, high }
}

/** Whether two intervals share a point. */
export function intervalsOverlap(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high
}

/** How many samples of some problems are of a kind. */
export type CountedSamples = {
  readonly count: number
  readonly samples: number
  readonly problems: number
}

/** A share of samples between 0 and 1, with its 95 % interval. */
export type CountedShare = Interval & { readonly value: number }

/**
 * The share of samples of a kind, where it is not known which problems they are of: with the 95 %
 * interval for as many samples as there are problems ({@link wilsonBounds}). That is Wilson's own for one sample a
 * problem; for several, which may be as alike as one, it is too wide rather than too narrow. No
 * sample at all says nothing: the interval is then 0 to 1. Throws RangeError where the count is no
 * part of the samples.
 */
export function countedShare({ count, samples, problems }: CountedSamples): CountedShare {
  if (samples === 0 && count === 0) return { value: 0, low: 0, high: 1 }
  const value = count / samples
  return { value, ...wilsonBounds(value, problems) }
}
