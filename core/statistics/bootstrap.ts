import type { Interval } from './interval.ts'
import { mean } from './mean.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { quantile } from './quantile.ts'
import { seededBits } from './seeded-bits.ts'

const resamples = 5000
const tails = [0.025, 0.975] as const

/**
 * The 95 % bootstrap interval of the mean of independent values, bias-corrected and accelerated:
 * B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987) 171–185; the acceleration by the
 * jackknife, as in B. Efron and R. J. Tibshirani, "An introduction to the bootstrap" (1993), 14.3.
 * With one value for each problem of a benchmark it is the bootstrap clustered by problem: whole
 * problems are drawn, and each keeps its samples. The same seed gives the same interval. Values that
 * are all the same give that value twice. Throws RangeError for no values.
 */
export function bootstrapMean(values: readonly number[], seed: number): Interval {
  const middle = mean(values)
  if (values.every((value) => value === values[0])) return { low: middle, high: middle }
  const means = resampledMeans(Float64Array.from(values), seed).toSorted()
  const bias = normalQuantile(shareBelow(means, middle))
  const acceleration = jackknifeAcceleration(values, middle)
  const [low, high] = tails.map((tail) => {
    const shifted = bias + normalQuantile(tail)
    return quantile(means, normalCdf(bias + shifted / (1 - acceleration * shifted)))
  })
  return { low: low ?? middle, high: high ?? middle }
}

function resampledMeans(values: Float64Array, seed: number): Float64Array {
  const bits = seededBits(seed)
  const { length } = values
  return Float64Array.from({ length: resamples }, () => {
    let total = 0
    for (let drawn = 0; drawn < length; drawn++) {
      // The 32 bits as a fraction: the places' chances differ by less than length / 2³².
      const place = Math.floor(((bits.next() >>> 0) / 2 ** 32) * length)
      total += values[place] ?? 0
    }
    return total / length
  })
}

/** The share of sorted values below `middle`, with half of those at it; never 0 nor 1. */
function shareBelow(sorted: Float64Array, middle: number): number {
  const below = sorted.filter((value) => value < middle).length
  const at = sorted.filter((value) => value === middle).length
  const least = 0.5 / sorted.length
  return Math.min(1 - least, Math.max(least, (below + at / 2) / sorted.length))
}

/** For a mean the jackknife needs no resampling: it is the skewness of the values, over 6 √n. */
function jackknifeAcceleration(values: readonly number[], middle: number): number {
  const squares = values.reduce((total, value) => total + (value - middle) ** 2, 0)
  const cubes = values.reduce((total, value) => total + (value - middle) ** 3, 0)
  return cubes / (6 * squares ** 1.5)
}
