import { parseNumber } from './math-number.ts'
import { type Split, bracketed, splitTopLevel } from './math-split.ts'
import { isName } from './math-name.ts'
import { numeralOf } from './math-numeral.ts'
import { splitCompound } from './math-unit.ts'
import { isWords } from './math-words.ts'

/**
 * The class of an answer, by its outermost form; parts are answers again. The class of the reference says
 * by which rules an answer is compared with it (`compareAnswers`).
 */
export type Answer =
  /** One expression: a number of any spelling, a formula, or what nothing here can read. */
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'words'; readonly text: string }
  /** Items without brackets, or of a plus-minus sign: in no order, and as often as they stand there. */
  | { readonly kind: 'list'; readonly items: readonly Answer[]; readonly areAllTrue?: boolean }
  | { readonly kind: 'tuple'; readonly brackets: string; readonly items: readonly Answer[] }
  | { readonly kind: 'set'; readonly items: readonly Answer[] }
  | { readonly kind: 'union'; readonly parts: readonly Answer[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Answer[])[] }
  | { readonly kind: 'ratio'; readonly parts: readonly string[] }
  /** What a name stands for: `x=5`, `f(x)=x+1`, `(p,q)=(3,2)`. */
  | { readonly kind: 'named'; readonly name: string; readonly value: Answer }
  /** Any other equation or inequality: one more side than operators. */
  | {
      readonly kind: 'relation'
      readonly sides: readonly string[]
      readonly operators: readonly string[]
    }
  /** Three dots: what stands there is for the reader to guess. */
  | { readonly kind: 'dots' }

const operatorPattern = /=|<|>|\\(?:le|ge|ne|approx|equiv|sim|cong|in|subset|mid|to)(?![a-zA-Z])/g
const joint =
  /[,;] (?:(?:and|or) )?|,? ?\\text\{(?:, )?(?:and|or)\} ?|,? ?(?<![a-zA-Z])(?:and|or)(?![a-zA-Z]) ?/g
const dots = /^(?:\\[lcd]?dots|\.{3}|…)$/
const matrix = /^\\begin\{([pbvB]?matrix|array)\}(.*)\\end\{\1\}$/s

/** Reads an answer in normal form. It always ends with some reading: a scalar may be any text. */
export function parseAnswer(text: string): Answer {
  if (dots.test(text)) return { kind: 'dots' }
  if (text === '\\emptyset') return { kind: 'set', items: [] }
  if (numeralOf(text) !== undefined) return { kind: 'words', text }
  // 2 hours and 30 minutes are one amount.
  const isOne = parseNumber(text) !== undefined || splitCompound(text) !== undefined
  const split = isOne ? undefined : splitTopLevel(text, joint)
  if (split !== undefined && split.parts.length > 1) return listOf(split)
  const disjunction = splitTopLevel(text, /\\(?:lor|vee)(?![a-zA-Z])/g)?.parts ?? []
  if (disjunction.length > 1) {
    const parts = disjunction.map(parseAnswer)
    if (parts.every(({ kind }) => kind === 'relation')) return { kind: 'union', parts }
    if (parts.every(({ kind }) => kind === 'named')) return { kind: 'list', items: parts }
  }
  if (isWords(text)) return { kind: 'words', text }
  return parseUnion(text) ?? parseRelation(text) ?? parseSingle(text)
}

function listOf({ parts, separators }: Split): Answer {
  const items = parts
    .filter((part) => part !== '')
    .map(parseAnswer)
    .flatMap((item) => (item.kind === 'list' ? item.items : [item]))
  const areParts =
    items.every(({ kind }) => kind === 'relation') &&
    separators.every((separator) => separator.includes('or'))
  if (areParts) return { kind: 'union', parts: items }
  const areAllTrue = separators.every((separator) => separator.includes('and'))
  return areAllTrue ? { kind: 'list', items, areAllTrue } : { kind: 'list', items }
}

function parseUnion(text: string): Answer | undefined {
  const parts = splitTopLevel(text, /\\cup(?![a-zA-Z])/g)?.parts ?? []
  return parts.length < 2 ? undefined : { kind: 'union', parts: parts.map(parseAnswer) }
}

