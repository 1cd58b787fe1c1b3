import type { Comparison } from './math-scalar.ts'

/** `(B)`, `B)`, `\text{(B)}`, with or without what the option says after it. */
const option =
  /^(?:\(([A-J])\)|([A-J])\)|\\text\{ ?\(?([A-J])\) ?\}|([A-J])[.:](?=[ \d\\(-]))[.:]? ?(.*)$/
const letter = /^\(?([A-Z])\)?$/

type Option = { readonly letter: string; readonly text: string }

/**
 * Compares choice letters: `(B)` and `(B) 5` are `B`. Where only one side is an option, what it says is left to `withoutLetters`.
 */
export function compareOptions(left: string, right: string): Comparison {
  const [bare, otherBare] = [letterOf(left), letterOf(right)]
  // A choice may be written in lower case; a name of a variable may not.
  if (bare !== undefined && /^[A-E]$/.test(left) && right === left.toLowerCase()) return 'equal'
  const several = lettersOf(left)
  if (several !== undefined && several === lettersOf(right.split('').join(', '))) return 'equal'
  const [one, other] = [parseOption(left), parseOption(right)]
  const [first, second] = [bare ?? one?.letter, otherBare ?? other?.letter]
  if (first === undefined || second === undefined) return 'unknown'
  if (first === second) return 'equal'
  return 'different'
}

/** `A, C`, all the letters that are right, which an answer may write as `AC`. */
function lettersOf(text: string): string | undefined {
  return /^[A-J](?:, [A-J])+$/.test(text) ? text.split(', ').toSorted().join() : undefined
}

function letterOf(text: string): string | undefined {
  return (
    letter.exec(text)?.[1] ?? /^(?:[Oo]ption|[Cc]hoice|[Aa]nswer):? ?\(?([A-J])\)?$/.exec(text)?.[1]
  )
}

/** Both texts without the letter of an option, where one has a letter and the other has none: `(B) 5` for 5. */
export function withoutLetters(left: string, right: string): readonly [string, string] {
  const [one, other] = [parseOption(left), parseOption(right)]
  if ((one === undefined) === (other === undefined)) return [left, right]
  return [one?.text || left, other?.text || right]
}

function parseOption(text: string): Option | undefined {
  const match = option.exec(text)
  if (match === null) return undefined
  const found = match.slice(1, 5).find((each) => each !== undefined)
  return found === undefined ? undefined : { letter: found, text: match[5] ?? '' }
}
