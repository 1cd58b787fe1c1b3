import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { CaseEnd, CaseRun, SandboxJob } from '../../core/ports/code-sandbox.ts'
import { CaseAccount } from './case-account.ts'
import { askForCase, jsonOf } from './case-dialogue.ts'
import type { ControlGroup, ControlGroups } from './control-groups.ts'
import { DriverProcess } from './driver-process.ts'
import type { CaseRange } from './run-cases.ts'

/** What every entry on this host needs. */
export type EntryMeans = {
  readonly bwrap: string
  readonly arguments: readonly string[]
  readonly filter: Uint8Array
  readonly groups: ControlGroups
}

/** One entry into the sandbox: a program, and those of its cases that are still to be run. */
export type Entry = {
  readonly job: SandboxJob
  readonly range: CaseRange
  /** The user that the program becomes; null where the sandbox was not started by root. */
  readonly user: number | null
  /** Ends the sandbox with whatever runs in it. */
  readonly signal: AbortSignal
}

/** What an entry found out: cases in order, fewer than asked for where it had to end early. */
export type EntryReport =
  | { readonly kind: 'ran'; readonly cases: readonly CaseRun[] }
  | { readonly kind: 'compile-error'; readonly message: string }
  | { readonly kind: 'sandbox-failure'; readonly message: string }

/** For the driver, its interpreter and what /tmp and the outputs take, beside the program. */
const memoryAllowanceMiB = 64
const processes = 64
/** As the driver's `WALL_PER_CPU_SECOND`. */
const wallPerCpuSecond = 4
/** How long the driver may take to start, or to answer beyond the wall time of a case. */
const graceMs = 30_000

const Reply = z.strictObject({
  nonce: z.string(),
  end: z.enum([
    'finished',
    'runtime-error',
    'time-limit',
    'memory-limit',
    'output-limit',
    'missing-function',
    'compile-error',
    'killed',
  ]),
  output: z.string(),
  error: z.string(),
  cpuMs: z.number(),
  memoryMiB: z.number(),
  clean: z.boolean(),
  driverMs: z.number(),
})
type Reply = z.infer<typeof Reply>

/**
 * Runs cases one after the other in one new sandbox. It ends early where going on would be
 * dishonest or vain: after a time-out, after the driver was lost with a case, and after a case that
 * left files behind.
 */
export async function enterSandbox(means: EntryMeans, entry: Entry): Promise<EntryReport> {
  entry.signal.throwIfAborted()
  const { memoryMiB } = entry.job.limits
  const group = means.groups.create({ memoryMiB: memoryMiB + memoryAllowanceMiB, processes })
  const driver = new DriverProcess({ ...means, entrances: group.entrances })
  const stop = () => driver.kill()
  entry.signal.addEventListener('abort', stop)
  try {
    return await converse(driver, group, entry)
  } finally {
    driver.kill()
    entry.signal.removeEventListener('abort', stop)
    await group.remove()
    await driver.lastWords()
  }
}

async function converse(
  driver: DriverProcess,
  group: ControlGroup,
  { job, range, user, signal }: Entry,
): Promise<EntryReport> {
  const nonce = randomBytes(16).toString('hex')
  const account = new CaseAccount(group)
  const { cpuSeconds } = job.limits
  const timeoutMs = wallMs(job) + graceMs
  const cases: CaseRun[] = []
  let kills = await group.outOfMemoryKills()
  driver.tell(sessionOf(job, nonce, user))
  for (let index = range.from; index < range.to; index += 1) {
    const question = { request: requestOf(job, index), nonce, cpuSeconds, timeoutMs }
    const line = await askForCase({ driver, group, account }, question)
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
    if (reply.end === 'compile-error') return { kind: 'compile-error', message: reply.error }
    const cost = account.close(reply, reply.driverMs)
    const ended = reply.end === 'killed' ? causeOfKill(outOfMemory) : reply.end
    const end = cost.cpuMs > 1000 * cpuSeconds ? 'time-limit' : ended
    cases.push({ end, output: reply.output, error: reply.error, ...cost })
    if (end === 'time-limit' || !reply.clean) break
  }
  return { kind: 'ran', cases }
}

function readReply(line: string): Reply | undefined {
  return Reply.safeParse(jsonOf(line)).data
}

function sessionOf(job: SandboxJob, nonce: string, user: number | null): object {
  const { code, tests, limits } = job
  const called = tests.kind === 'call' ? tests.function : null
  return { nonce, style: tests.kind, code, function: called, user, limits }
}

/** What the driver is told of a case: never what is expected of it. */
function requestOf({ tests }: SandboxJob, index: number): object {
  if (tests.kind === 'stdin') return { input: tests.cases[index]?.input }
  return { arguments: tests.cases[index]?.arguments }
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

function wallMs({ limits }: SandboxJob): number {
  return limits.cpuSeconds * wallPerCpuSecond * 1000
}

function failure(message: string): EntryReport {
  return { kind: 'sandbox-failure', message }
}
