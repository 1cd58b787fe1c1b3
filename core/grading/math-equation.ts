import type { Answer } from './math-answer.ts'
import { parseExpression } from './math-expression.ts'
import { isName } from './math-name.ts'
import { freeNames, hasOpaquePart } from './math-numeric.ts'
import { BeyondExactError, unity } from './math-polynomial.ts'
import { type Comparison, allOf, compareScalars, isEqual } from './math-scalar.ts'
import { type Value, haveSameForm, negative, product, sum, valueOf } from './math-value.ts'

type Compare = (reference: Answer, answer: Answer) => Comparison
type Relation = { readonly sides: readonly string[]; readonly operators: readonly string[] }

const mirrored: Readonly<Record<string, string>> = {
  '=': '=',
  '\\ne': '\\ne',
  '<': '>',
  '>': '<',
  '\\le': '\\ge',
  '\\ge': '\\le',
  '\\approx': '\\approx',
  '\\equiv': '\\equiv',
  '\\sim': '\\sim',
  '\\cong': '\\cong',
}

/** What holds of two sides exactly where it holds of their difference and 0. */
const isOfNumbers = /^(?:=|<|>|\\(?:ne|le|ge))$/

/**
 * Compares equations and inequalities with each other, or with a value. An answer `7=5` states nothing,
 * and `2x+1=5` is no answer to what 5 answers; `m+n=5` is, and so is `\frac{34}{100}=\frac{17}{50}`.
 */
export function compareEquations(reference: Answer, answer: Answer, compare: Compare): Comparison {
  const [left, right] = [relationOf(reference), relationOf(answer)]
  if (left !== undefined && right !== undefined) return compareRelations(left, right)
  const [relation, other] = left === undefined ? [right, reference] : [left, answer]
  if (relation === undefined) return 'unknown'
  if (!relation.operators.every((operator) => /^(?:=|\\approx)$/.test(operator))) {
    return isValue(other) ? 'different' : 'unknown'
  }
  const value = statedValue(relation, left === undefined ? 'answer' : 'reference')
  if (typeof value === 'string') return value
  const comparison = left === undefined ? compare(reference, value) : compare(value, answer)
  if (isEqual(comparison) || left !== undefined) return comparison
  // `11\sqrt{2}\approx 15.56`: a reference may be what the answer rounds to.
  const rounded = right?.operators.at(-1) === '\\approx' ? right.sides.at(-1) : undefined
  if (rounded === undefined || value.kind !== 'scalar') return comparison
  if (compareScalars(value.text, rounded) === 'different') return comparison
  return compare(reference, { kind: 'scalar', text: rounded }) === 'equal' ? 'equal' : comparison
}

function isValue({ kind }: Answer): boolean {
  return kind === 'scalar' || kind === 'list' || kind === 'set' || kind === 'matrix'
}

function relationOf(answer: Answer): Relation | undefined {
  if (answer.kind === 'relation') return answer
  if (answer.kind !== 'named') return undefined
  const { name, value } = answer
  if (value.kind === 'scalar') return { sides: [name, value.text], operators: ['='] }
  if (value.kind !== 'relation') return undefined
  return { sides: [name, ...value.sides], operators: ['=', ...value.operators] }
}

/** What a chain of equations says some quantity is, or how it fails to say so. */
function statedValue(
  { sides, operators }: Relation,
  side: 'reference' | 'answer',
): Answer | Comparison {
  const ordered = isName(sides.at(-1) ?? '') ? sides.toReversed() : sides
  const [first = '', ...rest] = ordered
  const last = ordered.at(-1) ?? ''
  const isConstant = freeNamesOf(first)?.size === 0
  const isQuantity = isName(first) || isSumOfNames(first)
  if (!isConstant && !isName(first) && side === 'reference') return 'different'
  if (!isConstant && !isQuantity) return 'states-no-value'
  if (isConstant && freeNamesOf(last)?.size !== 0) {
    return side === 'reference' ? 'different' : 'states-no-value'
  }
  const near = ordered === sides ? operators.indexOf('\\approx', isConstant ? 0 : 1) : -1
  // What is only near the value is left out.
  const value = near === -1 ? last : (sides[near] ?? last)
  const stated = (isConstant ? ordered : rest).slice(
    0,
    near === -1 ? undefined : isConstant ? near + 1 : near,
  )
  // A chain that contradicts itself states nothing.
  if (stated.some((one) => compareScalars(one, value) === 'different')) return 'different'
  return { kind: 'scalar', text: value }
}

