import type { CaseRun, SandboxReport } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { Judgement } from '../verdict.ts'
import { sameOutput, tokenRule } from './code-comparison.ts'
import { legacyCodeOutcome } from './code-legacy.ts'
import { equalityRule, sameValue } from './value-comparison.ts'

/** What a checker found out about a case that finished. */
export type Finding = 'accepted' | 'wrong-output' | 'suspect-tests' | 'checker-failure'

/** How a case came out, once its output has been compared. */
export type CaseOutcome = Finding | 'compile-error' | Exclude<CaseRun['end'], 'finished'>

/** One test case of a judged program. */
export type CaseResult = {
  readonly outcome: CaseOutcome
  readonly cpuMs: number
  readonly memoryMiB: number
}

/** A judgement with what became of each test case, in order; a stored verdict leaves those out. */
export type CodeJudgement = Judgement & {
  readonly cases: readonly CaseResult[]
  /** What the compiler said, or what the sandbox lacks and what mends it; null where neither speaks. */
  readonly message: string | null
}

/** What was found out about each case by a checker that is a program; undefined for those not checked. */
export type CheckedCases = ReadonlyArray<Finding | undefined>

/** Characters of the program that are kept beside the verdict. */
const maxShownLength = 2_000

/**
 * Judges a program by what its cases left behind. Accepted (`all-tests-passed`) if every case
 * passed; else wrong, for the reason of the first that did not: `wrong-output`, `runtime-error`,
 * `time-limit`, `memory-limit`, `output-limit`, `missing-function`, `refused`; or `compile-error`
 * for all. Undecided where only cases failed whose tests (`suspect-tests`) or checker
 * (`checker-failure`) cannot tell, where the language is not there (`language-unavailable`) and
 * where the sandbox failed (`sandbox-failure`).
 */
export function judgeCode(report: SandboxReport, tests: CodeTests, code: string): CodeJudgement {
  return judgeChecked({ report, tests, code }, [])
}

/** The same, where a checker that is a program has seen the outputs. */
export function judgeChecked(
  {
    report,
    tests,
    code,
  }: { readonly report: SandboxReport; readonly tests: CodeTests; readonly code: string },
  checked: CheckedCases,
): CodeJudgement {
  const outcomes = caseOutcomes(report, tests, checked)
  return {
    ...verdictOf(report, tests, outcomes),
    tier: 'tests',
    extracted: code.slice(0, maxShownLength),
    legacyOutcome: legacyCodeOutcome(report, tests, code),
    cases: caseResults(report, tests, outcomes),
    message: report.kind === 'ran' ? null : report.message,
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
export function caseOutcomes(
  report: SandboxReport,
  tests: CodeTests,
  checked: CheckedCases = [],
): CaseOutcome[] {
  if (report.kind !== 'ran') return []
  return report.cases.map((run, index) => {
    if (run.end !== 'finished') return run.end
    return checked[index] ?? findingOn(run, tests, index)
  })
}

function findingOn(run: CaseRun, tests: CodeTests, index: number): Finding {
  const kind = tests.checker?.kind
  if (kind === 'program') return 'checker-failure' // It should have been asked before.
  if (isRight(run, tests, index)) return 'accepted'
  return kind === 'none' ? 'suspect-tests' : 'wrong-output'
}

function isRight({ output }: CaseRun, tests: CodeTests, index: number): boolean {
  if (tests.kind === 'stdin') {
    const { cases, checker = tokenRule } = tests
    const rule = checker.kind === 'none' || checker.kind === 'program' ? tokenRule : checker
    const test = cases[index]
    return test !== undefined && sameOutput(output, test.output, rule)
  }
  const { cases, checker = equalityRule } = tests
  const rule = checker.kind === 'none' || checker.kind === 'program' ? equalityRule : checker
  const test = cases[index]
  return test !== undefined && sameValue(output, test.expected, rule)
}

function verdictOf(
  report: SandboxReport,
  tests: CodeTests,
  outcomes: readonly CaseOutcome[],
): Pick<Judgement, 'outcome' | 'reason'> {
  if (report.kind === 'compile-error') return { outcome: 'wrong', reason: 'compile-error' }
  if (report.kind !== 'ran') return { outcome: 'undecided', reason: report.kind }
  // A report that lacks a case proves nothing about it.
  if (outcomes.length !== tests.cases.length) {
    return { outcome: 'undecided', reason: 'sandbox-failure' }
  }
  const failure = outcomes.find((outcome) => outcome !== 'accepted' && !decidesNothing(outcome))
  if (failure !== undefined) return { outcome: 'wrong', reason: failure }
  const open = outcomes.find(decidesNothing)
  if (open !== undefined) return { outcome: 'undecided', reason: open }
  return { outcome: 'accepted', reason: 'all-tests-passed' }
}

function decidesNothing(outcome: CaseOutcome): boolean {
  return outcome === 'suspect-tests' || outcome === 'checker-failure'
}

function caseResults(
  report: SandboxReport,
  tests: CodeTests,
  outcomes: readonly CaseOutcome[],
): readonly CaseResult[] {
  if (report.kind === 'compile-error') return casesWithout('compile-error', tests)
  const results = casesWithout('not-run', tests)
  if (report.kind !== 'ran') return results
  return results.map((result, index) => {
    const [outcome, run] = [outcomes[index], report.cases[index]]
    if (outcome === undefined || run === undefined) return result
    return { outcome, cpuMs: run.cpuMs, memoryMiB: run.memoryMiB }
  })
}
