/** The p-values of a paired test of "nothing changed". */
export type PairedPValues = {
  readonly method: 'mcnemar' | 'sign-flips-enumerated' | 'sign-flips-drawn'
  /** One-sided: against a drop from before to after. */
  readonly drop: number
  /** One-sided: against a rise from before to after. */
  readonly rise: number
  readonly twoSided: number
}
