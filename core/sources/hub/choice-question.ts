import { digestOf } from '../../digest.ts'
import type { RowContent, RowFault } from './row-reader.ts'

/** A question with its options, of which one is right. */
export type ChoiceQuestion = {
  readonly question: string
  readonly options: readonly string[]
  /** Place of the right option, from 0. */
  readonly right: number
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The same question with its options shuffled: their order follows from seed, question and option alone, and so
 * says nothing of which is right, nor of the order that the data set gives.
 */
export function shuffled(choice: ChoiceQuestion, seed: number): ChoiceQuestion {
  const { question, options, right } = choice
  const ranked = options
    .map((option, at) => ({ option, at, rank: digestOf({ seed, question, option }) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
  return {
    question,
    options: ranked.map(({ option }) => option),
    right: ranked.findIndex(({ at }) => at === right),
  }
}

/**
 * An option that speaks of others: `all of the above`, `both A and C`, `(A) or (B)`. Where one does, the
 * set's own order is kept, since it would speak of the wrong ones in any other.
 */
const namesOthers =
  /\b(?:above|below|preceding|previous|following)\b|\b(?:options?|choices?|answers?|[Bb]oth|[Nn]either|[Ee]ither)\s+\(?[A-J]\b|\(?\b[A-J]\)?\s*(?:,|&|\band\b|\bor\b|\bnor\b)\s*\(?[A-J]\b/

/** The same question with its options {@link shuffled}, unless one of them speaks of others. */
export function shuffledUnlessBound(choice: ChoiceQuestion, seed: number): ChoiceQuestion {
  return choice.options.some((option) => namesOthers.test(option)) ? choice : shuffled(choice, seed)
}

/** What is asked: the question, and each option in a line of its own behind its letter. */
export function choiceContent({
  question,
  options,
  right,
}: ChoiceQuestion): Pick<RowContent, 'prompt' | 'reference'> | RowFault {
  const letter = letters[right]
  if (letter === undefined || options[right] === undefined) return { fault: 'no right option' }
  if (options.filter((option) => option === options[right]).length > 1) {
    return { fault: 'two options are the same' }
  }
  const lines = options.map((option, at) => `${letters[at]}. ${option}`)
  return { prompt: `${question}\n\n${lines.join('\n')}`, reference: { kind: 'choice', letter } }
}
