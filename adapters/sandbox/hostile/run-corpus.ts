import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { type CodeSandbox, SandboxUnavailableError } from '../../../core/ports/code-sandbox.ts'
import type { HostileProgram } from './corpus.ts'
import { type Trial, tryHostile } from './trial.ts'

/** What to run, and who is told of each program when it has ended. */
export type CorpusRun = {
  readonly programs: readonly HostileProgram[]
  readonly run: CodeSandbox['run']
  readonly tried?: (trial: Trial) => void
}

/**
 * Runs hostile programs in a sandbox, several at once, and tells what became of each, in order.
 * Throws SandboxUnavailableError where the sandbox does not start at all, and what the sandbox throws.
 */
export async function runCorpus({ programs, run, tried }: CorpusRun): Promise<Trial[]> {
  await start(run)
  const lanes = pLimit({ concurrency: availableParallelism(), rejectOnClear: true })
  const trials = programs.map((program) =>
    lanes(async () => {
      const trial = await tryHostile(program, run)
      tried?.(trial)
      return trial
    }),
  )
  try {
    return await Promise.all(trials)
  } catch (error) {
    lanes.clearQueue()
    await Promise.allSettled(trials) // What was made on the host for them is taken away again.
    throw error
  }
}

async function start(run: CodeSandbox['run']): Promise<void> {
  const limits = { cpuSeconds: 5, memoryMiB: 96, outputKiB: 64 }
  const tests = { kind: 'stdin', cases: [{ input: '', output: '' }] } as const
  const report = await run({
    language: 'python',
    code: 'pass',
    tests: { ...tests, cases: [...tests.cases] },
    limits,
  })
  if (report.kind === 'ran') return
  throw new SandboxUnavailableError({
    missing: `a program does not start here (${report.message})`,
    mend: 'run the worker as root, or allow user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  })
}
