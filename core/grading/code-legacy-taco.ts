import type { CaseRun } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { LegacyRuns } from './code-legacy.ts'
import { equalsOrFirst, looksLike } from './legacy-comparison.ts'

/** How the scorer notes one case: `np.all` takes every note but false for a pass. */
type Note = 'passed' | 'false' | 'truthy-failure'

/** It stops a case after this wall time (taco_util.py, `TIMEOUT`). */
const timeoutMs = 4_000

/**
 * The scorer of TACO (taco_util.py, taco_handler.py). It takes `np.all` over notes of which the
 * failures are -1, -2 and -3, all truthy, and stops at the first failure: so a program that does not
 * compile, lacks its function, or first fails by running out of time (in call style: by any
 * exception) is accepted.
 */
export function passesTaco({ runs, tests }: LegacyRuns): boolean {
  for (const [index, run] of runs.entries()) {
    const note =
      tests.kind === 'stdin' ? noteOutput(run, tests, index) : noteCall(run, tests, index)
    if (note !== 'passed') return note === 'truthy-failure'
  }
  return true
}

/** Whole programs: the exit code is not looked at, only what was printed. */
function noteOutput(run: CaseRun, tests: CodeTests & { kind: 'stdin' }, index: number): Note {
  if (ranOutOfTime(run)) return 'truthy-failure'
  const passed = looksLike(run.output, tests.cases[index]?.output ?? '')
  return passed ? 'passed' : 'false'
}

/** Calls: every exception, the timer's included, is noted as a truthy runtime error. */
function noteCall(run: CaseRun, tests: CodeTests & { kind: 'call' }, index: number): Note {
  if (ranOutOfTime(run)) return 'truthy-failure'
  if (run.end === 'runtime-error' || run.end === 'refused' || run.end === 'missing-function') {
    return 'truthy-failure'
  }
  if (run.end !== 'finished') return 'false'
  const passed = equalsOrFirst(run.output, tests.cases[index]?.expected)
  return passed ? 'passed' : 'false'
}

function ranOutOfTime({ end, cpuMs }: CaseRun): boolean {
  return end === 'time-limit' || end === 'not-run' || cpuMs > timeoutMs
}
