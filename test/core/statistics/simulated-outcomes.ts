import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { ProblemOutcomes } from '../../../core/statistics/problem-outcomes.ts'
import { seededBits } from '../../../core/statistics/seeded-bits.ts'

/** Each problem's chance to be solved: half of them easier, half harder by as much, within 0 and 1. */
export function spreadRates(problems: number, rate: number): number[] {
  const away = Math.min(rate, 1 - rate) / 2
  return Array.from({ length: problems }, (_, at) => (at % 2 === 0 ? rate - away : rate + away))
}

/** Outcomes of independent samples, a problem for each rate. */
export function drawOutcomes(
  rates: readonly number[],
  samples: number,
  random: RandomGenerator = seededBits(1),
): ProblemOutcomes[] {
  return rates.map((rate, at) => ({
    problemId: `problem-${at}`,
    outcomes: Array.from({ length: samples }, () => uniformFloat64(random) < rate),
  }))
}
