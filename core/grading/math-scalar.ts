import { type Expression, parseExpression } from './math-expression.ts'
import { type WrittenNumber, areEqual, closeness, parseNumber, roundingOf } from './math-number.ts'
import { approximate, freeNames, hasName, hasOpaquePart } from './math-numeric.ts'
import { BeyondExactError } from './math-polynomial.ts'
import { haveSameForm, rationalValue } from './math-value.ts'

/** Why two answers may be equal and may not: only the problem, or a person, can tell. */
export type Doubt =
  | 'equal-to-few-digits'
  | 'brackets-differ'
  | 'order-differs'
  | 'repeats'
  | 'unit-mismatch'
  | 'words-differ'
  | 'names-differ'
  | 'base-differs'
  | 'base-left-out'
  | 'decimal-comma'
  | 'dots'
  | 'states-no-value'

/**
 * How two answers, or two parts of answers, relate. `equal-when-rounded`: one is a decimal that agrees
 * with the other to six digits or more; `equal-to-few-digits`: to three to five. `unknown`: exact rules
 * cannot tell, symbolic comparison may.
 */
export type Comparison =
  | 'equal'
  | 'equal-but-for-unit'
  | 'equal-when-rounded'
  /** The same items in another order, where brackets do not say whether order counts. */
  | 'equal-in-other-order'
  | Doubt
  | 'different'
  | 'unknown'

/** Differences below this share of the values are not seen in floating point. */
const tolerance = 1e-9
/** A decimal inside an expression may be rounded: up to this, the expressions may mean the same. */
const decimalTolerance = 1e-2
const infinity = /^[+-]?\\infty$/
const seeds = [1, 2, 3]

/** Compares two expressions in normal form: by exact arithmetic, and by value where that shows more. */
export function compareScalars(left: string, right: string): Comparison {
  if (left === right) return 'equal'
  // Points may be named in another order; letters of a product, too.
  if (/^[A-Z]{2,}$/.test(left) && /^[A-Z]{2,}$/.test(right)) return 'words-differ'
  const [a, b] = [parseNumber(left), parseNumber(right)]
  if (a !== undefined && b !== undefined) return compareNumbers(a, b)
  if (withoutUnit(left) === right || left === withoutUnit(right)) return 'unknown'
  const [one, other] = [parseExpression(left), parseExpression(right)]
  if (one === undefined || other === undefined) return compareInfinities(left, right)
  const comparison = compareExpressions(one, other)
  return comparison === 'different' ? orRounded([a, other], [b, one]) : comparison
}

/** `3m` may be three metres as well as a product. */
function withoutUnit(text: string): string {
  return text.replace(/(?<=^[\d.,]+) ?(?:[mgshl]|[cmk]m|k?g|ft|in|lb|oz|hr|mi|yd|ml)$/, '')
}

/** An infinity is no number that can be read as one. */
function compareInfinities(left: string, right: string): Comparison {
  const [isInfinite, isOtherInfinite] = [infinity.test(left), infinity.test(right)]
  if (isInfinite && isOtherInfinite)
    return left.replace('+', '') === right.replace('+', '') ? 'equal' : 'different'
  const finite = parseExpression(isInfinite ? right : left)
  return (isInfinite || isOtherInfinite) && finite !== undefined ? 'different' : 'unknown'
}

/** The worst of several comparisons: what all of them together say of the whole. */
export function allOf(comparisons: readonly Comparison[]): Comparison {
  if (comparisons.includes('different')) return 'different'
  const doubt = comparisons.find((one) => one !== 'unknown' && !isEqual(one))
  const lesser = (
    ['unknown', 'equal-in-other-order', 'equal-when-rounded', 'equal-but-for-unit'] as const
  ).find((one) => comparisons.includes(one))
  return doubt ?? lesser ?? 'equal'
}

/** Whether two answers count as equal, if perhaps only but for a unit or a rounded digit. */
export function isEqual(comparison: Comparison): boolean {
  return /^equal(?:$|-but|-when|-in)/.test(comparison)
}

function compareNumbers(a: WrittenNumber, b: WrittenNumber): Comparison {
  if (areEqual(a, b)) return 'equal'
  return roundingOf(a, b) ?? roundingOf(b, a) ?? 'different'
}

function compareExpressions(one: Expression, other: Expression): Comparison {
  try {
    if (haveSameForm(one.value, other.value)) return 'equal'
  } catch (error) {
    if (error instanceof BeyondExactError) return 'unknown'
    throw error
  }
  const names = [freeNames(one.value), freeNames(other.value)]
  const hasDecimal = one.hasDecimal || other.hasDecimal
  const isExact = !hasOpaquePart(one.value) && !hasOpaquePart(other.value)
  if (isAngle(one) !== isAngle(other)) return 'unknown'
  if (!isSameSet(names[0], names[1])) {
    // 2n for 2k may be the same under another name; x+1 is never x+2n+1.
    return isExact && names[0]?.size !== names[1]?.size ? 'different' : 'unknown'
  }
  if (isExact && !hasDecimal) return 'different'
  const isSeen = differsInValue(one, other, hasDecimal ? decimalTolerance : tolerance)
  if (isSeen || (isExact && isPlain(one) && isPlain(other))) return 'different'
  return 'unknown'
}

function isSameSet(one = new Set<string>(), other = new Set<string>()): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name))
}

function isAngle({ value }: Expression): boolean {
  return hasName(value, 'degree')
}

function isPlain({ value }: Expression): boolean {
  return freeNames(value).size === 0
}

/** Whether the two differ somewhere by more than floating point, and the tolerance, can explain. */
function differsInValue(one: Expression, other: Expression, share: number): boolean {
  return seeds.some((seed) => {
    const [a, b] = [approximate(one.value, seed), approximate(other.value, seed)]
    if (a === undefined || b === undefined) return false
    const size = Math.max(Math.abs(a.value), Math.abs(b.value))
    return Math.abs(a.value - b.value) > share * size + 1e3 * (a.error + b.error)
  })
}

/** Values that differ may still be a number and the decimal that it rounds to. */
function orRounded(
  ...pairs: readonly (readonly [WrittenNumber | undefined, Expression])[]
): Comparison {
  for (const [decimal, { value, hasDecimal }] of pairs) {
    if (decimal?.decimals === undefined || hasDecimal) continue
    const exact = rationalValue(value)
    const found = exact === undefined ? roundingOfReal(value, decimal) : roundingOf(exact, decimal)
    if (found !== undefined) return found
  }
  return 'different'
}

function roundingOfReal(
  value: Expression['value'],
  decimal: WrittenNumber,
): Comparison | undefined {
  const real = freeNames(value).size === 0 ? approximate(value, 1) : undefined
  if (real === undefined) return undefined
  const unit = 10 ** -(decimal.decimals ?? 0)
  const distance = Math.abs(real.value - Number(decimal.numerator) / Number(decimal.denominator))
  const unseen = real.error + Math.abs(real.value) * Number.EPSILON
  if (distance > unit / 2 + unseen) return undefined
  // The last digits are beyond floating point.
  return unseen * 1e2 > unit ? 'unknown' : closeness(decimal)
}