function parseRelation(text: string): Answer | undefined {
  const { parts: sides, separators: operators } = splitTopLevel(text, operatorPattern) ?? {
    parts: [],
    separators: [],
  }
  if (sides.length < 2) return undefined
  const [first = '', ...rest] = sides
  const isAssignment = operators.every((operator) => /^(?:=|\\approx|\\equiv)$/.test(operator))
  if (isAssignment && isName(first)) return named(first, rest, operators.slice(1))
  // x is not what a set is that has but a letter for a name.
  if (operators.join() === '\\in' && isName(first) && !/^[a-zA-Z]$/.test(rest[0] ?? '')) {
    return { kind: 'named', name: first, value: parseAnswer(rest[0] ?? '') }
  }
  return { kind: 'relation', sides, operators }
}

/** `x=1+1=2` and `x=1/3\approx 0.33`: a chain says one thing; what is only near it is left out. */
function named(name: string, sides: readonly string[], operators: readonly string[]): Answer {
  const approximate = operators.indexOf('\\approx')
  const exact = approximate === -1 ? sides : sides.slice(0, approximate + 1)
  const value: Answer =
    exact.length === 1
      ? parseAnswer(exact[0] ?? '')
      : { kind: 'relation', sides: exact, operators: exact.slice(1).map(() => '=') }
  return { kind: 'named', name, value }
}

function parseSingle(text: string): Answer {
  const outer = bracketed(text)
  if (outer !== undefined) {
    const { opening, closing, inner } = outer
    const items = (splitTopLevel(inner, /[,;] /g)?.parts ?? []).filter(Boolean).map(parseAnswer)
    const flat = items.flatMap((item) => (item.kind === 'list' ? item.items : [item]))
    if (opening === '\\{') return parseCondition(inner) ?? { kind: 'set', items: flat }
    // A plus-minus sign within a tuple makes several tuples of it.
    if (items.length > 1 && flat.length === items.length) {
      return { kind: 'tuple', brackets: opening + closing, items }
    }
    if (opening === '(' && closing === ')' && items.length < 2) return parseAnswer(inner)
  }
  return parseMatrix(text) ?? parsePlusMinus(text) ?? parseRatio(text) ?? { kind: 'scalar', text }
}

/** `\{x \mid x>2\}` is what its condition says. */
function parseCondition(inner: string): Answer | undefined {
  const match = /^([a-zA-Z])(?: ?\\in ?\\mathbb ?\{?R\}?)? ?(?:\\mid ?|:|\|)(.+)$/.exec(inner)
  const condition = match === null ? undefined : parseAnswer(match[2] ?? '')
  const isInName = condition?.kind === 'relation' || condition?.kind === 'union'
  return isInName ? condition : undefined
}

function parseMatrix(text: string): Answer | undefined {
  const [, environment = '', content = ''] = matrix.exec(text) ?? []
  // A determinant is a number, and a sum or product of matrices is not yet one matrix.
  const isOne = environment !== '' && environment !== 'vmatrix' && !content.includes('\\begin')
  if (!isOne) return undefined
  const rows = content
    .replace(/^\{[^{}]*\}/, '')
    .split(/\\\\/)
    .map((row) => row.trim())
    .filter((row, at, all) => row !== '' || at < all.length - 1)
  const cells = rows.map((row) =>
    row.split('&').map((cell): Answer => ({ kind: 'scalar', text: cell.trim() })),
  )
  return { kind: 'matrix', rows: cells }
}

/** `a \pm b` is two numbers. */
function parsePlusMinus(text: string): Answer | undefined {
  const parts = text.split(/\\(?:pm|mp)(?![a-zA-Z]) ?/)
  if (parts.length !== 2) return undefined
  const [left, right] = [parts.join('+'), parts.join('-')]
  const items = [left, right].map((each): Answer => ({ kind: 'scalar', text: each }))
  return { kind: 'list', items }
}

function parseRatio(text: string): Answer | undefined {
  const parts = splitTopLevel(text, /:|\\colon(?![a-zA-Z])/g)?.parts ?? []
  return parts.length < 2 ? undefined : { kind: 'ratio', parts }
}
