import { InvalidInputError } from '../invalid-input.ts'
import type { CodeSandbox } from '../ports/code-sandbox.ts'
import type { MathGrader } from '../ports/math-grader.ts'
import type { Problem } from '../problem.ts'
import type { GradingRules } from '../recipe.ts'
import type { Judgement, Verdict } from '../verdict.ts'
import { gradeChoice } from './choice.ts'
import { gradeCode } from './code.ts'
import { gradeMath } from './math.ts'
import { graderProfiles } from './profiles.ts'
import type { Submission } from './submission.ts'

/** What grading is done with. */
export type Graders = {
  readonly mathGrader: MathGrader
  readonly sandbox: CodeSandbox
  readonly grading: GradingRules
}

/** The verdict on one submission, by the kind of its problem's reference. */
export async function gradeSubmission(
  problem: Problem,
  submission: Submission,
  graders: Graders,
): Promise<Verdict> {
  const { outcome, reason, tier, extracted, legacyOutcome } = await judge(
    problem,
    submission,
    graders,
  )
  return {
    traceId: submission.id,
    problemId: problem.id,
    index: submission.index,
    outcome,
    reason,
    tier,
    profile: graders.grading.profile,
    profileVersion: graderProfiles[graders.grading.profile].version,
    extracted,
    legacyOutcome,
  }
}

async function judge(
  { prompt, reference }: Problem,
  { text: response, finishReason }: Submission,
  { mathGrader, sandbox, grading }: Graders,
): Promise<Judgement> {
  switch (reference.kind) {
    case 'answer':
      return gradeMath(
        { reference: reference.answer, problem: prompt, response, finishReason },
        mathGrader,
        grading.profile,
      )
    case 'choice':
      return gradeChoice({ letter: reference.letter, response, finishReason })
    case 'tests':
      return gradeCode(
        {
          language: 'python',
          tests: reference.tests,
          response,
          finishReason,
          limits: grading.limits,
        },
        sandbox,
      )
    case 'trace':
      throw new InvalidInputError('a response that is kept as it is cannot be graded')
  }
}
