import { languages } from '../../core/languages.ts'
import type { CaseRun, SandboxJob, SandboxReport } from '../../core/ports/code-sandbox.ts'
import { executionGate } from './execution-gate.ts'
import type { EntryReport } from './sandbox-entry.ts'

/** What one entry is for: to compile the program, or to run cases of it, `from` the first up to `to`. */
export type EntryPart = { readonly kind: 'compile' } | CasesPart

export type CasesPart = {
  readonly kind: 'cases'
  readonly from: number
  readonly to: number
  /** What was compiled, in base64; null for a language that is not. */
  readonly executable: string | null
  /** Processor time is counted in seconds of a reference, whatever slows this processor down. */
  readonly metered: boolean
}

type Enter = (part: EntryPart) => Promise<EntryReport>

/** Below this share of its CPU time a program was waiting by itself, not kept waiting by load. */
const idleShare = 0.05

const notRun: CaseRun = { end: 'not-run', output: '', error: '', cpuMs: 0, memoryMiB: 0 }

/**
 * Compiles a job's program, where its language asks for that, and runs every case in as many entries
 * as it takes. A case that ran out of time is run once more with nothing beside it and its processor
 * time metered; if it runs out again, the program is slow and the rest is not run.
 */
export async function runCases(job: SandboxJob, enter: Enter): Promise<SandboxReport> {
  if (languages[job.language].compile === null) return runAll(job, null, enter)
  const compiled = await executionGate.together(() => enter({ kind: 'compile' }))
  if (compiled.kind === 'compiled') return runAll(job, compiled.executable, enter)
  return failed(compiled)
}

async function runAll(
  job: SandboxJob,
  executable: string | null,
  enter: Enter,
): Promise<SandboxReport> {
  const to = job.tests.cases.length
  const runs: CaseRun[] = []
  while (runs.length < to) {
    const part = { kind: 'cases', executable, to } as const
    const report = await executionGate.together(() =>
      enter({ ...part, from: runs.length, metered: false }),
    )
    if (report.kind !== 'ran') return failed(report)
    runs.push(...report.cases)
    const last = report.cases.at(-1)
    if (last?.end !== 'time-limit') continue
    const at = runs.length - 1
    if (mayBeLoad(last, job)) {
      const again = await executionGate.alone(() =>
        enter({ ...part, from: at, to: at + 1, metered: true }),
      )
      if (again.kind !== 'ran') return failed(again)
      runs.splice(at, 1, ...again.cases)
    }
    if (runs[at]?.end === 'time-limit') while (runs.length < to) runs.push(notRun)
  }
  return { kind: 'ran', cases: runs }
}

/** What an entry says instead of what it was made for. */
function failed(report: EntryReport): SandboxReport {
  if (report.kind !== 'compiled' && report.kind !== 'ran') return report
  return {
    kind: 'sandbox-failure',
    message: `the driver ${report.kind} and was asked for another task`,
  }
}

function mayBeLoad(run: CaseRun, { limits }: SandboxJob): boolean {
  return run.cpuMs >= idleShare * limits.cpuSeconds * 1000
}