/** `m+n`, `a^2+b^2`: what a problem asks for, rather than an equation to be solved. */
function isSumOfNames(text: string): boolean {
  const value = parseExpression(text)?.value
  if (value === undefined || value.below !== unity) return false
  return [...value.above.values()].every(
    ({ coefficient, powers }) =>
      powers.size > 0 && coefficient.numerator ** 2n === 1n && coefficient.denominator === 1n,
  )
}

function freeNamesOf(text: string): Set<string> | undefined {
  const expression = parseExpression(text)
  return expression === undefined ? undefined : freeNames(expression.value)
}

function compareRelations(left: Relation, right: Relation): Comparison {
  const backwards = {
    sides: right.sides.toReversed(),
    // What has no mirror image (divides, is an element of) is read in one direction alone.
    operators: right.operators.toReversed().map((operator) => mirrored[operator] ?? ''),
  }
  for (const candidate of [right, backwards]) {
    if (candidate.operators.join() !== left.operators.join()) continue
    const sides = allOf(
      left.sides.map((side, at) => compareScalars(side, candidate.sides[at] ?? '')),
    )
    if (left.sides.length === candidate.sides.length && isEqual(sides)) return sides
  }
  if (left.sides.length !== 2 || right.sides.length !== 2) return 'unknown'
  return compareDifferences(left, right)
}

/** Two equations with the same left side less right side, up to a factor, have the same solutions. */
function compareDifferences(left: Relation, right: Relation): Comparison {
  const [one, other] = [difference(left), difference(right)]
  if (one === undefined || other === undefined) return 'unknown'
  try {
    const factor = proportion(one.value, other.value)
    const isLinear = isLinearIn(one.value) && isLinearIn(other.value)
    if (factor === undefined) {
      const names = [one, other].map(({ value }) => [...freeNames(value)].toSorted().join())
      return isLinear && names[0] === names[1] ? 'different' : 'unknown'
    }
    const operator = factor < 0 ? mirrored[other.operator] : other.operator
    if (operator === one.operator) return 'equal'
    return isLinear ? 'different' : 'unknown'
  } catch (error) {
    if (error instanceof BeyondExactError) return 'unknown'
    throw error
  }
}

function difference({
  sides,
  operators,
}: Relation): { value: Value; operator: string } | undefined {
  const [left, right] = sides.map((side) => parseExpression(side))
  const operator = operators[0] ?? ''
  if (left === undefined || right === undefined || !isOfNumbers.test(operator)) return undefined
  try {
    const value = sum(left.value, negative(right.value))
    return value.below === unity && value.above.size > 0 ? { value, operator } : undefined
  } catch (error) {
    if (error instanceof BeyondExactError) return undefined
    throw error
  }
}

/** The sign of the number by which one value is a multiple of the other; undefined where it is none. */
function proportion(one: Value, other: Value): number | undefined {
  const [first] = one.above
  const partner = other.above.get(first?.[0] ?? '')
  if (first === undefined || partner === undefined) return undefined
  const [a, b] = [first[1].coefficient, partner.coefficient]
  const sign = b.numerator < 0n ? -1n : 1n
  const factor = {
    numerator: a.numerator * b.denominator * sign,
    denominator: a.denominator * b.numerator * sign,
  }
  if (!haveSameForm(one, product(other, valueOf(factor)))) return undefined
  return factor.numerator < 0n ? -1 : 1
}

function isLinearIn(value: Value): boolean {
  if (hasOpaquePart(value)) return false
  return [...value.above.values()].every(({ powers }) => {
    const named = [...powers.values()].filter(({ atom }) => atom.kind === 'name')
    return (
      named.length < 2 &&
      named.every(({ exponent }) => exponent.numerator === 1n && exponent.denominator === 1n)
    )
  })
}
