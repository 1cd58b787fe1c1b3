import type { ValueChecker } from '../checker.ts'
import { type ExactJson, type RawNumber, readExactJson } from '../exact-json.ts'
import { isWithin } from './code-comparison.ts'

/** A checker that needs nothing but the two values. */
export type ValueRule =
  | Exclude<ValueChecker, { readonly kind: 'program' | 'none' }>
  | { readonly kind: 'equality' }

/** What is compared where tests declare no checker. */
export const equalityRule: ValueRule = { kind: 'equality' }

/** Between floating-point results of the same formula in another order; far below any stated tolerance. */
const floatNoise = { absolute: 1e-12, relative: 1e-9 }
/** Noise is never so large beside an integer: without this a half would be none beside a billion. */
const mostIntegerNoise = 1e-3

/**
 * Whether a returned value, as JSON text, equals the expected one: deeply, as Python's `==` would
 * have it. Tuples have become lists; `True` equals 1; a value that is no JSON (a set, an object)
 * equals nothing. Integers are exact, however long; where one side is a fraction both may differ by
 * 1e-9, relative, from an integer by no more than 0.001. A rule that tests declare may be stricter or laxer.
 */
export function sameValue(returned: string, expected: ExactJson, rule: ValueRule): boolean {
  const value = readExactJson(returned)
  if (value === undefined) return false
  if (rule.kind !== 'unordered-items') return equal(value, expected, rule)
  if (!Array.isArray(value) || !Array.isArray(expected)) return equal(value, expected, equalityRule)
  return equal(sortedItems(value), sortedItems(expected), equalityRule)
}

function equal(actual: ExactJson, expected: ExactJson, rule: ValueRule): boolean {
  const [left, right] = [numeral(actual), numeral(expected)]
  if (left !== undefined && right !== undefined) return sameNumber(left, right, rule)
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return sameItems(actual, expected, rule)
  }
  if (isObject(actual) && isObject(expected)) return sameMembers(actual, expected, rule)
  return actual === expected
}

function sameMembers(actual: JsonObject, expected: JsonObject, rule: ValueRule): boolean {
  const names = Object.keys(actual)
  if (names.length !== Object.keys(expected).length) return false
  return names.every((name) => {
    if (!Object.hasOwn(expected, name)) return false
    const [one, other] = [actual[name], expected[name]]
    return one !== undefined && other !== undefined && equal(one, other, rule)
  })
}

function sameItems(
  actual: readonly ExactJson[],
  expected: readonly ExactJson[],
  rule: ValueRule,
): boolean {
  if (actual.length !== expected.length) return false
  return actual.every((item, at) => {
    const wanted = expected[at]
    return wanted !== undefined && equal(item, wanted, rule)
  })
}

/** The text of a number; booleans are numbers in Python. */
function numeral(value: ExactJson): string | undefined {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return String(value)
  return isRaw(value) ? value.rawJSON : undefined
}

function sameNumber(actual: string, expected: string, rule: ValueRule): boolean {
  const [one, other] = [Number(actual), Number(expected)]
  if (rule.kind === 'tolerance' && isWithin(one, other, rule)) return true
  const [left, right] = [integerIn(actual), integerIn(expected)]
  // Doubles of this size are all integers, and as inexact as any fraction.
  const isHuge = isDouble(actual) && isDouble(expected) && Math.abs(other) > Number.MAX_SAFE_INTEGER
  if (left !== undefined && right !== undefined && !isHuge) return left === right
  if (one === other) return true
  if (rule.kind !== 'equality' || !isWithin(one, other, floatNoise)) return false
  const isFraction = left === undefined && right === undefined
  return isFraction || isHuge || Math.abs(one - other) <= mostIntegerNoise
}

/** The integer that a numeral stands for; undefined for a fraction and what no double can hold. */
function integerIn(text: string): bigint | undefined {
  if (!isDouble(text)) return BigInt(text)
  const value = Number(text)
  return Number.isInteger(value) ? BigInt(value) : undefined
}

function isDouble(numeralText: string): boolean {
  return !/^-?\d+$/.test(numeralText)
}

/** In the order of texts that are the same for equal values. */
function sortedItems(items: readonly ExactJson[]): readonly ExactJson[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item)
}

function keyOf(value: ExactJson): string {
  const text = numeral(value)
  if (text !== undefined) return String(integerIn(text) ?? Number(text))
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${name}:${keyOf(member)}`)
  return `{${members.toSorted().join()}}`
}

function isRaw(value: ExactJson): value is RawNumber {
  return JSON.isRawJSON(value)
}

type JsonObject = { readonly [key: string]: ExactJson }

function isObject(value: ExactJson): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRaw(value)
}
