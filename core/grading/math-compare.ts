import type { Answer } from './math-answer.ts'
import { compareEquations } from './math-equation.ts'
import { parseExpression } from './math-expression.ts'
import { boundLetter, nameKey } from './math-name.ts'
import { parseNumber } from './math-number.ts'
import { compareRegions, regionOf } from './math-region.ts'
import { compareRatios, ratioValue } from './math-ratio.ts'
import { type Comparison, allOf, compareScalars, isEqual } from './math-scalar.ts'
import { compareOrdered, compareSets, compareUnordered, withoutOrder } from './math-unordered.ts'
import { compareQuantities } from './math-quantity.ts'
import { namesNumber, numeralOf } from './math-numeral.ts'
import { plainWords, sameWords, saysNothing } from './math-words.ts'

type List = Extract<Answer, { kind: 'list' }>
type Named = Extract<Answer, { kind: 'named' }>
type Tuple = Extract<Answer, { kind: 'tuple' }>

/**
 * Compares two answers by form and value, part by part. The reference says what is asked for: a name or
 * brackets that only one side has are dropped where nothing else can be meant.
 */
export function compareAnswers(reference: Answer, answer: Answer): Comparison {
  if (reference.kind === 'list' || answer.kind === 'list') {
    const asConditions = compareConditions(reference, answer)
    if (asConditions !== undefined) return asConditions
    return compareLists(groupNames(reference), groupNames(answer))
  }
  if (reference.kind === 'named' || answer.kind === 'named') return compareNamed(reference, answer)
  const asRegions = compareAsRegions(reference, answer)
  if (asRegions !== undefined) return asRegions
  if (reference.kind === 'relation' || answer.kind === 'relation') {
    return compareEquations(reference, answer, compareAnswers)
  }
  if (reference.kind === 'words' || answer.kind === 'words') return compareWords(reference, answer)
  if (reference.kind === 'ratio' || answer.kind === 'ratio')
    return compareRatioWith(reference, answer)
  if (reference.kind === 'scalar' && answer.kind === 'scalar') {
    return compareValues(reference.text, answer.text)
  }
  return compareCollections(reference, answer)
}

/** `x>1, x<2` beside the interval that both together leave. */
function compareConditions(left: Answer, right: Answer): Comparison | undefined {
  const [one, other] = [left, right].map((each) => regionOf(valueOfNamed(each)))
  return one === undefined || other === undefined ? undefined : compareRegions(one, other)
}

/** Two expressions, either of them perhaps with a unit. */
function compareValues(left: string, right: string): Comparison {
  const quantities = compareQuantities(left, right)
  return quantities === 'unknown' ? compareScalars(left, right) : quantities
}

function compareNamed(left: Answer, right: Answer): Comparison {
  if (left.kind === 'relation' || right.kind === 'relation')
    return compareNamedRelation(left, right)
  if (left.kind !== 'named')
    return right.kind === 'named' ? compareAnswers(left, right.value) : 'unknown'
  if (right.kind !== 'named') return compareAnswers(left.value, right)
  const [value, other] = [left.value, renamed(right, left.name)]
  if (other !== undefined) return compareAnswers(value, other)
  const comparison = compareEquations(left, right, compareAnswers)
  const values = compareAnswers(value, right.value)
  // Under other names other values are no better.
  return comparison === 'unknown' && values === 'different' ? 'different' : comparison
}

/** `x\in(1,2)` beside `1<x<2`, or `y=2x` beside `2x-y=0`. */
function compareNamedRelation(left: Answer, right: Answer): Comparison {
  const [one, other] = [left, right].map((each) => regionOf(valueOfNamed(each)))
  if (one !== undefined && other !== undefined) return compareRegions(one, other)
  return compareEquations(left, right, compareAnswers)
}

/** What `named` stands for under another name that is the same but for the letter it binds. */
function renamed(named: Named, name: string): Answer | undefined {
  if (nameKey(named.name) === nameKey(name)) return named.value
  if (isGraph(named.name, name) || isGraph(name, named.name)) return named.value
  const [from, to] = [boundLetter(named.name), boundLetter(name)]
  if (from === undefined || to === undefined) return undefined
  if (nameKey(named.name).replace(`(${from})`, `(${to})`) !== nameKey(name)) return undefined
  if (named.value.kind !== 'scalar') return undefined
  const letter = new RegExp(`(?<![a-zA-Z\\\\])${from}(?![a-zA-Z])`, 'g')
  const isTaken = new RegExp(`(?<![a-zA-Z\\\\])${to}(?![a-zA-Z])`).test(named.value.text)
  return isTaken ? undefined : { kind: 'scalar', text: named.value.text.replaceAll(letter, to) }
}

/** `y` is what `f(x)` is. */
function isGraph(name: string, other: string): boolean {
  return nameKey(name) === 'y' && boundLetter(other) === 'x'
}

