import { canonicalUnit, valueWords } from './math-unit.ts'

const trigonometry = /\\(?:sin|cos|tan|cot|sec|csc)(?![a-z])/

/** A relation of two names that does not hold the other way round, though letters multiply so. */
const directed = /^[a-zA-Z] ?\\(?:in|subset|mid|to) ?[a-zA-Z]$/

/**
 * Symbolic comparison drops what stands in `\text{…}`, primes, indices of numbers, and degree signs: `5\text{million}` is 5 to it,
 * 5 cm is 5 m, and 30° is 30 radians. Names what two answers in normal form that it calls equal
 * nevertheless differ in.
 */
export function droppedDifference(
  left: string,
  right: string,
): 'unit-mismatch' | 'words-differ' | undefined {
  if (marks(left) !== marks(right)) return 'words-differ'
  if (directed.test(left) && directed.test(right)) return 'words-differ'
  if (isOther(left, right) || isOther(right, left)) return 'words-differ'
  const [degrees, otherDegrees] = [left, right].map((text) => text.split('\\circ').length)
  if (degrees !== otherDegrees && trigonometry.test(left + right)) return 'unit-mismatch'
  const [reference, answer] = [droppedWords(left), droppedWords(right)]
  if (reference.join() === answer.join()) return undefined
  if (reference.length > 0 && answer.length > 0) return 'unit-mismatch'
  return valueWords.test([...reference, ...answer].join(' ')) ? 'words-differ' : undefined
}

/** Whether one joins its inequalities by "and", the other by "or". */
function isOther(left: string, right: string): boolean {
  return (
    [left, right].every((text) => /[<>]|\\[lg]e(?![a-z])/.test(text)) &&
    /\band\b|\\(?:land|wedge)(?![a-z])/.test(left) &&
    /\bor\b|\\(?:lor|vee|cup)(?![a-z])/.test(right)
  )
}

/** Primes (f' is not f, and 5' are five minutes), indices of numbers, and the points of an angle. */
function marks(text: string): string {
  return [
    ...text.matchAll(/'|\\prime|(?<=\d)_(?:\{[^{}]*\}|\w)|\\(?:angle|triangle) ?[A-Z]+/g),
  ].join()
}

function droppedWords(text: string): string[] {
  const inText = [...text.matchAll(/\\text\{([^{}]*)\}(?:\^(\d))?/g)].map(
    ([, content = '', power = '']) => canonicalUnit(content, power) ?? content.toLowerCase(),
  )
  const bare = canonicalUnit(/[\d}] ?([a-z]{1,4})$/.exec(text)?.[1] ?? '', '')
  const words = bare === undefined ? inText : [...inText, bare]
  return words.filter((word) => !/^(?:, )?(?:and|or)$/.test(word))
}
