import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { release, version } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** A proof that was given on this host since it started, kept under all that it rests on. */
export interface ProofRecord {
  readonly stands: boolean
  /** Keeps the proof, and drops those of earlier start-ups. */
  keep(): void
}

const Kept = z.strictObject({ boot: z.string() })
const ownFiles = /^isolation-[0-9a-f]{64}\.json$/
/** The code that confines, and the corpus that proves it. */
const code = ['../../../adapters/sandbox', '../../../infra/sandbox'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/**
 * The record of a proof in a directory. It stands for this start-up of the host, this kernel, the
 * rights of this process, this version of the sandbox and of the corpus, and this setting: texts, of which those that
 * name a file stand for what the file holds.
 */
export function proofRecord(directory: string, setting: readonly string[]): ProofRecord {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const digest = createHash('sha256')
  const basis = [boot, release(), version(), process.arch, ...standing(), ...setting]
  for (const text of basis) digest.update(`${text}\0`)
  for (const path of [...setting, ...code.flatMap(filesBelow)].filter(isFile)) {
    digest.update(path).update(readFileSync(path))
  }
  const file = join(directory, `isolation-${digest.digest('hex')}.json`)
  return {
    get stands() {
      return bootOf(file) === boot
    },
    keep() {
      mkdirSync(directory, { recursive: true })
      for (const name of readdirSync(directory).filter((each) => ownFiles.test(each))) {
        const path = join(directory, name)
        if (bootOf(path) !== boot) rmSync(path, { force: true })
      }
      const unfinished = `${file}.${process.pid}`
      writeFileSync(unfinished, JSON.stringify({ boot }))
      renameSync(unfinished, file)
    },
  }
}

/** What this process may do, and in which container: several share the start-up of one host. */
function standing(): string[] {
  const lines = readFileSync('/proc/self/status', 'utf8').split('\n')
  const rights = lines.filter((line) => /^(Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp):/.test(line))
  const spaces = ['pid', 'user', 'cgroup'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`))
  return [...rights, ...spaces]
}

function bootOf(file: string): string | undefined {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8'))).boot
  } catch {
    return undefined // Not there, or of no use: then the proof is given again.
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function isFile(path: string): boolean {
  if (dirname(path) === '.') return false
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
