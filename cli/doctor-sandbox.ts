import { createCodeSandbox } from '../adapters/sandbox/code-sandbox.ts'
import { readHostileCorpus } from '../adapters/sandbox/hostile/corpus.ts'
import { runCorpus } from '../adapters/sandbox/hostile/run-corpus.ts'
import { controlGroupsLeft } from '../adapters/sandbox/hostile/traces.ts'
import type { Trial } from '../adapters/sandbox/hostile/trial.ts'
import { readDeployment } from '../workers/environment.ts'

/** What became of the hostile corpus on this host. */
export type SandboxReport = {
  readonly contained: boolean
  readonly seconds: number
  readonly trials: readonly Trial[]
  /** Control groups that are still there once all programs have ended. */
  readonly groupsLeft: readonly string[]
}

/** Runs the hostile corpus in this host's sandbox. Throws SandboxUnavailableError where it does not start. */
export async function examineSandbox(
  python: string,
  progress: (line: string) => void,
): Promise<SandboxReport> {
  const started = Date.now()
  const programs = readHostileCorpus()
  const sandbox = createCodeSandbox({ python, image: readDeployment().sandboxImage })
  let ended = 0
  const tried = () => progress(`${(ended += 1)} of ${programs.length} programs`)
  try {
    const trials = await runCorpus({ programs, run: (job) => sandbox.run(job), tried })
    const groupsLeft = controlGroupsLeft()
    const contained = groupsLeft.length === 0 && trials.every(({ seen }) => seen.length === 0)
    return { contained, seconds: (Date.now() - started) / 1000, trials, groupsLeft }
  } finally {
    await sandbox.close()
  }
}

/** The report as lines: a row a kind, with the first program that was not contained, and what it did. */
export function sandboxLines({ seconds, trials, groupsLeft }: SandboxReport): string[] {
  const kinds = [...new Set(trials.map(({ kind }) => kind))]
  const rows = kinds.map((kind) =>
    rowOf(
      kind,
      trials.filter((trial) => trial.kind === kind),
    ),
  )
  const width = Math.max(...kinds.map(({ length }) => length))
  const held = trials.filter(({ seen }) => seen.length === 0).length
  return [
    `${'kind'.padEnd(width)}  programs  contained`,
    ...rows.map(
      ({ kind, count, state }) => `${kind.padEnd(width)}  ${count.padStart(8)}  ${state}`,
    ),
    ...groupsLeft.map((path) => `left behind: ${path}`),
    `${held} of ${trials.length} programs of ${kinds.length} kinds were contained, in ${seconds.toFixed(0)} s`,
  ]
}

function rowOf(kind: string, trials: readonly Trial[]) {
  const loose = trials.filter(({ seen }) => seen.length > 0)
  const [first] = loose
  const state =
    first === undefined
      ? 'yes'
      : `NO (${loose.length}): ${first.name} tries ${first.tries}: ${first.seen.join('; ')}`
  return { kind, count: String(trials.length), state }
}
