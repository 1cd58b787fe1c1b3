import type { OutputChecker } from '../checker.ts'

/** A checker that needs nothing but the two texts. */
export type OutputRule = Exclude<OutputChecker, { readonly kind: 'program' | 'none' }>

/** What is compared where tests declare no checker. */
export const tokenRule: OutputRule = { kind: 'tokens' }

/**
 * Whether a program printed what was expected, as a judge compares: token by token, exactly. White
 * space only divides tokens, so trailing blanks, line ends and the final newline do not matter;
 * order, number and spelling do (`5 5` is not `5`, `3` is not `03`). A rule that tests declare may
 * be stricter or laxer.
 */
export function sameOutput(output: string, expected: string, rule: OutputRule): boolean {
  switch (rule.kind) {
    case 'tokens':
      return sameList(tokens(output), tokens(expected), (one, other) => one === other)
    case 'exact':
      return exactText(output) === exactText(expected)
    case 'tolerance':
      return sameList(tokens(output), tokens(expected), (one, other) => within(one, other, rule))
    case 'unordered-lines':
      return sameList(sortedLines(output), sortedLines(expected), (one, other) => one === other)
  }
}

/** Whether `actual` is within the declared distance of `expected`. */
export function isWithin(
  actual: number,
  expected: number,
  { absolute, relative }: { readonly absolute: number; readonly relative: number },
): boolean {
  return Math.abs(actual - expected) <= Math.max(absolute, relative * Math.abs(expected))
}

function within(
  one: string,
  other: string,
  tolerance: { readonly absolute: number; readonly relative: number },
): boolean {
  if (one === other) return true
  return isNumeral(one) && isNumeral(other) && isWithin(Number(one), Number(other), tolerance)
}

function isNumeral(token: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(token)
}

function tokens(text: string): string[] {
  return text.split(/[ \t\n\v\f\r]+/).filter((token) => token !== '')
}

function sortedLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => tokens(line).join(' '))
  return lines.filter((line) => line !== '').toSorted((a, b) => (a < b ? -1 : 1))
}

function exactText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

function sameList<Item>(
  actual: readonly Item[],
  expected: readonly Item[],
  same: (one: Item, other: Item) => boolean,
): boolean {
  if (actual.length !== expected.length) return false
  return expected.every((wanted, at) => {
    const item = actual[at]
    return item !== undefined && same(item, wanted)
  })
}
