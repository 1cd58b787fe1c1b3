import type { CaseRun, SandboxReport } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { Judgement } from '../verdict.ts'
import { sameOutput, sameValue } from './code-comparison.ts'
import { legacyCodeOutcome } from './code-legacy.ts'

/** How a case came out, once its output has been compared. */
export type CaseOutcome =
  | 'accepted'
  | 'wrong-output'
  | 'compile-error'
  | Exclude<CaseRun['end'], 'finished'>

/** One test case of a judged program. */
export type CaseResult = {
  readonly outcome: CaseOutcome
  readonly cpuMs: number
  readonly memoryMiB: number
}

/** A judgement with what became of each test case, in order; a stored verdict leaves those out. */
export type CodeJudgement = Judgement & { readonly cases: readonly CaseResult[] }

/** Characters of the program that are kept beside the verdict. */
const maxShownLength = 2_000

/**
 * Judges a program by what its cases left behind. Accepted (`all-tests-passed`) if every case
 * passed; else wrong, for the reason of the first that did not: `wrong-output`, `runtime-error`,
 * `time-limit`, `memory-limit`, `output-limit`, `missing-function`; or `compile-error` for all. A
 * sandbox that failed decides nothing.
 */
export function judgeCode(report: SandboxReport, tests: CodeTests, code: string): CodeJudgement {
  return {
    ...finding(report, tests),
    tier: 'tests',
    extracted: code.slice(0, maxShownLength),
    legacyOutcome: legacyCodeOutcome(report, tests),
    cases: caseResults(report, tests),
  }
}

/** Every case as `outcome`, where none was run. */
export function casesWithout(
  outcome: 'compile-error' | 'not-run',
  tests: CodeTests,
): readonly CaseResult[] {
  return tests.cases.map(() => ({ outcome, cpuMs: 0, memoryMiB: 0 }))
}

/** How each case came out, in order; none where the program did not run. */
export function caseOutcomes(report: SandboxReport, tests: CodeTests): CaseOutcome[] {
  if (report.kind !== 'ran') return []
  return report.cases.map((run, index) => {
    if (run.end !== 'finished') return run.end
    return isRight(run, tests, index) ? 'accepted' : 'wrong-output'
  })
}

function caseResults(report: SandboxReport, tests: CodeTests): readonly CaseResult[] {
  if (report.kind === 'compile-error') return casesWithout('compile-error', tests)
  const results = casesWithout('not-run', tests)
  if (report.kind === 'sandbox-failure') return results
  const outcomes = caseOutcomes(report, tests)
  return results.map((result, index) => {
    const [outcome, run] = [outcomes[index], report.cases[index]]
    if (outcome === undefined || run === undefined) return result
    return { outcome, cpuMs: run.cpuMs, memoryMiB: run.memoryMiB }
  })
}

function finding(report: SandboxReport, tests: CodeTests): Pick<Judgement, 'outcome' | 'reason'> {
  if (report.kind === 'compile-error') return { outcome: 'wrong', reason: 'compile-error' }
  const outcomes = caseOutcomes(report, tests)
  // A report that lacks a case proves nothing about it.
  if (outcomes.length !== tests.cases.length) {
    return { outcome: 'undecided', reason: 'sandbox-failure' }
  }
  const failure = outcomes.find((outcome) => outcome !== 'accepted')
  if (failure !== undefined) return { outcome: 'wrong', reason: failure }
  return { outcome: 'accepted', reason: 'all-tests-passed' }
}

function isRight(run: CaseRun, tests: CodeTests, index: number): boolean {
  if (tests.kind === 'stdin') {
    const test = tests.cases[index]
    return test !== undefined && sameOutput(run.output, test.output)
  }
  const test = tests.cases[index]
  return test !== undefined && sameValue(run.output, test.expected)
}
