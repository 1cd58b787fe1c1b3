import { z } from 'zod'
import type { AnswerJudge } from '../ports/judge.ts'
import type { MathGrader } from '../ports/math-grader.ts'
import { FinishReason } from '../response.ts'
import type { Judgement } from '../verdict.ts'
import { consultJudge } from './consult-judge.ts'
import {
  type Columns,
  Id,
  type LineKind,
  type LineVerdict,
  ReferenceText,
  TextOrNumber,
} from './grade-line.ts'
import { answerOfReference, withBareAnswerBoxed } from './grade-line-answer.ts'
import { gradeMath, type MathSubmission } from './math.ts'
import type { GraderProfile } from './profiles.ts'

const MathLine = z.object({
  id: Id,
  reference: ReferenceText,
  response: TextOrNumber,
  /** What was asked. */
  problem: z.string().nullish(),
  finishReason: FinishReason.nullish(),
})
type MathLine = z.infer<typeof MathLine>

/** Lines of `sky-t1 grade math`; a judge, where there is one, is asked what the rules cannot tell. */
export function mathLines(
  profile: GraderProfile,
  grader: MathGrader,
  judge?: AnswerJudge,
): LineKind<MathLine> {
  return {
    schema: MathLine,
    unjudged: unjudgedAnswer(profile),
    async judge(line) {
      const submission = submissionOf(line, profile)
      const ruled = await gradeMath(submission, grader, profile)
      if (judge === undefined) return judgedAnswer(ruled, profile)
      const asked = { problem: line.problem ?? '', reference: submission.reference }
      return judgedAnswer(await consultJudge(ruled, asked, judge), profile)
    },
  }
}

/** The published pipeline reads a whole response, bare or not, by rules of its own. */
function submissionOf(
  { reference, response, problem, finishReason }: MathLine,
  profile: GraderProfile,
): MathSubmission {
  return {
    reference: answerOfReference(reference),
    response: profile === 'legacy' ? response : withBareAnswerBoxed(response),
    ...(problem ? { problem } : {}),
    ...(finishReason ? { finishReason } : {}),
  }
}

/** The columns of an answer's judgement; the published pipeline's only where it is asked for. */
export function judgedAnswer(
  { outcome, reason, tier, extracted, legacyOutcome, judged }: Judgement,
  profile: GraderProfile,
): LineVerdict {
  const found = { outcome, reason, tier, extracted, profile }
  const columns = judged === undefined ? found : { ...found, judged }
  return profile === 'legacy' ? { ...columns, legacyOutcome } : columns
}

/** The same columns where nothing was judged. */
export function unjudgedAnswer(profile: GraderProfile): Columns {
  const columns = { tier: 'none', extracted: null, profile }
  return profile === 'legacy' ? { ...columns, legacyOutcome: null } : columns
}
