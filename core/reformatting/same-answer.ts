import { boxedAnswer, countBoxedAnswers } from '../grading/answer-extraction.ts'
import { gradeChoice } from '../grading/choice.ts'
import { compareExactly } from '../grading/math-exact.ts'
import { isEqual } from '../grading/math-scalar.ts'
import { droppedDifference } from '../grading/math-guard.ts'
import type { Reference } from '../problem.ts'

/** How the answer of a solution departs from the original's. */
export type AnswerDefect =
  | 'no-boxed-answer'
  | 'several-boxes'
  | 'answer-changed'
  | 'answer-invented'

/** No real answer is longer; what is would only cost time. In characters. */
const maxAnswerLength = 4_000

/**
 * Holds the one box of a solution to the answer that the original states: in its last box, else in
 * words. Equal is what exact rules find equal; what only a computer algebra system could decide
 * counts as changed. An original that states nothing allows no answer.
 */
export function answerDefect(
  { solution, original }: { readonly solution: string; readonly original: string },
  reference: Exclude<Reference, { readonly kind: 'tests' }>,
): AnswerDefect | undefined {
  const answer = boxedAnswer(solution)
  const before = boxedAnswer(original)
  const declared = before === undefined ? declaredAnswer(original) : undefined
  if (answer === undefined) {
    return before === undefined && declared === undefined ? undefined : 'no-boxed-answer'
  }
  if (countBoxedAnswers(solution) > 1) return 'several-boxes'
  if (reference.kind === 'choice' && sameLetter(original, solution)) return undefined
  if (before !== undefined) return isSame(before, answer) ? undefined : 'answer-changed'
  if (declared !== undefined) return says(declared, answer) ? undefined : 'answer-changed'
  return conclusions(original).some((text) => says(text, answer)) ? undefined : 'answer-invented'
}

/** A unit that is gone from a box is a change: the grader, not the reformatter, may pass over it. */
function isSame(before: string, answer: string): boolean {
  return before.trim() === answer.trim() || comparison(before, answer) === 'equal'
}

/** In words a number comes with what it counts: `$10`, `12 apples`. A percent sign is more than that. */
function says(words: string, answer: string): boolean {
  if (isSame(words, answer)) return true
  if (comparison(words, answer) === 'equal-but-for-unit') return !words.includes('%')
  const [, number = '', counted = ''] = /^(.*\d) +([a-z ]+)$/i.exec(words) ?? []
  const countsMore = droppedDifference(`\\text{${counted.toLowerCase()}}`, '') !== undefined
  return counted !== '' && !countsMore && isSame(number, answer)
}

function comparison(before: string, answer: string): string | undefined {
  if (Math.max(before.length, answer.length) > maxAnswerLength) return undefined
  const finding = compareExactly(before, answer)
  return isEqual(finding) ? finding : undefined
}

/** Letters as the grader reads them: `(B) Paris` is `B`. */
function sameLetter(original: string, solution: string): boolean {
  const [before, after] = [original, solution].map(
    (response) => gradeChoice({ letter: 'A', response }).extracted,
  )
  return before !== null && before === after
}

const declaration =
  /\banswer(?: to (?:the|this) (?:question|problem))?(?:\s*\**(?: is|:|=)\**)+\s*(?:indeed )?([^\n]+)/gi
const conclusion = /\b(?:thus|therefore|hence|so)\b[^\n]*?(?: is| are| =| equals) ([^\n]+)/gi
const equation = /(?:\bis|\bare|=|\bequals)\s+([^\n=]+)$/gim
const stress = /\*\*([^*]+)\*\*/g
const sentenceEnd = /(?<=[^\d\s])\.(?:\s|$)|(?<=\d)\.(?!\d)|,? (?:because|since|so|which)\b/

/** What follows the last "the answer is", to the end of its sentence. */
function declaredAnswer(text: string): string | undefined {
  const found = [...text.matchAll(declaration)].at(-1)?.[1]
  return found === undefined ? undefined : bare(found)
}

/** What the last paragraph ends in: after its last "therefore … is", or its last equals sign. */
function conclusions(text: string): string[] {
  const paragraph =
    text
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  return [conclusion, equation].flatMap((pattern) => {
    const found = [...paragraph.matchAll(pattern)].at(-1)?.[1]
    return found === undefined ? [] : [bare(found)]
  })
}

/** A stated answer without what stresses and ends it. */
function bare(text: string): string {
  const stressed = [...text.matchAll(stress)].at(-1)?.[1]
  const sentence = stressed ?? text.split(sentenceEnd)[0] ?? ''
  return sentence.replaceAll(/^[\s*"':]+|[\s*"'.:;]+$/g, '')
}
