import { compareText } from '../compare-text.ts'

/** One of each group, groups in order of name, then the second of each, and so on. */
export function inTurn<Item>(items: readonly Item[], groupOf: (item: Item) => string): Item[] {
  const groups = [...Map.groupBy(items, groupOf)]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, members]) => members)
  const rounds = Math.max(0, ...groups.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) =>
    groups.flatMap((members) => members.slice(round, round + 1)),
  ).flat()
}
