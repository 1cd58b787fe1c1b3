import { type CodeSandbox, SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import { readHostileCorpus } from './hostile/corpus.ts'
import { type ProofRecord, proofRecord } from './hostile/proof-record.ts'
import { runCorpus } from './hostile/run-corpus.ts'
import type { Trial } from './hostile/trial.ts'

/** A sandbox that is to be proven. */
export type Proof = {
  readonly run: CodeSandbox['run']
  /** All of this host that its confinement rests on: arguments, versions, paths of programs. */
  readonly setting: readonly string[]
  /** The directory that proofs are kept in; undefined where none is kept. */
  readonly records: string | undefined
  /** Told how many programs there are, where all of them are run. */
  readonly proving?: ((programs: number) => void) | undefined
}

/** Programs that did not stay inside and are told by name; the others are counted. */
const mostNamed = 5

/**
 * Proves on this host that a sandbox contains the hostile corpus: all of it, or a few programs of
 * it where all of it was contained since the host started, by the same sandbox in the same setting.
 * Throws SandboxUnavailableError naming the programs that were not contained, and what they did.
 */
export async function proveIsolation({ run, setting, records, proving }: Proof): Promise<void> {
  const record = records === undefined ? undefined : proofRecord(records, setting)
  const corpus = readHostileCorpus()
  const programs = record?.stands === true ? corpus.filter(({ always }) => always) : corpus
  if (programs === corpus) proving?.(corpus.length)
  const loose = (await runCorpus({ programs, run })).filter(({ seen }) => seen.length > 0)
  if (loose.length > 0) throw doesNotHold(loose, programs.length)
  if (programs === corpus) keep(record)
}

function keep(record: ProofRecord | undefined): void {
  try {
    record?.keep()
  } catch {
    // A directory that cannot be written costs time at the next start, and nothing else.
  }
}

function doesNotHold(loose: readonly Trial[], tried: number): SandboxUnavailableError {
  const named = loose.slice(0, mostNamed).map(({ name, seen }) => `${name}: ${seen.join(', ')}`)
  const others = loose.length > named.length ? `; and ${loose.length - named.length} more` : ''
  return new SandboxUnavailableError({
    missing: `the sandbox does not hold ${loose.length} of ${tried} hostile programs (${named.join('; ')}${others})`,
    mend: 'look at `npx sky-t1 doctor --sandbox`; until it passes run the sandbox pool elsewhere',
  })
}