function compareAsRegions(left: Answer, right: Answer): Comparison | undefined {
  const isRegion = [left, right].some(({ kind }) => kind === 'union' || kind === 'relation')
  const [one, other] = [regionOf(left), regionOf(right)]
  if (one === undefined || other === undefined) return undefined
  if (isRegion || left.kind !== right.kind) return compareRegions(one, other)
  return undefined
}

function compareWords(left: Answer, right: Answer): Comparison {
  const [one, other] = [left, right].map((each) => ('text' in each ? each.text : ''))
  if (one === undefined || other === undefined) return 'unknown'
  if (one !== '' && other !== '' && sameWords(one, other)) return 'equal'
  if (left.kind === 'words' && right.kind === 'words') {
    const [number, otherNumber] = [numeralOf(one), numeralOf(other)]
    if (number !== undefined && otherNumber !== undefined) {
      return number === otherNumber ? 'equal' : 'different'
    }
    // Letters in a row that look like a word may be a product.
    if (compareScalars(one, other) === 'equal') return 'equal'
    const isShort = [one, other].every((text) => !plainWords(text).includes(' '))
    return isShort ? 'different' : 'words-differ'
  }
  const [words, formula] = left.kind === 'words' ? [one, right] : [other, left]
  const numeral = numeralOf(words)
  if (numeral !== undefined) return compareAnswers({ kind: 'scalar', text: numeral }, formula)
  return compareWordsWith(words, formula)
}

function compareWordsWith(words: string, other: Answer): Comparison {
  const isZero = other.kind === 'scalar' && compareScalars(other.text, '0') === 'equal'
  if (saysNothing(words)) {
    if (isEmptySet(other)) return 'equal'
    return isZero ? 'words-differ' : 'different'
  }
  const isNumber = other.kind === 'scalar' && parseNumber(other.text) !== undefined
  return isNumber && !namesNumber(words) ? 'different' : 'words-differ'
}

function isEmptySet(answer: Answer): boolean {
  if (answer.kind === 'set') return answer.items.length === 0
  return answer.kind === 'scalar' && /^\\(?:emptyset|varnothing)$/.test(answer.text)
}

function compareRatioWith(left: Answer, right: Answer): Comparison {
  if (left.kind === 'ratio' && right.kind === 'ratio') return compareRatios(left.parts, right.parts)
  const [ratio, other] = left.kind === 'ratio' ? [left, right] : [right, left]
  const value = ratio.kind === 'ratio' ? ratioValue(ratio.parts) : undefined
  if (value === undefined || other.kind !== 'scalar') return 'unknown'
  return compareScalars(value, other.text)
}

function compareCollections(left: Answer, right: Answer): Comparison {
  if (left.kind === 'set' && right.kind === 'set') {
    return compareSets(compareAnswers, left.items, right.items)
  }
  if (left.kind === 'tuple' && right.kind === 'tuple') return compareTuples(left, right)
  if (left.kind === 'matrix' && right.kind === 'matrix')
    return compareMatrices(left.rows, right.rows)
  const isSetOfTuple = left.kind === 'set' || right.kind === 'set'
  const [vector, other] = [vectorOf(left), vectorOf(right)]
  if (isSetOfTuple && (vector ?? other) !== undefined) return compareSetWithTuple(left, right)
  if (vector !== undefined && other !== undefined)
    return compareOrdered(compareAnswers, vector, other)
  if (left.kind === 'dots' && right.kind === 'dots') return 'equal'
  if (left.kind === 'dots' || right.kind === 'dots') return 'dots'
  const isSingle = [left, right].some(
    (each) => each.kind === 'scalar' && parseNumber(each.text) !== undefined,
  )
  if (isSingle) {
    const [collection] = [left, right].filter(({ kind }) => kind !== 'scalar')
    const items = collection?.kind === 'set' ? collection.items : []
    const [only] = items
    if (items.length === 1 && only !== undefined) {
      return compareAnswers(left === collection ? only : left, right === collection ? only : right)
    }
    return 'different'
  }
  return 'unknown'
}

/** `\{1,2\}` for (1,2) may be the same numbers in the wrong brackets. */
function compareSetWithTuple(left: Answer, right: Answer): Comparison {
  const [items, others] = [left, right].map((each) =>
    each.kind === 'set' ? each.items : vectorOf(each),
  )
  const comparison = compareUnordered(compareAnswers, items ?? [], others ?? [])
  return isEqual(comparison) ? 'brackets-differ' : comparison
}

/** Square brackets around two numbers close an interval; around three they are a tuple's. */
function compareTuples(left: Tuple, right: Tuple): Comparison {
  if (left.items.length !== right.items.length) return 'different'
  if (left.items.length === 2 && left.brackets !== right.brackets) return 'different'
  return compareOrdered(compareAnswers, left.items, right.items)
}

