import { type Language, languages } from '../languages.ts'
import type {
  CodeSandbox,
  SandboxJob,
  SandboxLimits,
  SandboxReport,
} from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { FinishReason } from '../response.ts'
import { solutionSection, withoutAnswer } from './answer-extraction.ts'
import { checkCases } from './code-checker.ts'
import { extractCode } from './code-extraction.ts'
import { casesWithout, type CodeJudgement, judgeChecked } from './code-judgement.ts'

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
    message: null,
  }
}

/** Judges a program that stands alone, without a response around it. */
export async function gradeProgram(job: SandboxJob, sandbox: CodeSandbox): Promise<CodeJudgement> {
  const { tests, code } = job
  const fitting = { ...job, limits: roomFor(tests, job.limits) }
  const report = cannotCall(job) ?? (await sandbox.run(fitting))
  return judgeChecked({ report, tests, code }, await checkCases(report, fitting, sandbox))
}

function cannotCall({ language, tests }: SandboxJob): SandboxReport | undefined {
  const { calls, title } = languages[language]
  if (tests.kind === 'stdin' || calls) return undefined
  const message = `no function of ${title} can be called; mend: tests of kind stdin, or Python`
  return { kind: 'language-unavailable', message }
}

/** A right program must be able to print, or return, what is expected. */
function roomFor(tests: CodeTests, limits: SandboxLimits): SandboxLimits {
  const lengths =
    tests.kind === 'stdin'
      ? tests.cases.map(({ output }) => output.length)
      : tests.cases.map(({ expected }) => JSON.stringify(expected).length)
  const largest = lengths.reduce((one, other) => Math.max(one, other), 0)
  // In powers of two, to tell a program little of what is expected; a character has up to 4 bytes.
  const needed = 2 ** Math.ceil(Math.log2((4 * largest) / 1024 + 1))
  return { ...limits, outputKiB: Math.max(limits.outputKiB, needed) }
}
