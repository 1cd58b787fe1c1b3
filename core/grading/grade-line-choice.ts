import { z } from 'zod'
import { FinishReason } from '../response.ts'
import type { Judgement } from '../verdict.ts'
import { gradeChoice } from './choice.ts'
import { Id, type LineKind, TextOrNumber } from './grade-line.ts'
import { judgedAnswer, unjudgedAnswer } from './grade-line-math.ts'
import type { GraderProfile } from './profiles.ts'

/** `B`, `b`, `(B)`, `B.`, `B)`: as data sets write the right letter. */
const Letter = z
  .string()
  .regex(/^\s*\(?[A-Za-z][).:]?\s*$/, 'must be a letter from A to Z')
  .transform((text) => text.replaceAll(/[^A-Za-z]/g, '').toUpperCase())

const ChoiceLine = z.object({
  id: Id,
  reference: Letter,
  response: TextOrNumber,
  finishReason: FinishReason.nullish(),
})
type ChoiceLine = z.infer<typeof ChoiceLine>

/** Lines of `sky-t1 grade choice`. */
export function choiceLines(profile: GraderProfile): LineKind<ChoiceLine> {
  return {
    schema: ChoiceLine,
    unjudged: unjudgedAnswer(profile),
    judge({ reference, response, finishReason }) {
      const submission = { letter: reference, response, ...(finishReason ? { finishReason } : {}) }
      return judgedAnswer(byProfile(gradeChoice(submission), profile), profile)
    },
  }
}

function byProfile(judgement: Judgement, profile: GraderProfile): Judgement {
  if (profile !== 'legacy') return judgement
  const { legacyOutcome: outcome } = judgement
  return { ...judgement, outcome, reason: outcome === 'accepted' ? 'equal' : 'different' }
}