/** The entries of a tuple, a row or a column. */
function vectorOf(answer: Answer): readonly Answer[] | undefined {
  if (answer.kind === 'tuple') return answer.brackets === '()' ? answer.items : undefined
  if (answer.kind !== 'matrix') return undefined
  const isLine = answer.rows.length === 1 || answer.rows.every((row) => row.length === 1)
  return isLine ? answer.rows.flat() : undefined
}

function compareMatrices(
  left: readonly (readonly Answer[])[],
  right: readonly (readonly Answer[])[],
): Comparison {
  if (left.length !== right.length) return 'different'
  return allOf(left.map((row, at) => compareOrdered(compareAnswers, row, right[at] ?? [])))
}

function compareLists(left: Answer, right: Answer): Comparison {
  if (left.kind === 'list' && right.kind === 'list') return compareItems(left, right)
  if (left.kind === 'named' && right.kind === 'named') {
    return nameKey(left.name) === nameKey(right.name)
      ? compareLists(left.value, right.value)
      : 'unknown'
  }
  if (left.kind === 'named') return compareLists(left.value, right)
  if (right.kind === 'named') return compareLists(left, right.value)
  const list = left.kind === 'list' ? left : right
  const other = left.kind === 'list' ? right : left
  if (list.kind !== 'list') return compareAnswers(left, right)
  if (list.items.length === 1 && list.items[0] !== undefined) {
    return left === list
      ? compareAnswers(list.items[0], right)
      : compareAnswers(left, list.items[0])
  }
  return compareListWith(list, other, left === list)
}

/** A list beside something that is none: brackets or names may be all that is missing. */
function compareListWith(list: List, other: Answer, isReference: boolean): Comparison {
  const values = list.items.map(valueOfNamed)
  if (other.kind === 'set') return compareSets(compareAnswers, values, other.items)
  if (other.kind === 'words') return saysNothing(other.text) ? 'different' : 'words-differ'
  if (other.kind === 'scalar') {
    return parseExpression(other.text) === undefined ? 'unknown' : 'different'
  }
  if (other.kind !== 'tuple' && other.kind !== 'matrix') return 'unknown'
  const vector = vectorOf(other)
  if (vector === undefined) return 'different'
  const comparison = compareOrdered(compareAnswers, values, vector)
  // (1,2) for 1, 2 could be the interval between them.
  const mayBeInterval = isReference && regionOf(other) !== undefined
  const isNamed = namesOf(list) !== undefined
  return mayBeInterval && isEqual(comparison) && !isNamed ? 'brackets-differ' : comparison
}

function compareItems(left: List, right: List): Comparison {
  const [names, others] = [namesOf(left), namesOf(right)]
  if (names === undefined && others === undefined)
    return compareUnordered(compareAnswers, left.items, right.items)
  const [values, otherValues] = [left, right].map(({ items }) => items.map(valueOfNamed))
  if (names !== undefined && others !== undefined) {
    const sorted = [names, others].map((each) => each.toSorted().join(' '))
    // Several values of one name, or each name with its own, in any order.
    if (sorted[0] === sorted[1])
      return withoutOrder(compareUnordered(compareAnswers, left.items, right.items))
    return 'unknown'
  }
  const isOneName = new Set(names ?? others).size === 1
  if (isOneName)
    return withoutOrder(compareUnordered(compareAnswers, values ?? [], otherValues ?? []))
  const ordered = compareOrdered(compareAnswers, values ?? [], otherValues ?? [])
  if (isEqual(ordered)) return ordered
  const unordered = compareUnordered(compareAnswers, values ?? [], otherValues ?? [])
  return isEqual(unordered) ? 'order-differs' : unordered
}

/** `x=1, 2, 3` names one thing; `p=5, q=2, p=7, q=2` are two pairs. */
function groupNames(answer: Answer): Answer {
  if (answer.kind !== 'list') return answer
  const [first, ...rest] = answer.items
  if (first?.kind === 'named' && rest.length > 0 && rest.every(({ kind }) => kind !== 'named')) {
    return {
      kind: 'named',
      name: first.name,
      value: { kind: 'list', items: [first.value, ...rest] },
    }
  }
  const names = namesOf(answer)
  const period = names === undefined ? 0 : new Set(names).size
  if (names === undefined || period < 2 || period === names.length) return answer
  if (!names.every((name, at) => name === names[at % period])) return answer
  const tuples: Answer[] = []
  for (let at = 0; at < answer.items.length; at += period) {
    const items = answer.items.slice(at, at + period).map(valueOfNamed)
    tuples.push({ kind: 'tuple', brackets: '()', items })
  }
  return { kind: 'list', items: tuples }
}

function namesOf(list: List): string[] | undefined {
  const names = list.items.map((item) => (item.kind === 'named' ? nameKey(item.name) : undefined))
  return names.every((name) => name !== undefined) ? names : undefined
}

function valueOfNamed(item: Answer): Answer {
  return item.kind === 'named' ? item.value : item
}
