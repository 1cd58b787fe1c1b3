import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { quantile } from '../../statistics/quantile.ts'
import type { Spread } from './spread.ts'

/** One part of what is summed: how many members it has, and the values of those that were drawn. */
export type Stratum = { readonly size: number; readonly values: readonly number[] }

const replicates = 1000
/** The 90th percentile of the standard normal distribution. */
const z90 = 1.2815515655446004

/**
 * The total over all members, from a few of each stratum, by the rescaled bootstrap: J. N. K. Rao
 * and C. F. J. Wu, "Resampling inference with complex survey data", JASA 83 (1988) 231–241, with
 * n − 1 draws a stratum and the correction for a finite population. A stratum with a single value
 * is taken to scatter as the values of all do. The bounds are stretched to those of Student's
 * distribution, since a few values make the resamples too alike; see T. Hesterberg, "What teachers
 * should know about the bootstrap", The American Statistician 69 (2015) 371–386, on small samples.
 */
export function bootstrapTotal(strata: readonly Stratum[], seed: number): Spread {
  const drawn = strata.filter(({ values }) => values.length > 0)
  const all = drawn.flatMap(({ values }) => values)
  const expected = sum(drawn.map(({ size, values }) => size * mean(values)))
  const random = xoroshiro128plus(seed)
  const totals = Array.from({ length: replicates }, () =>
    sum(drawn.map((stratum) => resampledTotal(stratum, all, random))),
  ).toSorted((a, b) => a - b)
  const several = drawn.filter(({ values }) => values.length > 1).length
  const stretch = student90(Math.max(1, all.length - Math.max(1, several))) / z90
  const bound = (share: number) => expected + (quantile(totals, share) - expected) * stretch
  // What is seen is part of the total.
  const least = sum(all)
  return {
    p10: Math.max(least, Math.min(expected, bound(0.1))),
    p50: Math.max(least, quantile(totals, 0.5)),
    p90: Math.max(least, expected, bound(0.9)),
  }
}

function resampledTotal(
  { size, values }: Stratum,
  all: readonly number[],
  random: RandomGenerator,
): number {
  const seen = Math.min(1, values.length / size)
  const change =
    values.length > 1
      ? mean(draw(values, values.length - 1, random)) - mean(values)
      : scatter(all, random)
  return size * (mean(values) + Math.sqrt(1 - seen) * change)
}

/** How far one value of all is from their mean, as a sample of them tells it. */
function scatter(all: readonly number[], random: RandomGenerator): number {
  if (all.length < 2) return 0
  const scale = Math.sqrt(all.length / (all.length - 1))
  return (mean(draw(all, 1, random)) - mean(all)) * scale
}

function draw(values: readonly number[], times: number, random: RandomGenerator): number[] {
  return Array.from({ length: times }, () => values[uniformInt(random, 0, values.length - 1)] ?? 0)
}

/** The 90th percentile of Student's distribution, by its expansion around the normal one (within 2 % from 3 degrees of freedom). */
function student90(degrees: number): number {
  const z = z90
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
