import type { PairedPValues } from './paired-p-values.ts'

/** The problems that were right on one side alone. */
export type Discordant = {
  /** Right before and wrong after. */
  readonly lost: number
  /** Wrong before and right after. */
  readonly won: number
}

/**
 * The exact McNemar test, for one sample a problem: of the problems that changed, as many should be
 * lost as won. Q. McNemar, Psychometrika 12 (1947) 153–157; exact by the binomial distribution, as
 * in A. Agresti, "Categorical data analysis" (2013), 11.1. The two-sided p is twice the smaller tail.
 * Throws RangeError unless both counts are whole and not negative.
 */
export function exactMcNemar({ lost, won }: Discordant): PairedPValues {
  if (![lost, won].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`${lost} lost and ${won} won are no counts of problems`)
  }
  const drop = fairCoinTail(won, lost + won)
  const rise = fairCoinTail(lost, lost + won)
  return { method: 'mcnemar', drop, rise, twoSided: Math.min(1, 2 * Math.min(drop, rise)) }
}

/** The chance of at most `most` heads in `tosses` of a fair coin. */
function fairCoinTail(most: number, tosses: number): number {
  // In logarithms: a half to the power of more than 1,074 is no number.
  let log = -tosses * Math.LN2
  let tail = 0
  for (let heads = 0; heads <= most; heads++) {
    tail += Math.exp(log)
    log += Math.log((tosses - heads) / (heads + 1))
  }
  return Math.min(1, tail)
}
