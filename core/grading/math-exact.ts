import { type Answer, parseAnswer } from './math-answer.ts'
import { compareBased } from './math-base.ts'
import { compareAnswers } from './math-compare.ts'
import { compareConditioned, isRenamedInteger } from './math-condition.ts'
import { compareMoments } from './math-moment.ts'
import { normalForm } from './math-normal-form.ts'
import { compareOptions, withoutLetters } from './math-option.ts'
import { type Comparison, isEqual } from './math-scalar.ts'

/** Pairs of items that are compared in any order: some tenths of a second, and no real answer has as many. */
const maxPairs = 10_000

/**
 * Compares two answers by form and by exact arithmetic. `unknown` hands the pair on to symbolic
 * comparison; a doubt keeps it from it, because symbolic comparison would drop what the two differ in.
 */
export function compareExactly(reference: string, answer: string): Comparison {
  const [left, right] = [normalForm(reference), normalForm(answer)]
  if (left === right) return 'equal'
  if (separators(left) * separators(right) > maxPairs) return 'unknown'
  for (const rule of [compareOptions, compareBased, compareMoments]) {
    const comparison = rule(left, right)
    if (comparison !== 'unknown') return comparison
  }
  const conditioned = compareConditioned(left, right, compareReadings)
  if (conditioned !== 'unknown') return conditioned
  if (isDecimalComma(left, right) || isDecimalComma(right, left)) return 'decimal-comma'
  const comparison = compareReadings(...withoutLead(...withoutLetters(left, right)))
  if (isEqual(comparison)) return comparison
  return isRenamedInteger(left, right, compareReadings) ? 'names-differ' : comparison
}

/** `4,5` may be how others write 4.5. */
function isDecimalComma(point: string, comma: string): boolean {
  return /^-?\d+\.\d+$/.test(point) && comma.replace(', ', '.') === point
}

function separators(text: string): number {
  return text.split(/[,;]/).length
}

/** `\text{The area is }5` says 5, and so does `The area is 5`. */
function withoutLead(left: string, right: string): readonly [string, string] {
  const lead =
    /^(?:\\text\{[^{}]*\b(?:is|are|equals)[:]? ?\} ?|[A-Z]?[a-z']+(?: [a-z']+){0,9} (?:is|are|equals):? )/
  return lead.test(left) === lead.test(right)
    ? [left, right]
    : [left.replace(lead, ''), right.replace(lead, '')]
}

/** `1,234` is a number to most, and two numbers to some: only where both agree the pair is decided. */
function compareReadings(left: string, right: string): Comparison {
  const [readings, others] = [readingsOf(left), readingsOf(right)]
  const comparisons = readings.flatMap((one) => others.map((other) => compareAnswers(one, other)))
  const [first = 'unknown', ...rest] = comparisons
  return first === 'different' && rest.some((one) => one !== 'different') ? 'unknown' : first
}

function readingsOf(text: string): Answer[] {
  const separated = text.replaceAll(/(?<=\d),(?=\d{3})/g, ', ')
  // Nobody puts brackets around one number: (100,200) is a pair.
  const isPair = /^[([]-?[\d,]+[)\]]$/.test(text)
  return (isPair || separated === text ? [separated] : [text, separated]).map(parseAnswer)
}
