import type { Language } from '../languages.ts'
import type { CodeSandbox, SandboxJob, SandboxLimits } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { FinishReason } from '../response.ts'
import { solutionSection, withoutAnswer } from './answer-extraction.ts'
import { extractCode } from './code-extraction.ts'
import { casesWithout, type CodeJudgement, judgeCode } from './code-judgement.ts'

/** One response to a programming problem. */
export type CodeSubmission = {
  readonly language: Language
  readonly tests: CodeTests
  /** A whole trace, or what a model wrote without the format; only its solution section counts. */
  readonly response: string
  readonly finishReason: FinishReason
  readonly limits: SandboxLimits
}

/** Judges a program by running its tests in the sandbox; `no-code` where the solution holds none. */
export async function gradeCode(
  { response, finishReason, ...rest }: CodeSubmission,
  sandbox: CodeSandbox,
): Promise<CodeJudgement> {
  const code = extractCode(solutionSection(response), rest.language)
  if (code !== undefined) return gradeProgram({ ...rest, code }, sandbox)
  const { outcome, reason, tier } = withoutAnswer(finishReason)
  return {
    outcome,
    reason: reason === 'no-answer' ? 'no-code' : reason,
    tier,
    extracted: null,
    legacyOutcome: 'wrong',
    cases: casesWithout('not-run', rest.tests),
  }
}

/** Judges a program that stands alone, without a response around it. */
export async function gradeProgram(job: SandboxJob, sandbox: CodeSandbox): Promise<CodeJudgement> {
  return judgeCode(await sandbox.run(job), job.tests, job.code)
}
