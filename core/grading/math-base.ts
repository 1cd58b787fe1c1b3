import { numeralOf } from './math-numeral.ts'
import { parseNumber } from './math-number.ts'
import type { Comparison } from './math-scalar.ts'

type Based = { readonly digits: string; readonly base: number; readonly value: bigint }

/**
 * Compares numerals with a base, `1010_2`: symbolic comparison would drop it. The same number in another
 * base is what a problem about bases does not ask for; a base that the answer alone leaves out may be understood.
 */
export function compareBased(left: string, right: string): Comparison {
  const [reference, answer] = [parseBased(left), parseBased(right)]
  if (reference === undefined && answer === undefined) return 'unknown'
  if (reference !== undefined && answer !== undefined) {
    if (reference.value !== answer.value) return 'different'
    return reference.base === answer.base ? 'equal' : 'base-differs'
  }
  const based = reference ?? answer
  const number = parseNumber(reference === undefined ? left : right)
  if (based === undefined || number?.denominator !== 1n) return 'unknown'
  if (based.value === number.numerator) return based.base === 10 ? 'equal' : 'base-differs'
  const isLeftOut = reference !== undefined && based.digits === right
  return isLeftOut ? 'base-left-out' : 'different'
}

function parseBased(text: string): Based | undefined {
  const match = /^(-?)(?:\(|\\text\{)?([\da-zA-Z]+)[)}]?_(?:\{(?:\\text\{)?(\w+)\}?\}|(\d))$/.exec(
    text,
  )
  const [, sign = '', digits = '', named = '', digit = ''] = match ?? []
  const base = Number(numeralOf(named) ?? (named || digit))
  // FF_{16} is a number, x_2 and AB_{12} are names.
  const isNumeral = /^\d/.test(digits) || (base === 16 && /^[A-F][\dA-F]+$/.test(digits))
  if (match === null || !isNumeral || !(base >= 2 && base <= 36)) return undefined
  const values = Array.from(digits, (one) => Number.parseInt(one, 36))
  if (values.some((value) => value >= base)) return undefined
  const total = values.reduce((sum, value) => sum * BigInt(base) + BigInt(value), 0n)
  return { digits: sign + digits, base, value: sign === '-' ? -total : total }
}
