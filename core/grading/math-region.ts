import type { Answer } from './math-answer.ts'
import { parseExpression } from './math-expression.ts'
import { approximate, freeNames } from './math-numeric.ts'
import { BeyondExactError, unity } from './math-polynomial.ts'
import { type Comparison, allOf, compareScalars } from './math-scalar.ts'
import { type Value, negative, sum } from './math-value.ts'

type End = { readonly text: string; readonly at: number; readonly isClosed: boolean }
type Interval = { readonly low: End; readonly high: End }

/** A part of the real line: intervals in order, which do not touch. */
export type Region = readonly Interval[]

const lowest: End = { text: '-\\infty', at: Number.NEGATIVE_INFINITY, isClosed: false }
const highest: End = { text: '\\infty', at: Number.POSITIVE_INFINITY, isClosed: false }
const everything: Region = [{ low: lowest, high: highest }]
const reals = /^\\mathbb ?\{?R\}?$/

/** The part of the line that an interval, union or inequality in one name stands for, if it is one. */
export function regionOf(answer: Answer): Region | undefined {
  if (answer.kind === 'tuple' && answer.items.length === 2) {
    return intervalOf(answer.brackets, answer.items)
  }
  if (answer.kind === 'union') {
    return unionOf(
      answer.parts.map((part) => (part.kind === 'set' ? pointsOf(part.items) : regionOf(part))),
    )
  }
  if (answer.kind === 'list') return regionOfConditions(answer.items, answer.areAllTrue === true)
  if (answer.kind === 'relation') return regionOfRelation(answer.sides, answer.operators)
  if (answer.kind === 'words') return /all real/i.test(answer.text) ? everything : undefined
  return answer.kind === 'scalar' ? regionOfText(answer.text) : undefined
}

/**
 * `x>1 \text{ and } x<2`, `x>1, x<2`: where all the conditions hold. Between conditions that exclude
 * each other a comma means "or"; where neither reading is out of the question there is no region.
 */
function regionOfConditions(items: readonly Answer[], areAllTrue: boolean): Region | undefined {
  const [first, second, ...more] = items
  if (first?.kind !== 'relation' || second?.kind !== 'relation' || more.length > 0) return undefined
  if (namesIn(first.sides) !== namesIn(second.sides)) return undefined
  const [one, other] = [regionOf(first), regionOf(second)]
  if (one?.length !== 1 || other?.length !== 1) return undefined
  const either = unionOf([one, other])
  const both = intersection(one[0], other[0])
  if (both === undefined) return areAllTrue ? undefined : either
  const isEverything =
    either?.length === 1 && either[0]?.low === lowest && either[0].high === highest
  return areAllTrue || isEverything ? both : undefined
}

function namesIn(sides: readonly string[]): string {
  const names = sides.flatMap((side) => {
    const value = parseExpression(side)?.value
    return value === undefined ? [side] : [...freeNames(value)]
  })
  return [...new Set(names)].join()
}

function regionOfText(text: string): Region | undefined {
  if (reals.test(text)) return everything
  const [, points] = /^\\mathbb ?\{?R\}? ?\\(?:setminus|backslash) ?\\\{(.*)\\\}$/.exec(text) ?? []
  return points === undefined ? undefined : lineWithout(points.split(/, ?/))
}

export function compareRegions(left: Region, right: Region): Comparison {
  if (left.length !== right.length) return 'different'
  return allOf(
    left.flatMap((interval, at) => {
      const other = right[at] ?? interval
      return [compareEnds(interval.low, other.low), compareEnds(interval.high, other.high)]
    }),
  )
}

function compareEnds(a: End, b: End): Comparison {
  if (!Number.isFinite(a.at) || !Number.isFinite(b.at)) return a.at === b.at ? 'equal' : 'different'
  return a.isClosed === b.isClosed ? compareScalars(a.text, b.text) : 'different'
}

function intervalOf(brackets: string, items: readonly Answer[]): Region | undefined {
  const [low, high] = items.map((item, at) =>
    item.kind === 'scalar' ? endOf(item.text, '[]'.includes(brackets[at] ?? '')) : undefined,
  )
  if (low === undefined || high === undefined || low.at >= high.at) return undefined
  return [{ low, high }]
}

function endOf(text: string, isClosed: boolean): End | undefined {
  const bare = text.replace(/^\+/, '')
  if (bare === '-\\infty') return lowest
  if (bare === '\\infty') return highest
  const value = parseExpression(text)?.value
  if (value === undefined || freeNames(value).size > 0) return undefined
  const real = approximate(value, 1)
  return real === undefined ? undefined : { text, at: real.value, isClosed }
}

function pointsOf(items: readonly Answer[]): Region | undefined {
  const ends = items.map((item) => (item.kind === 'scalar' ? endOf(item.text, true) : undefined))
  return ends.every((end) => end !== undefined)
    ? unionOf(ends.map((end) => [{ low: end, high: end }]))
    : undefined
}

/** Joins what overlaps or touches, so that one region has one form. */
function unionOf(parts: readonly (Region | undefined)[]): Region | undefined {
  if (!parts.every((part) => part !== undefined)) return undefined
  const sorted = parts
    .flat()
    .toSorted((a, b) => a.low.at - b.low.at || Number(b.low.isClosed) - Number(a.low.isClosed))
  const joined: Interval[] = []
  for (const next of sorted) {
    const last = joined.at(-1)
    if (last === undefined || next.low.at > last.high.at || !touch(last.high, next.low)) {
      joined.push(next)
      continue
    }
    const reaches =
      next.high.at > last.high.at || (next.high.at === last.high.at && next.high.isClosed)
    joined[joined.length - 1] = { low: last.low, high: reaches ? next.high : last.high }
  }
  return joined
}

