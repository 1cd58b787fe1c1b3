import type { JudgeQuestion } from '../ports/judge.ts'
import type { Problem } from '../problem.ts'
import type { Judgement } from '../verdict.ts'
import { boxedAnswer, solutionSection } from './answer-extraction.ts'
import { isWellFormed, normalForm } from './math-normal-form.ts'

/** A response, and what the rules say of it. */
export type RuledResponse = {
  readonly problem: Pick<Problem, 'prompt' | 'reference'>
  /** The whole text; only its solution section counts. */
  readonly response: string
  readonly rule: Pick<Judgement, 'outcome' | 'reason' | 'tier'>
}

/** In characters. What is longer says more than an answer, and would cost more than it tells. */
const maxAnswerLength = 1_000

/** Reasons of the rules for being undecided where one tier says equal and another sees a difference. */
const disagreements: ReadonlySet<string> = new Set(['unit-mismatch', 'words-differ'])

/**
 * What a judge is to be asked about a response; undefined where it is not. It is asked where the
 * tiers disagree, and about words: there symbolic comparison multiplies letters, so neither its
 * `equal` nor its `different` says much. Where exact rules are certain nobody is asked, nor about
 * a reference that is garbled, nor about mathematics that took the rules too long.
 */
export function judgeQuestion(ruled: RuledResponse): JudgeQuestion | undefined {
  const { prompt, reference } = ruled.problem
  if (reference.kind !== 'answer' || !isWellFormed(reference.answer)) return undefined
  const answer = boxedAnswer(solutionSection(ruled.response))
  if (answer === undefined) return undefined
  if (Math.max(answer.length, reference.answer.length) > maxAnswerLength) return undefined
  if (!isOpen(ruled.rule, isWording(reference.answer) || isWording(answer))) return undefined
  return { problem: prompt, reference: reference.answer, answer }
}

function isOpen({ outcome, reason, tier }: RuledResponse['rule'], words: boolean): boolean {
  if (outcome === 'undecided') return words || disagreements.has(reason)
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
