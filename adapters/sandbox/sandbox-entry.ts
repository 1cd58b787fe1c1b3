import { randomBytes } from 'node:crypto'
import type { CaseEnd, CaseRun, SandboxJob, SandboxLimits } from '../../core/ports/code-sandbox.ts'
import { CaseAccount } from './case-account.ts'
import { askForCase } from './case-dialogue.ts'
import { compiled, compilerLimits } from './compile-entry.ts'
import type { Begun, Confinement } from './confinement.ts'
import {
  compilationOf,
  readReply,
  requestOf,
  type SessionKey,
  sessionOf,
} from './driver-messages.ts'
import type { EntryPart } from './run-cases.ts'

/** One entry into the sandbox: a program, and what is to be done with it. */
export type Entry = {
  readonly job: SandboxJob
  readonly part: EntryPart
  /** The user that the program becomes; null where the sandbox was not started by root. */
  readonly user: number | null
  /** Ends the sandbox with whatever runs in it. */
  readonly signal: AbortSignal
}

/** What an entry found out: cases in order, fewer than asked for where it had to end early. */
export type EntryReport =
  | { readonly kind: 'ran'; readonly cases: readonly CaseRun[] }
  | { readonly kind: 'compiled'; readonly executable: string }
  | { readonly kind: 'compile-error'; readonly message: string }
  | { readonly kind: 'language-unavailable'; readonly message: string }
  | { readonly kind: 'sandbox-failure'; readonly message: string }

/** The report, and when nothing of the sandbox is left: killed it is at once. */
export type Entered = { readonly report: EntryReport; readonly isCleared: Promise<void> }

/** For the driver, its interpreter and what /tmp and the outputs take, beside the program. */
const memoryAllowanceMiB = 64
const processes = 64
/** As the driver's `WALL_PER_CPU_SECOND`. */
const wallPerCpuSecond = 4
/** How long the driver may take to start, or to answer beyond the wall time of a case. */
const graceMs = 30_000

/**
 * Runs cases one after the other in one new sandbox. It ends early where going on would be
 * dishonest or vain: after a time-out, after the driver was lost with a case, and after a case that
 * left files behind.
 */
export async function enterSandbox(confinement: Confinement, entry: Entry): Promise<Entered> {
  entry.signal.throwIfAborted()
  const job = limitedTo(entry)
  const { memoryMiB } = job.limits
  const begun = confinement.begin({ memoryMiB: memoryMiB + memoryAllowanceMiB, processes })
  const stop = () => begun.driver.kill()
  entry.signal.addEventListener('abort', stop)
  try {
    return { report: await converse(begun, { ...entry, job }), isCleared: clear(begun) }
  } catch (error) {
    await clear(begun)
    throw error
  } finally {
    entry.signal.removeEventListener('abort', stop)
  }
}

async function clear({ driver, group }: Begun): Promise<void> {
  driver.kill()
  await group.remove()
  await driver.lastWords()
}

/** A compiler has limits of its own. */
function limitedTo({ job, part }: Entry): SandboxJob {
  return part.kind === 'compile' ? { ...job, limits: compilerLimits } : job
}

async function converse(
  { driver, group }: Begun,
  { job, part, user, signal }: Entry,
): Promise<EntryReport> {
  const nonce = randomBytes(16).toString('hex')
  const account = new CaseAccount(group)
  const { cpuSeconds } = job.limits
  const question = { nonce, cpuSeconds, timeoutMs: wallMs(job.limits) + graceMs }
  const cases: CaseRun[] = []
  let kills = 0 // The group is new.
  driver.tell(firstWords(job, part, { nonce, user }))
  const [from, to] = part.kind === 'cases' ? [part.from, part.to] : [0, 1]
  for (let index = from; index < to; index += 1) {
    const request = part.kind === 'cases' ? requestOf(job, index) : {}
    const line = await askForCase({ driver, group, account }, { ...question, request })
    const killsBefore = kills
    if (line === undefined || line.includes('"killed"')) kills = await group.outOfMemoryKills()
    const outOfMemory = kills > killsBefore
    if (line === undefined) {
      signal.throwIfAborted() // Then it says nothing about the program.
      if (outOfMemory) return { kind: 'ran', cases: [...cases, lostToMemory(job)] }
      await group.remove()
      return failure(`the driver ended: ${await driver.lastWords()}`)
    }
    const reply = readReply(line)
    if (reply?.nonce !== nonce) return failure('a reply did not come from the driver')
    if (part.kind === 'compile') return compiled(reply, job)
    if (reply.end === 'compile-error') return { kind: 'compile-error', message: reply.error }
    if (reply.end === 'language-unavailable') return failure('the driver speaks of another task')
    const taken = account.close(reply, reply.driverMs)
    const cost = { ...taken, cpuMs: Math.round(taken.cpuMs / reply.slowdown) }
    const ended = reply.end === 'killed' ? causeOfKill(outOfMemory) : reply.end
    const end = cost.cpuMs > 1000 * cpuSeconds ? 'time-limit' : ended
    cases.push({ end, output: reply.output, error: reply.error, ...cost })
    if (end === 'time-limit' || !reply.clean) break
  }
  return { kind: 'ran', cases }
}

function firstWords(job: SandboxJob, part: EntryPart, key: SessionKey): object {
  return part.kind === 'compile' ? compilationOf(job, key) : sessionOf(job, part, key)
}

/** A program can also kill itself. */
function causeOfKill(outOfMemory: boolean): CaseEnd {
  return outOfMemory ? 'memory-limit' : 'runtime-error'
}

/** The kernel may choose the driver, too, where many small processes have taken the memory. */
function lostToMemory({ limits }: SandboxJob): CaseRun {
  return {
    end: 'memory-limit',
    output: '',
    error: 'the sandbox was out of memory',
    cpuMs: 0,
    memoryMiB: limits.memoryMiB,
  }
}

function wallMs({ cpuSeconds }: SandboxLimits): number {
  return cpuSeconds * wallPerCpuSecond * 1000
}

function failure(message: string): EntryReport {
  return { kind: 'sandbox-failure', message }
}