function touch(end: End, start: End): boolean {
  return end.at > start.at || end.isClosed || start.isClosed
}

function lineWithout(texts: readonly string[]): Region | undefined {
  const ends = texts
    .map((text) => endOf(text, false))
    .toSorted((a, b) => (a?.at ?? 0) - (b?.at ?? 0))
  if (!ends.every((end) => end !== undefined)) return undefined
  return [...ends, highest].map((high, at) => ({ low: ends[at - 1] ?? lowest, high }))
}

/** `x<3`, `-2\le 3x+1<7`, `x\ne 5`: where every part is linear in one and the same name. */
function regionOfRelation(
  sides: readonly string[],
  operators: readonly string[],
): Region | undefined {
  const [inner] = sides.length === 2 ? (/^\|([^|]+)\|$/.exec(sides[0] ?? '')?.slice(1) ?? []) : []
  if (inner !== undefined) return regionOfDistance(inner, operators[0] ?? '', sides[1] ?? '')
  const halves = operators.map((operator, at) =>
    halfLine(sides[at] ?? '', operator, sides[at + 1] ?? ''),
  )
  const [first, second, ...more] = halves
  if (first === undefined || more.length > 0) return undefined
  if (operators.length === 1) return first.region
  if (second === undefined || second.name !== first.name) return undefined
  const isPair = first.region.length === 1 && second.region.length === 1
  return isPair ? intersection(first.region[0], second.region[0]) : undefined
}

/** `|x-2|<3` and `|x|\ge 1`. */
function regionOfDistance(inner: string, operator: string, bound: string): Region | undefined {
  const below = `-(${bound})`
  if (operator === '<' || operator === '\\le') {
    return regionOfRelation([below, inner, bound], [operator, operator])
  }
  const mirrored = operator === '>' ? '<' : '\\le'
  return operator === '>' || operator === '\\ge'
    ? unionOf([
        regionOfRelation([inner, below], [mirrored]),
        regionOfRelation([inner, bound], [operator]),
      ])
    : undefined
}

function intersection(a?: Interval, b?: Interval): Region | undefined {
  if (a === undefined || b === undefined) return undefined
  const low = a.low.at >= b.low.at ? a.low : b.low
  const high = a.high.at <= b.high.at ? a.high : b.high
  return low.at < high.at ? [{ low, high }] : undefined
}

function halfLine(
  left: string,
  operator: string,
  right: string,
): { readonly name: string; readonly region: Region } | undefined {
  if (!/^(?:<|>|\\le|\\ge|\\ne)$/.test(operator)) return undefined
  const plain = plainHalfLine(left, right)
  if (plain === undefined) return undefined
  const { name, text, isMirrored } = plain
  const at = endOf(text, operator === '\\le' || operator === '\\ge')
  if (at === undefined) return undefined
  if (operator === '\\ne') {
    return {
      name,
      region: [
        { low: lowest, high: at },
        { low: at, high: highest },
      ],
    }
  }
  const isBelow = (operator === '<' || operator === '\\le') !== isMirrored
  return { name, region: [isBelow ? { low: lowest, high: at } : { low: at, high: highest }] }
}

/** Brings `2x+1 < 5` to `x < 2`: the name, the bound, and whether the sides changed places. */
function plainHalfLine(
  left: string,
  right: string,
): { readonly name: string; readonly text: string; readonly isMirrored: boolean } | undefined {
  const [first, second] = [parseExpression(left), parseExpression(right)]
  if (first === undefined || second === undefined) return undefined
  if (isOneName(first.value) && freeNames(second.value).size === 0) {
    return { name: left, text: right, isMirrored: false }
  }
  if (isOneName(second.value) && freeNames(first.value).size === 0) {
    return { name: right, text: left, isMirrored: true }
  }
  return solved(first.value, second.value)
}

function isOneName({ above, below }: Value): boolean {
  const [single] = above.values()
  const [power] = single?.powers.values() ?? []
  return (
    freeNames({ above, below }).size === 1 &&
    below === unity &&
    above.size === 1 &&
    single?.powers.size === 1 &&
    single.coefficient.numerator === 1n &&
    single.coefficient.denominator === 1n &&
    power?.exponent.numerator === 1n &&
    power.exponent.denominator === 1n
  )
}

/** Solves what is linear in one name with rational numbers. */
function solved(
  left: Value,
  right: Value,
): { readonly name: string; readonly text: string; readonly isMirrored: boolean } | undefined {
  try {
    const { above, below } = sum(left, negative(right))
    const name = [...freeNames({ above, below })]
    const [slope, rest] = [above.get(`${name[0]}^1/1`), above.get('')]
    if (name.length !== 1 || below !== unity || slope === undefined) return undefined
    if (above.size !== (rest === undefined ? 1 : 2)) return undefined
    const { numerator: a, denominator: b } = slope.coefficient
    const { numerator: c, denominator: d } = rest?.coefficient ?? { numerator: 0n, denominator: 1n }
    return { name: name[0] ?? '', text: `\\frac{${-c * b}}{${d * a}}`, isMirrored: a < 0n }
  } catch (error) {
    if (error instanceof BeyondExactError) return undefined
    throw error
  }
}
