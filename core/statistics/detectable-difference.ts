import { normalQuantile } from './normal.ts'

/** How sure a comparison is to be, on either account. */
export type Detection = {
  /** The chance of an alarm where nothing changed, such as 0.01. */
  readonly level: number
  /** The chance of an alarm where the difference is there; 0.8 where nothing is said. */
  readonly power?: number
  /** One-sided where only a drop, or only a rise, is looked for. */
  readonly sides: 1 | 2
}

/** What a comparison by problem is planned with. */
export type PlannedComparison = {
  readonly problems: number
  /** Samples of each problem, on either side. */
  readonly samplesBefore: number
  readonly samplesAfter: number
  /** The variance of one sample's outcome about its problem's chance: the mean of p (1 − p), at most ¼. */
  readonly sampleVariance: number
  /** The variance over problems of how much their chances change: 0 where all change alike. */
  readonly changeVariance: number
}

/**
 * The smallest true difference that a comparison finds with the given power, from the standard error
 * of the mean difference by problem: (z of the level + z of the power) standard errors, as in
 * J. M. Bland, "An introduction to medical statistics" (2015), chapter 18. Throws RangeError unless
 * level and power lie between 0 and 1 and the standard error is not negative.
 */
export function detectableDifference(
  standardError: number,
  { level, power = 0.8, sides }: Detection,
): number {
  if (!(standardError >= 0)) {
    throw new RangeError(`a standard error is not negative, but this one is ${standardError}`)
  }
  return (normalQuantile(1 - level / sides) + normalQuantile(power)) * standardError
}

/**
 * The same before anything is sampled, as E. Miller plans evaluations in "Adding error bars to
 * evals", arXiv:2411.00640 (2024), section 5. Throws RangeError where a number of problems or samples
 * is not positive, or a variance is negative.
 */
export function plannedDetectableDifference(plan: PlannedComparison, detection: Detection): number {
  const { problems, samplesBefore, samplesAfter, sampleVariance, changeVariance } = plan
  const counts = { problems, samplesBefore, samplesAfter }
  for (const [name, count] of Object.entries(counts)) {
    if (!(count > 0)) throw new RangeError(`${name} is ${count}: give a positive number`)
  }
  for (const [name, variance] of Object.entries({ sampleVariance, changeVariance })) {
    if (!(variance >= 0)) throw new RangeError(`${name} is ${variance}: give none below 0`)
  }
  const ofOneProblem =
    changeVariance + sampleVariance / samplesBefore + sampleVariance / samplesAfter
  return detectableDifference(Math.sqrt(ofOneProblem / problems), detection)
}
