import type { RawNumber } from '../exact-json.ts'

/** Why a text could not be read as JSON. */
export type JsonFault = {
  readonly fault: 'malformed-json' | 'nested-too-deep'
  readonly message: string
}

/** Reads JSON so that every number can be written again as it was, fractions too: an answer is a text. */
export function parseExactly(text: string): { readonly value: unknown } | JsonFault {
  try {
    return { value: JSON.parse(text, keepNumber) }
  } catch (error) {
    if (error instanceof RangeError) {
      return { fault: 'nested-too-deep', message: 'lists and objects are nested too deep' }
    }
    return { fault: 'malformed-json', message: placeOf(error) }
  }
}

/** Whether a value is a number, however it is written. */
export function isNumber(value: unknown): value is number | RawNumber {
  return typeof value === 'number' || JSON.isRawJSON(value)
}

/** The text of a number as it was written. */
export function numeralOf(value: number | RawNumber): string {
  return typeof value === 'number' ? String(value) : value.rawJSON
}

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value
  return JSON.rawJSON(source)
}

/** Where a text stops being JSON, without the text itself: it may be long, and anything. */
function placeOf(error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  return position === undefined
    ? 'the line is no JSON, or not the whole of it'
    : `the line is no JSON from character ${Number(position) + 1} on`
}
