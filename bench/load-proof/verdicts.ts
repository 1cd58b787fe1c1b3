import { createBubblewrapSandbox } from '../../adapters/sandbox/bubblewrap-sandbox.ts'
import { caseOutcomes } from '../../core/grading/code-judgement.ts'
import type { CodeSandbox } from '../../core/ports/code-sandbox.ts'
import { type KnownJob, loadProofLimits, workingProgram } from './programs.ts'

/** Judges every job, so many at once; a verdict is its reason and how each case came out. */
export async function verdictsOf(
  jobs: readonly KnownJob[],
  { python, parallelism }: { readonly python: string; readonly parallelism: number },
): Promise<string[]> {
  const sandbox = createBubblewrapSandbox({ python, parallelism })
  try {
    return await Promise.all(jobs.map(({ job }) => verdictOf(sandbox, job)))
  } finally {
    await sandbox.close()
  }
}

/**
 * Steps of work that a program gets done here in a second of processor time when nothing disturbs it:
 * the most of several times, since a neighbour may slow the processor down by half.
 */
export async function stepsPerSecond(python: string): Promise<number> {
  const sandbox = createBubblewrapSandbox({ python, parallelism: 1 })
  const steps = 1_000_000
  const done = { input: '', output: 'done' }
  try {
    const job = {
      language: 'python',
      code: workingProgram(steps),
      tests: { kind: 'stdin', cases: Array.from({ length: 10 }, () => done) },
      limits: { ...loadProofLimits, cpuSeconds: 30 },
    } as const
    const report = await sandbox.run(job)
    if (report.kind !== 'ran') throw new Error(`the sandbox failed: ${JSON.stringify(report)}`)
    return (1000 * steps) / Math.min(...report.cases.map(({ cpuMs }) => cpuMs))
  } finally {
    await sandbox.close()
  }
}

async function verdictOf(sandbox: CodeSandbox, job: KnownJob['job']): Promise<string> {
  const report = await sandbox.run(job)
  if (report.kind !== 'ran') return `${report.kind} ${report.message}`
  const outcomes = caseOutcomes(report, job.tests)
  const reason = outcomes.find((outcome) => outcome !== 'accepted') ?? 'all-tests-passed'
  return `${reason} [${outcomes.join(' ')}]`
}
