import { type ExactJson, parseExactJson, type RawNumber } from '../../exact-json.ts'
import type { RowFault } from './row-reader.ts'

/** Parses JSON text that a data set holds, no number changed. */
export function exactJson(text: string): { readonly value: ExactJson } | RowFault {
  const value = parsed(text)
  if (value === undefined) return { fault: 'not JSON' }
  return isTooDeep(value) ? { fault: 'lists nested too deep' } : { value }
}

/** Whether a value is a number as it is written, where JavaScript would write it otherwise. */
export function isRawNumber(value: ExactJson): value is RawNumber {
  return JSON.isRawJSON(value)
}

function parsed(text: string): ExactJson | undefined {
  try {
    return parseExactJson(text)
  } catch {
    return undefined // what a data set holds as JSON may be anything: the caller sets the row aside
  }
}

/** No data set nests its tests so deep; what does would break those who walk it later. */
const maximumDepth = 100

function isTooDeep(value: ExactJson): boolean {
  const open: { readonly value: ExactJson; readonly depth: number }[] = [{ value, depth: 1 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: inner, depth } = next
    if (inner === null || typeof inner !== 'object') continue
    if (depth > maximumDepth) return true
    for (const member of Object.values<ExactJson>(inner)) {
      open.push({ value: member, depth: depth + 1 })
    }
  }
  return false
}
