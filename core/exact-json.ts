import { z } from 'zod'

declare global {
  // In every Node that runs this, but not yet in the types of TypeScript.
  interface JSON {
    rawJSON(text: string): RawNumber
    isRawJSON(value: unknown): value is RawNumber
  }
}

/** A number as it was written; `JSON.stringify` gives its text back. */
export type RawNumber = { readonly rawJSON: string }

/**
 * What JSON can hold, no number changed: what JavaScript would write otherwise (`2.0`, an integer
 * beyond 2^53) stands as it was written, for Python tells 2.0 from 2 and computes with all digits.
 */
export type ExactJson =
  | string
  | number
  | boolean
  | null
  | RawNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson }

/** Takes a value of JSON as it is, raw numbers included. */
export const ExactJson = z.custom<ExactJson>(isExactJson, 'must be a value that JSON can hold')

/** Where JavaScript would round a number or write it otherwise: long ones, `2.0`, `1e5`. */
const suspicious = /(?:^|[:,[\s])-?(?:\d{16}|\d+\.0+(?!\d)|\d+(?:\.\d+)?e)/i

/** Parses JSON without changing a number; throws SyntaxError. */
export function parseExactJson(text: string): ExactJson {
  return JSON.parse(text, suspicious.test(text) ? keepNumber : undefined)
}

/** The value that a program wrote; undefined where it is no JSON, or nested deeper than any test. */
export function readExactJson(text: string): ExactJson | undefined {
  try {
    const value = parseExactJson(text)
    return isExactJson(value) ? value : undefined
  } catch {
    return undefined
  }
}

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value
  // A fraction is the same double in Python, however it is written.
  const isFraction = Number.isFinite(value) && !Number.isInteger(value)
  return isFraction ? value : JSON.rawJSON(source)
}

/** Nobody nests tests so deep; what does would break those who walk it later. */
const maximumDepth = 100

function isExactJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value !== 'object' || depth > maximumDepth) return false
  if (JSON.isRawJSON(value)) return true
  return Object.values(value).every((member) => isExactJson(member, depth + 1))
}
