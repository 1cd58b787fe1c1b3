import type { Interval } from '../statistics/interval.ts'

/** Why a night cannot be compared. */
export type UndecidedReason = 'missing-samples' | 'no-baseline' | 'other-problems'

/** What a night says of one benchmark, against the earlier nights. */
export type NightVerdict =
  | {
      readonly kind: 'steady' | 'drop' | 'rise'
      /** The mean over problems of tonight's share of right samples less that of the earlier nights. */
      readonly difference: number
      /** The 95 % bootstrap interval of the difference, clustered by problem. */
      readonly interval: Interval
      /** One-sided, in the direction of the difference, adjusted for the night's other benchmarks. */
      readonly p: number
      readonly level: number
      /** The smallest true drop, or rise, that this comparison would find four times in five. */
      readonly smallestDetectable: number
    }
  | {
      readonly kind: 'undecided'
      readonly reason: UndecidedReason
      /** The reason with its figures, in a sentence. */
      readonly explanation: string
      readonly level: number
    }

/**
 * Whether a night may stand among those that later nights are measured by: it was no drop, and not
 * short of samples. A night that had nothing to be compared with may, or there would never be a first.
 */
export function isYardstick(verdict: NightVerdict): boolean {
  if (verdict.kind === 'undecided') return verdict.reason !== 'missing-samples'
  return verdict.kind !== 'drop'
}
