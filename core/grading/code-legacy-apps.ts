import type { CaseRun } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { LegacyRuns } from './code-legacy.ts'
import { equalsOrFirst, linesLookLike } from './legacy-comparison.ts'

/** How the scorer notes one case: `np.all` takes every note but false for a pass. */
type Note = 'passed' | 'false' | 'truthy-failure' | 'process-ended'

/** It stops a case after this wall time (apps_util.py, `timeout`) … */
const timeoutMs = 4_000
/** … and all cases together after this (apps_handler.py, `TIMEOUT` + 1): nothing noted is a failure. */
const totalTimeoutMs = 11_000

/**
 * The scorer of APPS (apps_util.py, apps_handler.py). It runs the program in its own process, as the
 * body of a function, and takes `np.all` over notes of which the failures are -1 and -2, both truthy:
 * so a program that does not compile, lacks its function, raises or runs out of time is accepted,
 * unless another case printed something wrong or all took too long together. What stands under a
 * main guard it never runs.
 *
 * Further limits: a case that we did not run, since one before it ran out of time, is taken to run
 * out of time, too; whether `exit()`, which it disables, was reached is not known, but where the
 * program ended without an exception before its function returned; programs that reach a variable of
 * their own through `global` raise there, and here do not.
 */
export function passesApps({ runs, tests, code }: LegacyRuns): boolean {
  if (tests.kind === 'stdin' && !isWrappable(code)) return true
  if (tests.kind === 'stdin' && mainGuard.test(code)) return neverRuns(tests)
  const spentMs = runs.reduce((sum, run) => sum + (ranOutOfTime(run) ? timeoutMs : run.cpuMs), 0)
  if (spentMs > totalTimeoutMs) return false
  const notes = runs.map((run, index) =>
    tests.kind === 'stdin' ? noteOutput(run, tests, index) : noteCall(run, { tests, code, index }),
  )
  if (runs.some(({ end }) => end === 'missing-function')) return true // Noted once, for all.
  return notes.every((note) => note === 'passed' || note === 'truthy-failure')
}

const mainGuard = /^if\s*\(?\s*__name__\s*==/m

/** Every case passes only where nothing is expected to be printed. */
function neverRuns({ cases }: CodeTests & { kind: 'stdin' }): boolean {
  return cases.every(({ output }) => linesLookLike('', output))
}

/**
 * Lines that do not begin with an import become the body of a function. Without any there is no
 * function, and an `import *` among them does not compile: both are noted as truthy failures.
 */
function isWrappable(code: string): boolean {
  const lines = code.split('\n')
  const start = lines.findIndex((line) => !isImport(line))
  if (start === -1) return false
  return !lines.slice(start).some((line) => isImport(line) && line.includes('import *'))
}

function isImport(line: string): boolean {
  return line.startsWith('from ') || line.startsWith('import ')
}

function noteOutput(run: CaseRun, tests: CodeTests & { kind: 'stdin' }, index: number): Note {
  if (ranOutOfTime(run) || raised(run)) return 'truthy-failure'
  if (run.end === 'memory-limit' || run.end === 'output-limit' || diedOfSignal(run)) {
    return 'process-ended'
  }
  // `sys.exit` with any code is an end like any other.
  return linesLookLike(run.output, tests.cases[index]?.output ?? '') ? 'passed' : 'false'
}

function noteCall(
  run: CaseRun,
  {
    tests,
    code,
    index,
  }: {
    readonly tests: CodeTests & { kind: 'call' }
    readonly code: string
    readonly index: number
  },
): Note {
  if (ranOutOfTime(run) || raised(run)) return 'truthy-failure'
  // `sys.exit` is no `Exception`, and ends the scorer; `exit` is disabled, and raises.
  if (run.end === 'runtime-error') return callsExit.test(code) ? 'truthy-failure' : 'process-ended'
  if (run.end !== 'finished') return 'process-ended'
  return equalsOrFirst(run.output, tests.cases[index]?.expected) ? 'passed' : 'false'
}

const callsExit = /(?<![.\w])(?:exit|quit)\s*\(/

function raised({ end, error }: CaseRun): boolean {
  if (end === 'refused') return true
  return end === 'runtime-error' && error.includes('Traceback (most recent call last)')
}

function diedOfSignal({ end, error }: CaseRun): boolean {
  return end === 'runtime-error' && /^ended by signal \d+$/m.test(error)
}

function ranOutOfTime({ end, cpuMs }: CaseRun): boolean {
  return end === 'time-limit' || end === 'not-run' || cpuMs > timeoutMs
}
