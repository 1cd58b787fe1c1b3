import { InvalidInputError } from '../invalid-input.ts'
import type { CodeSandbox } from '../ports/code-sandbox.ts'
import type { MathGrader } from '../ports/math-grader.ts'
import type { Problem } from '../problem.ts'
import type { GradingRules } from '../recipe.ts'
import type { Response } from '../response.ts'
import type { Judgement, Verdict } from '../verdict.ts'
import { gradeChoice } from './choice.ts'
import { gradeCode } from './code.ts'
import { gradeMath } from './math.ts'
import { graderProfiles } from './profiles.ts'
import { type Submission, submissionOfResponse } from './submission.ts'

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
  const judgement = await judge(problem, submission, graders)
  return verdictOf({ problem, submission, judgement }, graders.grading)
}

/**
 * The verdicts on responses to multiple choice, which need no grader but the rules. Throws
 * InvalidInputError where a problem is of another kind, and an error where a response has no problem.
 */
export function gradeChoices(
  problems: readonly Problem[],
  responses: readonly Response[],
  grading: GradingRules,
): Verdict[] {
  const byId = new Map(problems.map((problem) => [problem.id, problem]))
  return responses.map((response) => {
    const submission = submissionOfResponse(response)
    const problem = byId.get(submission.problemId)
    if (problem === undefined) throw new Error(`response ${response.id} answers no problem given`)
    const { reference, source } = problem
    if (reference.kind !== 'choice') {
      throw new InvalidInputError(
        `source ${source}: field gated: only multiple choice can be graded without storing it in clear`,
      )
    }
    const { text, finishReason } = submission
    const judgement = gradeChoice({ letter: reference.letter, response: text, finishReason })
    return verdictOf({ problem, submission, judgement }, grading)
  })
}

function verdictOf(
  of: {
    readonly problem: Problem
    readonly submission: Submission
    readonly judgement: Judgement
  },
  { profile }: GradingRules,
): Verdict {
  const { problem, submission, judgement } = of
  const { outcome, reason, tier, extracted, legacyOutcome } = judgement
  return {
    traceId: submission.id,
    problemId: problem.id,
    index: submission.index,
    outcome,
    reason,
    tier,
    profile,
    profileVersion: graderProfiles[profile].version,
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
