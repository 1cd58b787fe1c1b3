import { InvalidInputError } from '../../invalid-input.ts'
import type { SourceRow } from '../../ports/problem-source.ts'
import { type Domain, type Problem, problemId } from '../../problem.ts'
import type { HubSource, RowFilter } from './hub-source.ts'
import { readerOf } from './readers/registry.ts'
import { describeFilter, passes } from './row-filter.ts'
import type { HubRow, RowContent, RowFault } from './row-reader.ts'

/** A file that could not be read to its end: why, and its share of the split's bytes, 0 to 1. */
export type FileFault = RowFault & { readonly share: number }

/** A row of a data set's split as it comes, or why it, or a whole file, could not be read. */
export type HubItem = { readonly row: HubRow } | RowFault | FileFault

type LeftOut = Extract<SourceRow, { kind: 'left-out' }>

/** The rows of a source's files, in order, at a commit. */
export type HubItems = {
  readonly source: HubSource
  /** The commit that the rows are of. */
  readonly commit: string
  /** The recipe's. */
  readonly seed: number
  readonly items: AsyncIterable<HubItem>
}

/** The columns that a source reads: a file without a required one is of another schema. */
export function columnsOf(source: HubSource): {
  readonly required: readonly string[]
  readonly optional: readonly string[]
} {
  const { columns, optional } = readerOf(source)
  const filtered = [...source.select, ...source.filters].map(({ column }) => column)
  const required = [...new Set([...columns, ...filtered])]
  return { required, optional: optional.filter((column) => !required.includes(column)) }
}

/**
 * Turns rows into problems as the entry says: selected, then sliced, then filtered, then read, then
 * capped. A row that cannot become a problem is set aside with the reason and stops nothing. Stops
 * reading once no later row can matter.
 */
export async function* hubProblems(read: HubItems): AsyncGenerator<SourceRow> {
  const { source, commit, seed, items } = read
  const reader = readerOf(source)
  const counts = countLeftOut(source)
  const { start, end } = source.slice ?? { start: 0, end: Number.POSITIVE_INFINITY }
  const cap = source.cap ?? Number.POSITIVE_INFINITY
  let position = -1
  let selected = 0
  let problems = 0
  let faults = 0
  for await (const item of items) {
    position += 1
    if ('fault' in item) {
      faults += 1
      const place = { row: position, reason: item.fault }
      if ('share' in item) yield { kind: 'file-set-aside', ...place, share: item.share }
      else yield { kind: 'set-aside', ...place }
      continue
    }
    if (counts.leavesOut(item.row, source.select)) continue
    selected += 1
    if (selected > start && !counts.leavesOut(item.row, source.filters)) {
      const content = await reader.read(item.row, seed)
      if ('fault' in content) {
        faults += 1
        yield { kind: 'set-aside', row: position, reason: content.fault }
      } else {
        yield { kind: 'problem', problem: problemOf({ source, commit, content, row: position }) }
        problems += 1
      }
    }
    if (selected >= end || problems >= cap) break
  }
  const leftOut = counts.report(Math.min(selected, start))
  if (problems + faults === 0) throw noRow(source, leftOut)
  yield* leftOut
}

function noRow({ id, dataset }: HubSource, leftOut: readonly LeftOut[]): InvalidInputError {
  const why = leftOut.map(({ by, rows }) => `${by} leaves out ${rows}`).join(', ')
  return new InvalidInputError(
    `source ${id}: no row of ${dataset} becomes a problem (${why || 'it has none'}); ` +
      'correct its select, slice or filters',
  )
}

function countLeftOut({ select, filters }: HubSource) {
  const counts = new Map<RowFilter, number>([...select, ...filters].map((filter) => [filter, 0]))
  return {
    leavesOut(row: HubRow, wanted: readonly RowFilter[]): boolean {
      const failed = wanted.find((filter) => !passes(row, filter))
      if (failed === undefined) return false
      counts.set(failed, (counts.get(failed) ?? 0) + 1)
      return true
    },
    report(beforeSlice: number): LeftOut[] {
      const byFilter = [...counts].map(([filter, rows]) => ({ by: describeFilter(filter), rows }))
      return [{ by: 'slice', rows: beforeSlice }, ...byFilter]
        .filter(({ rows }) => rows > 0)
        .map((each) => ({ kind: 'left-out', ...each }))
    },
  }
}

function problemOf(read: {
  readonly source: HubSource
  readonly commit: string
  readonly content: RowContent
  readonly row: number
}): Problem {
  const { source, commit, content, row } = read
  const { prompt, reference, category, difficulty } = content
  return {
    id: problemId(source.id, prompt),
    source: source.id,
    revision: commit,
    domain: domainOf(source, content),
    category,
    ...(difficulty === undefined ? {} : { difficulty }),
    prompt,
    reference,
    origin: { split: source.role === 'train' ? 'train' : 'held-out', row },
  }
}

function domainOf(source: HubSource, content: RowContent): Domain {
  const domain = source.domain ?? content.domain
  if (domain !== undefined) return domain
  throw new InvalidInputError(
    `source ${source.id}: field domain: the reader ${source.reader.name} tells none; name one`,
  )
}
