import { boxedAnswer } from '../../grading/answer-extraction.ts'
import type { RowFilter } from './hub-source.ts'
import type { HubRow } from './row-reader.ts'

/** Whether a row's column holds what a filter wants. */
export function passes(row: HubRow, filter: RowFilter): boolean {
  const value = row[filter.column]
  if ('equals' in filter) return isSame(value, filter.equals)
  if ('oneOf' in filter) return filter.oneOf.some((wanted) => isSame(value, wanted))
  if ('boxed' in filter) return typeof value === 'string' && boxedAnswer(value) !== undefined
  return 'from' in filter ? isInWindow(value, filter) : isBetween(value, filter)
}

/** A filter in words, for a report. */
export function describeFilter(filter: RowFilter): string {
  const { column } = filter
  if ('equals' in filter) return `${column} is ${filter.equals}`
  if ('oneOf' in filter) return `${column} is one of ${filter.oneOf.join(', ')}`
  if ('boxed' in filter) return `${column} has a boxed answer`
  const [start, end] = 'from' in filter ? [filter.from, filter.to] : [filter.min, filter.max]
  return `${column} from ${start ?? 'any'} to ${end ?? 'any'}`
}

/** A number is the same as its text: a CSV file has nothing but text. */
function isSame(value: unknown, wanted: string | number | boolean): boolean {
  if (value === wanted) return true
  return (typeof value === 'string' || typeof value === 'number') && `${value}` === `${wanted}`
}

function isBetween(
  value: unknown,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): boolean {
  const number = typeof value === 'number' || isText(value) ? Number(value) : Number.NaN
  if (Number.isNaN(number)) return false
  return (min === null || number >= min) && (max === null || number <= max)
}

/** ISO dates stand in the order of their texts; of a moment the day counts, in whatever zone it is told. */
function isInWindow(
  value: unknown,
  { from, to }: { readonly from: string | null; readonly to: string | null },
): boolean {
  const day =
    typeof value === 'string' ? /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(value)?.[0] : undefined
  if (day === undefined) return false
  return (from === null || day >= from) && (to === null || day <= to)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
