import { areEqual, parseNumber } from './math-number.ts'
import { type Comparison, compareScalars } from './math-scalar.ts'

/** `12:05`, `9:30`: hours and two digits of minutes. */
function isTime(parts: readonly string[]): boolean {
  const [hours = '', minutes = '', ...rest] = parts
  return (
    /^\d{1,2}$/.test(hours) &&
    Number(hours) < 25 &&
    /^[0-5]\d$/.test(minutes) &&
    rest.every((part) => /^[0-5]\d$/.test(part))
  )
}

/**
 * Compares what is written with colons. Two times of day are the same only hour by hour; ratios are
 * the same where their parts are in proportion.
 */
export function compareRatios(left: readonly string[], right: readonly string[]): Comparison {
  if (left.length !== right.length) return 'different'
  const [one, other] = [left, right].map((parts) => parts.map(parseNumber))
  const numbers = [...(one ?? []), ...(other ?? [])]
  if (numbers.includes(undefined)) {
    const isSame = left.every((part, at) => compareScalars(part, right[at] ?? '') === 'equal')
    return isSame ? 'equal' : 'unknown'
  }
  const isSame = left.every((part, at) => compareScalars(part, right[at] ?? '') === 'equal')
  if (isSame) return 'equal'
  if (isTime(left) && isTime(right)) return 'different'
  const [first, second] = [one?.[0], other?.[0]]
  const isProportional = left.every((_, at) => {
    const [a, b] = [one?.[at], other?.[at]]
    if (a === undefined || b === undefined || first === undefined || second === undefined)
      return false
    const crossed = {
      numerator: a.numerator * second.numerator,
      denominator: a.denominator * second.denominator,
    }
    return areEqual(crossed, {
      numerator: b.numerator * first.numerator,
      denominator: b.denominator * first.denominator,
    })
  })
  const isZero = numbers.some((number) => number?.numerator === 0n)
  return isProportional && !isZero ? 'equal' : 'different'
}

/** A ratio of two as a fraction; undefined for three parts. */
export function ratioValue(parts: readonly string[]): string | undefined {
  const [above, below, ...rest] = parts
  if (above === undefined || below === undefined || rest.length > 0) return undefined
  return `\\frac{${above}}{${below}}`
}
