import { bootstrapMean } from './bootstrap.ts'
import type { Interval } from './interval.ts'
import { mean } from './mean.ts'
import { type ProblemOutcomes, shareCorrect } from './problem-outcomes.ts'
import { wilsonBounds } from './wilson-interval.ts'

/** A rate between 0 and 1 over a benchmark's problems, with its 95 % interval. */
export type ClusteredRate = Interval & { readonly value: number; readonly problems: number }

/**
 * The accuracy over all samples, every problem weighing the same (avg@n): samples of one problem are
 * alike, so the interval comes from resampling problems ({@link clusteredRate}). Throws RangeError
 * where a problem comes twice or has no sample.
 */
export function clusteredAccuracy(
  problems: readonly ProblemOutcomes[],
  seed: number,
): ClusteredRate {
  return clusteredRate(shareCorrect(problems), seed)
}

/**
 * The mean of one value between 0 and 1 for each problem, with the bootstrap interval clustered by
 * problem. Where all problems have the same value, as with a model that solves none, resampling
 * tells nothing: the interval is then Wilson's for as many samples as there are problems, which is
 * the widest that such values deserve. Throws RangeError for no problem.
 */
export function clusteredRate(values: readonly number[], seed: number): ClusteredRate {
  const value = mean(values)
  const alike = values.every((each) => each === values[0])
  const interval = alike ? wilsonBounds(value, values.length) : bootstrapMean(values, seed)
  return { value, problems: values.length, ...interval }
}
