/** What is expected, with the bounds between which it falls four times in five. */
export type Spread = { readonly p10: number; readonly p50: number; readonly p90: number }
