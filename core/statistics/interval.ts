/** A confidence interval, of 95 % where nothing else is said. */
export type Interval = { readonly low: number; readonly high: number }
