import type { JudgeQuestion } from '../ports/judge.ts'
import type { Problem } from '../problem.ts'
import type { Judgement } from '../verdict.ts'
import { isWellFormed, normalForm } from './math-normal-form.ts'
import type { Doubt } from './math-scalar.ts'

/** What the rules say of an answer, and what they looked at. */
export type RuledAnswer = Pick<Judgement, 'outcome' | 'reason' | 'tier' | 'extracted'>

/**
 * In characters. What is longer says more than an answer, and would cost more than it tells; of what
 * is not, a judgement keeps the whole.
 */
const maxAnswerLength = 400

/** Reasons of the rules for being undecided that a reader of the problem can settle. */
const doubts: Readonly<Record<Doubt, true>> = {
  'equal-to-few-digits': true,
  'brackets-differ': true,
  'order-differs': true,
  repeats: true,
  'unit-mismatch': true,
  'words-differ': true,
  'names-differ': true,
  'base-differs': true,
  'base-left-out': true,
  'decimal-comma': true,
  dots: true,
  'states-no-value': true,
}

/**
 * What a judge is to be asked about an answer; undefined where it is not. It is asked where the
 * rules doubt, or disagree, and about words: there symbolic comparison multiplies letters, so
 * neither its `equal` nor its `different` says much. Where exact rules are certain nobody is asked, nor about
 * a reference that is garbled, nor about mathematics that took the rules too long.
 */
export function judgeQuestion(
  { problem, reference }: Pick<JudgeQuestion, 'problem' | 'reference'>,
  ruled: RuledAnswer,
): JudgeQuestion | undefined {
  const { extracted: answer } = ruled
  if (answer === null || !isWellFormed(reference)) return undefined
  if (Math.max(answer.length, reference.length) > maxAnswerLength) return undefined
  return isOpen(ruled, isWording(reference) || isWording(answer))
    ? { problem, reference, answer }
    : undefined
}

/** What a judge is to be asked about the answer to a problem; undefined where it is not. */
export function questionOn(
  { prompt, reference }: Pick<Problem, 'prompt' | 'reference'>,
  ruled: RuledAnswer,
): JudgeQuestion | undefined {
  if (reference.kind !== 'answer') return undefined
  return judgeQuestion({ problem: prompt, reference: reference.answer }, ruled)
}

function isOpen({ outcome, reason, tier }: RuledAnswer, words: boolean): boolean {
  if (outcome === 'undecided') return words || Object.hasOwn(doubts, reason)
  return words && tier === 'math-verify'
}

/** Whether words, other than those that join mathematics, are part of an answer. */
function isWording(answer: string): boolean {
  const plain = normalForm(answer)
    .replaceAll(/\\text\s*\{/g, ' {')
    .replaceAll(/\\[A-Za-z]+/g, ' ')
  const words = plain.match(/[A-Za-z]?[a-z]{2,}/g) ?? []
  return words.some((word) => !/^(?:and|or)$/i.test(word))
}
