import process from 'node:process'
import { createBubblewrapSandbox } from '../../../adapters/sandbox/bubblewrap-sandbox.ts'
import { caseOutcomes, judgeCode } from '../../../core/grading/code-judgement.ts'
import type { CaseRun, SandboxJob, SandboxLimits } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'
import { controlGroupsOf } from './host-traces.ts'

/** The Python that set-up made for programs, with numpy; else whichever there is. */
export const python = process.env['SKY_T1_SANDBOX_PYTHON'] ?? 'python3'

/** One real sandbox for the tests of a file. */
export const sandbox = createBubblewrapSandbox({ python, parallelism: 2 })

/** Small, so that a hostile program that gets out does the host no harm. */
const limits: SandboxLimits = { cpuSeconds: 1, memoryMiB: 96, outputKiB: 64 }

type StdinCases = Array<{ input: string; output: string }>
type CallCases = Extract<CodeTests, { kind: 'call' }>['cases']

/** A job of a whole program. */
export function program(code: string, cases: StdinCases = [{ input: '', output: '' }]): SandboxJob {
  return { language: 'python', code, tests: { kind: 'stdin', cases }, limits }
}

/** A job of a function `f`, or the method `f` of `class Solution`. */
export function called(
  code: string,
  cases: CallCases = [{ arguments: [], expected: 1 }],
): SandboxJob {
  return { language: 'python', code, tests: { kind: 'call', function: 'f', cases }, limits }
}

/** Runs and judges: the reason of the verdict, and what each case came to. */
export async function verdictOn(job: SandboxJob) {
  const report = await sandbox.run(job)
  const { outcome, reason } = judgeCode(report, job.tests, job.code)
  return { outcome, reason, cases: caseOutcomes(report, job.tests) }
}

/** The only case of a job, as it ran. */
export async function onlyRun(job: SandboxJob): Promise<CaseRun> {
  const report = await sandbox.run(job)
  const run = report.kind === 'ran' ? report.cases[0] : undefined
  if (run === undefined) throw new Error(`no case ran: ${JSON.stringify(report)}`)
  return run
}

/** What a program prints as JSON; its errors where it prints nothing. */
export async function outputOf(code: string): Promise<unknown> {
  const { output, error } = await onlyRun(program(code))
  return output === '' ? error : JSON.parse(output)
}

/** After a hostile program: the next verdict is right, and nothing is left on the host. */
export async function assertUnharmed(): Promise<void> {
  const { reason } = await verdictOn(program('print(1 + 1)', [{ input: '', output: '2' }]))
  const left = controlGroupsOf(process.pid)
  if (reason === 'all-tests-passed' && left.length === 0) return
  throw new Error(
    `the next program ended with ${reason}; left behind: ${left.join(', ') || 'nothing'}`,
  )
}
