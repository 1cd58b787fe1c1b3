/**
 * The p-values of several tests, adjusted so that comparing each with the level keeps the chance of
 * even one false alarm below it: S. Holm, "A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6 (1979) 65–70. In the order given. Throws RangeError for a p
 * outside 0 to 1.
 */
export function holm(ps: readonly number[]): number[] {
  const wrong = ps.find((p) => !(p >= 0 && p <= 1))
  if (wrong !== undefined) throw new RangeError(`${wrong} is no p-value: give 0 ≤ p ≤ 1`)
  const adjusted = Array.from<number>({ length: ps.length })
  let least = 0
  const ascending = [...ps.entries()].toSorted(([, a], [, b]) => a - b)
  for (const [rank, [at, p]] of ascending.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * p))
    adjusted[at] = least
  }
  return adjusted
}
