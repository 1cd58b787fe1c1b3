import type { Answer } from './math-answer.ts'
import { type Comparison, allOf, isEqual } from './math-scalar.ts'

type Items = readonly Answer[]
type Compare = (reference: Answer, answer: Answer) => Comparison

/** Compares items one by one, in the order in which they stand. */
export function compareOrdered(compare: Compare, left: Items, right: Items): Comparison {
  if (left.length !== right.length) return 'different'
  return allOf(left.map((item, at) => compare(item, right[at] ?? item)))
}

/** In sets neither order nor repetition counts. */
export function compareSets(compare: Compare, left: Items, right: Items): Comparison {
  return withoutOrder(compareUnordered(compare, distinct(compare, left), distinct(compare, right)))
}

/** For items of which names or braces say that their order does not count. */
export function withoutOrder(comparison: Comparison): Comparison {
  return comparison === 'equal-in-other-order' ? 'equal' : comparison
}

/** Compares items in any order. Every item must find its own partner: two equal ones are two. */
export function compareUnordered(compare: Compare, left: Items, right: Items): Comparison {
  const hasDots = [...left, ...right].some(({ kind }) => kind === 'dots')
  if (left.length !== right.length) {
    return hasDots ? 'dots' : compareUnequalLengths(compare, left, right)
  }
  // Every pair is compared once: twice would double the work at each level of nested sets.
  const table = left.map((item) => right.map((other) => compare(item, other)))
  const ordered = allOf(table.map((row, at) => row[at] ?? 'different'))
  if (isEqual(ordered)) return ordered
  if (hasDots) return ordered === 'different' ? 'different' : 'dots'
  return compareByTable(table)
}

function compareByTable(table: readonly (readonly Comparison[])[]): Comparison {
  const matched = matching(table)
  if (matched !== undefined) return allOf([...matched, 'equal-in-other-order'])
  const columns = table.map((_, at) => table.map((row) => row[at] ?? 'different'))
  if ([...table, ...columns].some((line) => line.every((one) => one === 'different')))
    return 'different'
  const all = table.flat()
  if (all.every((one) => one === 'different' || isEqual(one))) return 'different'
  return allOf(all.filter((one) => one !== 'different'))
}

/** A solution that an answer lists twice is one solution; of numbers it may be a double root. */
function compareUnequalLengths(compare: Compare, left: Items, right: Items): Comparison {
  const once = distinct(compare, right)
  if (once.length === right.length || once.length !== left.length) return 'different'
  const comparison = compareUnordered(compare, left, once)
  if (!isEqual(comparison)) return comparison
  return right.some(({ kind }) => kind === 'scalar') ? 'repeats' : comparison
}

/** Equality is transitive, so that the first partner that is free will do. */
function matching(table: readonly (readonly Comparison[])[]): Comparison[] | undefined {
  const taken = new Set<number>()
  const found: Comparison[] = []
  for (const row of table) {
    const at = row.findIndex((one, index) => isEqual(one) && !taken.has(index))
    const comparison = row[at]
    if (comparison === undefined) return undefined
    taken.add(at)
    found.push(comparison)
  }
  return found
}

function distinct(compare: Compare, items: Items): Answer[] {
  const kept: Answer[] = []
  for (const item of items) {
    if (!kept.some((one) => compare(one, item) === 'equal')) kept.push(item)
  }
  return kept
}
