import { type WrittenNumber, areEqual, parseNumber } from './math-number.ts'
import { type Comparison, compareScalars, isEqual } from './math-scalar.ts'
import {
  type Quantity,
  conversion,
  isUnit,
  parseBesideUnit,
  parseQuantity,
  unitsLike,
} from './math-unit.ts'

/** Compares amounts with units; `unknown` where neither side has one, or an amount cannot be read. */
export function compareQuantities(left: string, right: string): Comparison {
  const [first, second] = [parseQuantity(left), parseQuantity(right)]
  const [parsed, other] = [
    first ?? (isWritten(second) ? parseBesideUnit(left) : undefined),
    second ?? (isWritten(first) ? parseBesideUnit(right) : undefined),
  ]
  if (parsed === undefined && other === undefined) return 'unknown'
  const reference = parsed ?? { amount: left, unit: null }
  const answer = other ?? { amount: right, unit: null }
  if (reference.unit === answer.unit) return compareAmounts(reference, answer)
  if (reference.unit === '%' || answer.unit === '%') return comparePercent(reference, answer)
  if (reference.unit !== null && answer.unit !== null) return compareUnits(reference, answer)
  return compareWithout(reference, answer)
}

function isWritten(quantity: Quantity | undefined): boolean {
  return quantity !== undefined && quantity.unit !== null && isUnit(quantity.unit)
}

/** Two amounts of one unit; residues are the same where they differ by whole moduli. */
function compareAmounts({ amount, unit }: Quantity, other: Quantity): Comparison {
  const comparison = compareScalars(amount, other.amount)
  const modulus = /^mod (\d+)$/.exec(unit ?? '')?.[1]
  if (modulus === undefined || comparison !== 'different') return comparison
  const [one, two] = [amount, other.amount].map(residueIn)
  if (one?.name !== two?.name || one === undefined || two === undefined) return comparison
  return (one.value - two.value) % BigInt(modulus) === 0n ? 'equal' : 'different'
}

/** `7`, or what `x\equiv 7` says of x. */
function residueIn(text: string): { readonly name: string; readonly value: bigint } | undefined {
  const [, name = '', digits] = /^(?:([a-zA-Z])(?:\\equiv|=) ?)?(-?\d+)$/.exec(text) ?? []
  return digits === undefined ? undefined : { name, value: BigInt(digits) }
}

/** One side leaves the unit out: then it is the unit that the other side has. */
function compareWithout(reference: Quantity, answer: Quantity): Comparison {
  const comparison = compareScalars(reference.amount, answer.amount)
  const isKnown = isEqual(comparison) || comparison === 'different'
  if (!isKnown) return comparison
  const unitBeside = reference.unit ?? answer.unit ?? ''
  // 7 mod 5 is 2, or the class of 2; and no residue is the number itself.
  if (unitBeside.startsWith('mod ')) return 'unit-mismatch'
  if (comparison === 'equal') return 'equal-but-for-unit'
  if (comparison !== 'different') return comparison
  if (unitBeside === 'degree') return compareAngles(reference, answer)
  // 60 may be the minutes of 1 hour.
  const [unit, amount, bare] =
    reference.unit === null
      ? [answer.unit ?? '', answer.amount, reference.amount]
      : [reference.unit, reference.amount, answer.amount]
  const isConverted = unitsLike(unit).some((like) =>
    isEqual(compareScalars(converted(amount, unit, like), bare)),
  )
  return isConverted ? 'unit-mismatch' : 'different'
}

/** 30° is π/6. */
function compareAngles(reference: Quantity, answer: Quantity): Comparison {
  const [left, right] = [reference, answer].map(({ amount, unit }) =>
    unit === null ? amount : `(${amount})\\cdot\\frac{\\pi}{180}`,
  )
  return compareScalars(left ?? '', right ?? '')
}

function compareUnits(reference: Quantity, answer: Quantity): Comparison {
  const [unit, other] = [reference.unit ?? '', answer.unit ?? '']
  const amounts = compareScalars(reference.amount, answer.amount)
  if (conversion(unit, other) === undefined) {
    return amounts === 'different' ? 'different' : 'unit-mismatch'
  }
  const comparison = compareScalars(converted(reference.amount, unit, other), answer.amount)
  return comparison
}

function converted(amount: string, from: string, to: string): string {
  const [above, below] = conversion(from, to) ?? [1n, 1n]
  return `(${amount})\\cdot\\frac{${above}}{${below}}`
}

/**
 * A written percent sign means a hundredth: `10%` is 0.1. It may also stand for the unit that the
 * other side leaves out, `10%` for 10; but a reference of 1 or less may be a fraction of one, so
 * there an answer's extra sign is not dropped. No factor of 100 without a sign, ever.
 */
function comparePercent(reference: Quantity, answer: Quantity): Comparison {
  if (reference.unit !== null && answer.unit !== null) return 'unit-mismatch'
  const isReference = reference.unit === '%'
  const [percent, plain] = isReference
    ? [reference.amount, answer.amount]
    : [answer.amount, reference.amount]
  const [number, other] = [parseNumber(percent), parseNumber(plain)]
  if (number === undefined || other === undefined) return 'unknown'
  return comparePercentNumbers(number, other, isReference)
}

function comparePercentNumbers(
  percent: WrittenNumber,
  plain: WrittenNumber,
  isReference: boolean,
): Comparison {
  if (areEqual({ ...percent, denominator: percent.denominator * 100n }, plain)) return 'equal'
  if (!areEqual(percent, plain)) return 'different'
  const size = plain.numerator < 0n ? -plain.numerator : plain.numerator
  return isReference || size > plain.denominator ? 'equal-but-for-unit' : 'different'
}
