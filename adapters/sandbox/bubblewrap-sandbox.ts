import { availableParallelism } from 'node:os'
import process from 'node:process'
import pLimit from 'p-limit'
import type { CodeSandbox, SandboxJob, SandboxReport } from '../../core/ports/code-sandbox.ts'
import { prepareHost } from './host-means.ts'
import { proveIsolation } from './isolation-proof.ts'
import { type CaseRange, runCases } from './run-cases.ts'
import { type EntryMeans, type EntryReport, enterSandbox } from './sandbox-entry.ts'

export type BubblewrapSandboxOptions = {
  /** The Python that runs programs; they can import what is installed with it. */
  readonly python: string
  /** Programs run at once; as many as the machine has processors if left out. */
  readonly parallelism?: number
  /** The directory that proofs of isolation are kept in; none is kept if left out. */
  readonly proofs?: string
}

/** Users that no system gives out, one for each program run at once (as `isolate` does). */
const firstUser = 60_000

/** Runs programs under bubblewrap, in control groups that limit their memory and processes. */
export function createBubblewrapSandbox(options: BubblewrapSandboxOptions): CodeSandbox {
  const parallelism = options.parallelism ?? availableParallelism()
  const lanes = pLimit({ concurrency: parallelism, rejectOnClear: true })
  const users = Array.from({ length: parallelism }, (_, lane) => firstUser + lane)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  let means: Promise<EntryMeans> | undefined

  async function ready(): Promise<EntryMeans> {
    means ??= prepareHost(options.python)
    return means.catch((error: unknown) => {
      means = undefined // What is missing can be installed while the worker runs.
      throw error
    })
  }

  async function enter(job: SandboxJob, range: CaseRange): Promise<EntryReport> {
    const found = await ready()
    const user = users.pop() ?? firstUser
    try {
      const privileged = process.getuid?.() === 0
      const entry = { job, range, user: privileged ? user : null, signal: closing.signal }
      return await enterSandbox(found, entry)
    } finally {
      users.push(user)
    }
  }

  async function run(job: SandboxJob): Promise<SandboxReport> {
    closing.signal.throwIfAborted()
    const report = lanes(() => runCases(job, (range) => enter(job, range)))
    running.add(report)
    try {
      return await report
    } finally {
      running.delete(report)
    }
  }

  return {
    run,
    async prove() {
      const { bwrap, arguments: given } = await ready()
      await proveIsolation({ run, setting: [bwrap, ...given], records: options.proofs })
    },
    async close() {
      closing.abort(new Error('the sandbox is closed'))
      lanes.clearQueue()
      await Promise.allSettled(running)
    },
  }
}
