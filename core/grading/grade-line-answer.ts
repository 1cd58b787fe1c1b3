import { boxedAnswer, solutionSection } from './answer-extraction.ts'
import { valueWords } from './math-unit.ts'

/** In characters; what is longer is a text, in which an answer has to be announced. */
const longestAnswer = 300
/** Words in plain letters, those of LaTeX aside: an answer has a few ("all real numbers"). */
const mostWords = 7

const commands =
  /\\(?:[a-z]*text[a-z]*|mbox|math[a-z]+|begin|end|operatorname)\*?\s*\{[^{}]*\}|\\[a-z]+/gi
const words = /\p{L}{2,}/gu
const mathSpan = String.raw`\$\$[^$]+\$\$|\$[^$]+\$|\\\([^$]+?\\\)|\\\[[^$]+?\\\]`
const mathSpans = new RegExp(mathSpan, 'g')
/** `… is 34.`, `… is $x > 5$`. */
const lastIs = new RegExp(String.raw`\b(?:is|are|equals)\s+(-?[\d.,/]*\d%?|${mathSpan})\s*\.?$`)
/** What announces an answer; the last announcement counts. */
const announcement = /(?:\bfinal answer|\banswer)\b\s*(?:\bis\b\s*:?|[:=])\s*|^\s*#{4}\s+/gim
const finalAnswer = /\bfinal answer\b\s*(?:is\b|:)/i
/** `Jane started growing it 3 hours ago`: a sentence with one number, of which nothing is taken ("the sine of 3"). */
const onlyNumber = /^\p{L}+(?: [\p{L}'’]{2,}){2,}(?<! of) (-?\d[\d.,]*)(?: [\p{L} ,'’]*)?\.?$/u
/** The sentence that ends a text with its conclusion. */
const conclusion = /^(?:[Tt]herefore|[Tt]hus|[Hh]ence|[Ss]o)\b|\s(?:Therefore|Thus|Hence|So)\b/
const isPlain = new RegExp(String.raw`^(?:-?[\d.,/]*\d%?|${mathSpan})\.?$`)
/** `Therefore there are 12 ways to do so.` */
const thereAre = /\bthere (?:is|are) (?:exactly )?(\d[\d,]*) \p{L}[^\d$]*$/u
/** What models put after their answer. */
const farewell = /\s*(?:I hope (?:it|this) is correct\b.*|<\|[^<>]*\|>.*)$/is
/** One of these, and what follows may be no answer, or not the only one. */
const hedge = /\b(?:not|or|if|either|maybe|perhaps|unless|approximately|about)\b/i

/**
 * A response that is an answer and little else ("42", "$x = 5$", "The answer is 7.", "The sum is
 * $12$."), or a text that announces its answer ("Final answer: 7", "#### 7"), with that answer in the
 * box in which whole traces state theirs; every other response as it is.
 */
export function withBareAnswerBoxed(response: string): string {
  const text = response.trim()
  // A trace, a thought, or a solution with a box states its answer by the rules of traces.
  if (solutionSection(text) !== text) return response
  const lastBox = Math.max(text.lastIndexOf('\\boxed'), text.lastIndexOf('\\fbox'))
  // Who boxes each step and then announces the final answer means the announced one.
  const ending = lastBox === -1 ? text : text.slice(lastBox)
  const announced = lastBox === -1 ? 0 : ending.search(finalAnswer)
  if (announced === -1) return response
  const answer = statedAnswer(ending.slice(announced))
  if (answer === undefined || (lastBox !== -1 && !isPlain.test(answer))) return response
  const boxed = `\\boxed{${answer}}`
  return boxedAnswer(boxed) === answer ? boxed : response
}

/** A reference that is a whole solution, by the answer that it boxes. */
export function answerOfReference(reference: string): string {
  return boxedAnswer(reference) ?? reference
}

function statedAnswer(text: string): string | undefined {
  const announced = [...text.matchAll(announcement)].at(-1)
  const from = announced === undefined ? 0 : announced.index + announced[0].length
  const rest = text.slice(from).replace(farewell, '').trim()
  const answer = announced === undefined ? rest : (rest.split('\n\n')[0] ?? '').trim()
  if (isBare(answer)) {
    return (announced === undefined ? undefined : numberIn(answer)) ?? withoutSentence(answer)
  }
  const concluded = rest.split(/(?<=[.!?])\s+|\n/).at(-1) ?? ''
  if (hedge.test(concluded) || !(conclusion.test(concluded) || announced !== undefined)) {
    return undefined
  }
  return lastIs.exec(concluded)?.[1] ?? thereAre.exec(concluded)?.[1]
}

function numberIn(sentence: string): string | undefined {
  if (hedge.test(sentence) || valueWords.test(sentence.toLowerCase())) return undefined
  return onlyNumber.exec(sentence)?.[1]?.replace(/[.,]+$/, '')
}

function isBare(text: string): boolean {
  if (text === '' || text.length > longestAnswer) return false
  return (text.replaceAll(commands, ' ').match(words)?.length ?? 0) <= mostWords
}

/** What a short sentence is about: the number that it ends with, or the only formula in it. */
function withoutSentence(text: string): string {
  if (hedge.test(text)) return text
  const last = lastIs.exec(text)?.[1]
  if (last !== undefined) return last
  const spans = text.match(mathSpans) ?? []
  const around = text.replaceAll(mathSpans, ' ')
  return spans.length === 1 && /\p{L}{2}/u.test(around) && !/\d/.test(around)
    ? (spans[0] ?? text)
    : text
}
