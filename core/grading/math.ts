import type { AnswerPair, MathGrader } from '../ports/math-grader.ts'
import type { FinishReason } from '../response.ts'
import type { Judgement } from '../verdict.ts'
import { boxedAnswer, solutionSection, withoutAnswer } from './answer-extraction.ts'
import { settled } from './math-evidence.ts'
import { compareExactly } from './math-exact.ts'
import { droppedDifference } from './math-guard.ts'
import { legacyMathOutcome } from './math-legacy.ts'
import { isWellFormed, normalForm } from './math-normal-form.ts'
import { isEqual } from './math-scalar.ts'
import type { GraderProfile } from './profiles.ts'

/** One response to a problem whose reference is an answer. */
export type MathSubmission = {
  readonly reference: string
  /** What was asked: it may say that order counts, or to how many digits to round. */
  readonly problem?: string
  /** A whole trace, or what a model wrote without the format; only its solution section counts. */
  readonly response: string
  readonly finishReason?: FinishReason
}

type Finding = Omit<Judgement, 'extracted' | 'legacyOutcome'>

/** No real answer is longer; what is would only cost the graders time. In characters. */
const maxAnswerLength = 4_000
const maxShownLength = 500

/**
 * Judges a mathematical answer: exact rules first, symbolic comparison for what they cannot decide.
 * Reasons: `equal`, `equal-but-for-unit`, `different`, `no-answer` (no complete box), `truncated`
 * (none because the token limit cut the response), `suspect-reference`, `unit-mismatch`, `too-long`, `too-deep`,
 * and those of the math grader. Throws only what the grader throws when it cannot work at all.
 */
export async function gradeMath(
  submission: MathSubmission,
  grader: MathGrader,
  profile: GraderProfile = 'strict',
): Promise<Judgement> {
  const solution = solutionSection(submission.response)
  const legacyOutcome = legacyMathOutcome(submission)
  const answer = boxedAnswer(solution)
  const extracted = answer?.slice(0, maxShownLength) ?? null
  switch (profile) {
    case 'strict':
      return { ...(await strictFinding(submission, answer, grader)), extracted, legacyOutcome }
    case 'math-verify':
      return { ...(await shippedFinding(submission, solution, grader)), extracted, legacyOutcome }
    case 'legacy':
      return { ...legacyFinding(legacyOutcome), extracted, legacyOutcome }
  }
}

async function strictFinding(
  { reference, finishReason, problem }: MathSubmission,
  answer: string | undefined,
  grader: MathGrader,
): Promise<Finding> {
  if (answer === undefined) return withoutAnswer(finishReason)
  return compareAnswers({ reference, answer }, problem, grader)
}

/** math-verify finds the answer in the solution by its own rules; a reference is handed over in a box. */
async function shippedFinding(
  { reference, finishReason }: MathSubmission,
  solution: string,
  grader: MathGrader,
): Promise<Finding> {
  if (solution === '') return withoutAnswer(finishReason)
  const pair = {
    reference: `\\boxed{${reference}}`,
    answer: solution,
    rules: 'as-shipped',
  } as const
  const { outcome, reason } = await grader.compare(pair)
  return { outcome: outcomes[outcome], reason, tier: 'math-verify' }
}

function legacyFinding(outcome: Judgement['legacyOutcome']): Finding {
  return { outcome, reason: outcome === 'accepted' ? 'equal' : 'different', tier: 'exact' }
}

/** How a comparison of answers reads as the outcome of a response. */
const outcomes = { equal: 'accepted', different: 'wrong', undecided: 'undecided' } as const

async function compareAnswers(
  pair: AnswerPair,
  problem: string | undefined,
  grader: MathGrader,
): Promise<Finding> {
  if (!isWellFormed(pair.reference)) return undecided('suspect-reference')
  if (pair.reference === pair.answer) return { outcome: 'accepted', reason: 'equal', tier: 'exact' }
  if (Math.max(pair.reference.length, pair.answer.length) > maxAnswerLength) {
    return undecided('too-long')
  }
  const comparison = settled(compareExactly(pair.reference, pair.answer), problem)
  if (comparison === 'unknown') {
    return compareSymbolically(
      { reference: normalForm(pair.reference), answer: normalForm(pair.answer) },
      grader,
    )
  }
  if (isEqual(comparison)) return { outcome: 'accepted', reason: comparison, tier: 'exact' }
  return comparison === 'different'
    ? { outcome: 'wrong', reason: 'different', tier: 'exact' }
    : undecided(comparison)
}

async function compareSymbolically(pair: AnswerPair, grader: MathGrader): Promise<Finding> {
  const symbolic = await grader.compare(pair)
  const dropped = symbolic.outcome === 'equal' && droppedDifference(pair.reference, pair.answer)
  if (dropped) return undecided(dropped)
  return { outcome: outcomes[symbolic.outcome], reason: symbolic.reason, tier: 'math-verify' }
}

function undecided(reason: string): Finding {
  return { outcome: 'undecided', reason, tier: 'exact' }
}
