import type { FinishReason } from '../response.ts'
import type { Judgement, Verdict } from '../verdict.ts'
import { boxedAnswer, solutionSection, withoutAnswer } from './answer-extraction.ts'

/** One response to a multiple-choice problem. */
export type ChoiceSubmission = {
  /** The right letter, A to Z. */
  readonly letter: string
  /** A whole trace, or what a model wrote without the format; only its solution section counts. */
  readonly response: string
  readonly finishReason?: FinishReason
}

/** `B`, `(b)`, `B.`: a box that holds a letter alone. */
const letterAlone = /^[([]?([A-Za-z])[)\]]?[.:]?$/
/** `(B) Paris`, `B) Paris`: a box that repeats the option after its letter. */
const letterFirst =
  /^(?:[Oo]ption |[Cc]hoice |[Aa]nswer:? )?(?:\(([A-Z])\)|([A-Z])(?:[).:]|$))(?:\s*\S|$)/

/** Who names two letters has chosen none. */
const otherLetter =
  "(?!\\)?\\s*(?:(?:or|and|/|&)\\s*\\(?[A-Z](?![\\w'’])|,\\s*\\(?[A-Z]\\)?\\s*(?:$|[.,]|and\\b|or\\b)))"
const severalLetters = /^\(?[A-Z]\)?(?:[\s,/&]+(?:(?:and|or)\s+)?\(?[A-Z]\)?)+\.?$/

/**
 * A letter that is not a word: upper case, nothing glued to it, and for A and I, which are words too,
 * no word after it ("the answer is A prime") but one that gives the reason.
 */
const letter =
  "(?:\\(([A-Za-z])\\)|([B-HJ-Z])(?![\\w'’])|([AI])(?![\\w'’])(?!\\s+(?!because|since|as\\b)[a-z]))" +
  otherLetter
const declarations = new RegExp(
  [
    `(?:[Aa]nswer|ANSWER|[Oo]ption|[Cc]hoice)\\s*(?:is|would be|must be|[:=])+\\s*(?:[Oo]ption\\s*)?${letter}`,
    `${letter}\\)?\\s+is\\s+(?:the\\s+)?(?:correct|right)\\b`,
    // No line ends here: over many empty lines the time would grow with their square.
    `^[ \\t\\u00a0]*${letter}[.)]?[ \\t\\u00a0]*$`,
  ].join('|'),
  'gm',
)

/**
 * Judges a multiple-choice answer by the letter in the box, else by the last letter that the solution
 * declares ("the answer is (B)", "Answer: B", a line that is a letter). A letter that merely occurs,
 * such as the article "a", never counts.
 */
export function gradeChoice(submission: ChoiceSubmission): Judgement {
  const chosen = chosenLetter(solutionSection(submission.response))
  const legacyOutcome = legacyChoiceOutcome(submission.response, submission.letter)
  if (chosen === undefined) {
    return { ...withoutAnswer(submission.finishReason), extracted: null, legacyOutcome }
  }
  const equal = chosen === submission.letter
  return {
    outcome: equal ? 'accepted' : 'wrong',
    reason: equal ? 'equal' : 'different',
    tier: 'choice',
    extracted: chosen,
    legacyOutcome,
  }
}

/**
 * What the published pipeline would have said: the last stand-alone A to D of the upper-cased text
 * (SkyThought, skythought/tools/util/math_parsing_util.py at ee8d0f4), the article "a" included.
 */
export function legacyChoiceOutcome(response: string, expected: string): Verdict['legacyOutcome'] {
  const upper = response.toUpperCase()
  const found = upper.match(/\b[A-D]\b/g)?.at(-1) ?? /^\.*([^.])\.*$/.exec(response.trim())?.[1]
  return found === expected ? 'accepted' : 'wrong'
}

function chosenLetter(solution: string): string | undefined {
  const box = boxedAnswer(solution)
  const content = withoutMarkup(box ?? '').trim()
  if (severalLetters.test(content)) return undefined
  const boxed = letterInBox(content)
  if (boxed !== undefined) return boxed
  const last = [...withoutMarkup(solution).matchAll(declarations)].at(-1)
  return last
    ?.slice(1)
    .find((group) => group !== undefined)
    ?.toUpperCase()
}

function letterInBox(content: string): string | undefined {
  const match = letterAlone.exec(content) ?? letterFirst.exec(content)
  return (match?.[1] ?? match?.[2])?.toUpperCase()
}

/** Drops bold marks, math delimiters, and the commands that only set type. */
function withoutMarkup(text: string): string {
  return text
    .replaceAll(/\\(?:text|mathrm|mathbf|mathsf|mathit)[a-z]*\s*\{([^{}]*)\}/g, '$1')
    .replaceAll(/\\ |~/g, ' ')
    .replaceAll(/\*\*|__|\$|\\[()[\],;!]/g, '')
}
