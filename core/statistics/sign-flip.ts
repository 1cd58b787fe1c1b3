import type { PairedPValues } from './paired-p-values.ts'
import { seededBits } from './seeded-bits.ts'

/** Of up to so many problems that differ, every choice of signs is looked at: 8,192 choices. */
const mostEnumerated = 13
const drawn = 9999

/**
 * The paired permutation test of R. A. Fisher, "The design of experiments" (1935), section 21: were
 * nothing changed, each problem's difference would as likely have had the other sign. Of few problems
 * that differ every choice of signs is counted; of more, 9,999 are drawn, and the one that was seen
 * counts among them, so that no p is 0: B. Phipson and G. K. Smyth, Statistical Applications in
 * Genetics and Molecular Biology 9(1) (2010), article 39. The same seed gives the same p.
 */
export function signFlipTest(differences: readonly number[], seed: number): PairedPValues {
  const sizes = differences.filter((each) => each !== 0).map(Math.abs)
  const observed = differences.reduce((total, each) => total + each, 0)
  const enumerated = sizes.length <= mostEnumerated
  const sums = enumerated ? everySum(sizes) : drawnSums(sizes, seed)
  // Sums of the same numbers in another order may differ in their last bits.
  const slack = 1e-9 * Math.max(1, Math.abs(observed))
  const counted = enumerated ? 0 : 1
  const share = (isExtreme: (sum: number) => boolean) =>
    (sums.filter(isExtreme).length + counted) / (sums.length + counted)
  return {
    method: enumerated ? 'sign-flips-enumerated' : 'sign-flips-drawn',
    drop: share((sum) => sum <= observed + slack),
    rise: share((sum) => sum >= observed - slack),
    twoSided: share((sum) => Math.abs(sum) >= Math.abs(observed) - slack),
  }
}

function everySum(sizes: readonly number[]): Float64Array {
  let sums = [0]
  for (const size of sizes) sums = sums.flatMap((sum) => [sum - size, sum + size])
  return Float64Array.from(sums)
}

function drawnSums(sizes: readonly number[], seed: number): Float64Array {
  const bits = seededBits(seed)
  const tables = inEights(sizes).map(everySum)
  return Float64Array.from({ length: drawn }, () => {
    let sum = 0
    let signs = 0
    for (let at = 0; at < tables.length; at++) {
      signs = at % 4 === 0 ? bits.next() : signs >>> 8
      const table = tables[at]
      // A table of fewer than eight has fewer choices, and the lowest bits are enough.
      if (table !== undefined) sum += table[signs & (table.length - 1)] ?? 0
    }
    return sum
  })
}

/** Eight at a time: for so many signs all sums fit a small table, which saves most additions. */
function inEights(sizes: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(sizes.length / 8) }, (_, at) =>
    sizes.slice(8 * at, 8 * at + 8),
  )
}
