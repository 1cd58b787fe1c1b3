import { parseExpression } from './math-expression.ts'
import { freeNames } from './math-numeric.ts'
import { type Comparison, isEqual } from './math-scalar.ts'

type Compare = (left: string, right: string) => Comparison

const integers =
  /^(.+?),? ?(?:\\text\{,? ?(?:where|for|with)?(?: all| any| some)?\} ?)?\(?([kmnl]) ?(?:\\in ?\\mathbb ?\{?Z\}?|\\text\{is an (?:arbitrary )?integer\})\)?$/
const condition =
  /^(.*[^ ,]),? ?(?:\\text\{,? ?|(?<= ))(?:where|for (?:all|any|some)|with|when|if|provided)\b.+$/s

/**
 * Compares answers of which one adds when it holds: `\frac{\pi}{4}+k\pi, k\in\mathbb{Z}` under any name
 * of the integer; `x=5\text{ if }x>0` may be 5, which only a reader can tell. `unknown` without conditions.
 */
export function compareConditioned(left: string, right: string, compare: Compare): Comparison {
  const [one, other] = [overIntegers(left), overIntegers(right)]
  if (one !== undefined || other !== undefined) {
    return compare(one ?? renamedInteger(left), other ?? renamedInteger(right))
  }
  const [head, otherHead] = [condition.exec(left)?.[1], condition.exec(right)?.[1]]
  if ((head === undefined) === (otherHead === undefined)) return 'unknown'
  const comparison = compare(head ?? left, otherHead ?? right)
  return isEqual(comparison) ? 'words-differ' : comparison
}

/** Whether two answers differ in nothing but the letter of an integer: `2k+1` and `2n+1`. */
export function isRenamedInteger(left: string, right: string, compare: Compare): boolean {
  const [one, other] = [renamedInteger(left), renamedInteger(right)]
  return (one !== left || other !== right) && isEqual(compare(one, other))
}

/** What stands before "k is an integer", with k for its letter. */
function overIntegers(text: string): string | undefined {
  const [, head, letter = ''] = integers.exec(text) ?? []
  return head === undefined ? undefined : withLetter(head, letter)
}

/** An expression in one letter that commonly is an integer. */
function renamedInteger(text: string): string {
  const value = parseExpression(text.replace(/^(?:x|y|\\theta)=/, ''))?.value
  const [letter = '', ...more] = value === undefined ? [] : freeNames(value)
  return more.length === 0 && /^[kmnl]$/.test(letter) ? withLetter(text, letter) : text
}

function withLetter(text: string, letter: string): string {
  return text.replaceAll(new RegExp(`(?<![a-zA-Z\\\\])${letter}(?![a-zA-Z])`, 'g'), 'k')
}
