import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { CodeSandbox, SandboxJob, SandboxReport } from '../../core/ports/code-sandbox.ts'
import type { Confinement } from './confinement.ts'
import { proveIsolation } from './isolation-proof.ts'
import { type EntryPart, runCases } from './run-cases.ts'
import { type EntryReport, enterSandbox } from './sandbox-entry.ts'

export type LaneOptions = {
  /** Programs run at once; as many as the machine has processors if left out. */
  readonly parallelism?: number
  /** The directory that proofs of isolation are kept in; none is kept if left out. */
  readonly proofs?: string
  /** Told how many hostile programs a proof is about to run, where it runs all: it takes a minute. */
  readonly proving?: (programs: number) => void
}

/** Users that no system gives out, one for each program run at once (as `isolate` does). */
const firstUser = 60_000

/** A sandbox whose entries are confined as this host can, which is found out when it is first needed. */
export function createSandboxLanes(
  prepare: () => Promise<Confinement>,
  { parallelism = availableParallelism(), proofs, proving }: LaneOptions,
): CodeSandbox {
  const lanes = pLimit({ concurrency: parallelism, rejectOnClear: true })
  const users = createUsers()
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  let confinement: Promise<Confinement> | undefined

  async function ready(): Promise<Confinement> {
    confinement ??= prepare()
    return confinement.catch((error: unknown) => {
      confinement = undefined // What is missing can be installed while the worker runs.
      throw error
    })
  }

  async function enter(
    job: SandboxJob,
    part: EntryPart,
    cleared: Array<Promise<unknown>>,
  ): Promise<EntryReport> {
    const found = await ready()
    const user = users.take()
    const entry = { job, part, user: found.givesUsers ? user : null, signal: closing.signal }
    const entered = enterSandbox(found, entry)
    const isCleared = entered.then((each) => each.isCleared).finally(() => users.giveBack(user))
    // An error of clearing up is told with the report, not while other cases run.
    cleared.push(isCleared.catch((error: unknown) => error))
    return (await entered).report
  }

  /** A lane is free again with the verdict; the sandbox is gone when the report is out. */
  async function runAndClear(job: SandboxJob): Promise<SandboxReport> {
    const cleared: Array<Promise<unknown>> = []
    const report = lanes(() => runCases(job, (part) => enter(job, part, cleared)))
    await report.catch(() => {}) // It is awaited again below, once all is cleared.
    const failed = (await Promise.all(cleared)).find((error) => error !== undefined)
    if (failed !== undefined) throw failed
    return await report
  }

  /** Is waited for when the sandbox is closed. */
  function kept<Result>(work: Promise<Result>): Promise<Result> {
    running.add(work)
    return work.finally(() => running.delete(work))
  }

  async function run(job: SandboxJob): Promise<SandboxReport> {
    closing.signal.throwIfAborted()
    return kept(runAndClear(job))
  }

  return {
    run,
    async prove() {
      const { setting } = await ready()
      await kept(proveIsolation({ run, setting, records: proofs, proving }))
    },
    async close() {
      closing.abort(new Error('the sandbox is closed'))
      lanes.clearQueue()
      await Promise.allSettled(running)
      const found = await confinement?.catch(() => undefined)
      await found?.close?.()
    },
  }
}

/** Gives every sandbox that stands a user of its own. */
function createUsers() {
  const free: number[] = []
  let given = 0
  return {
    take(): number {
      const user = free.pop() ?? firstUser + given
      if (user === firstUser + given) given += 1
      return user
    },
    giveBack(user: number): void {
      free.push(user)
    },
  }
}
