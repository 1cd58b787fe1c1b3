import { z } from 'zod'
import type { MathGrader } from '../ports/math-grader.ts'
import { FinishReason } from '../response.ts'
import type { Judgement } from '../verdict.ts'
import {
  type Columns,
  Id,
  type LineKind,
  type LineVerdict,
  ReferenceText,
  TextOrNumber,
} from './grade-line.ts'
import { gradeMath } from './math.ts'
import type { GraderProfile } from './profiles.ts'

const MathLine = z.object({
  id: Id,
  reference: ReferenceText,
  response: TextOrNumber,
  finishReason: FinishReason.nullish(),
})
type MathLine = z.infer<typeof MathLine>

/** Lines of `sky-t1 grade math`. */
export function mathLines(profile: GraderProfile, grader: MathGrader): LineKind<MathLine> {
  return {
    schema: MathLine,
    unjudged: unjudgedAnswer(profile),
    async judge({ reference, response, finishReason }) {
      const submission = { reference, response, ...(finishReason ? { finishReason } : {}) }
      return judgedAnswer(await gradeMath(submission, grader, profile), profile)
    },
  }
}

/** The columns of an answer's judgement; the published pipeline's only where it is asked for. */
export function judgedAnswer(
  { outcome, reason, tier, extracted, legacyOutcome }: Judgement,
  profile: GraderProfile,
): LineVerdict {
  const columns = { outcome, reason, tier, extracted, profile }
  return profile === 'legacy' ? { ...columns, legacyOutcome } : columns
}

/** The same columns where nothing was judged. */
export function unjudgedAnswer(profile: GraderProfile): Columns {
  const columns = { tier: 'none', extracted: null, profile }
  return profile === 'legacy' ? { ...columns, legacyOutcome: null } : columns
}
