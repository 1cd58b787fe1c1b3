import { readdirSync, readFileSync } from 'node:fs'

/** Often enough to see most short-lived processes, seldom enough to cost nothing. */
const sampleMs = 100

/**
 * Measures how long the processes of a sandbox were kept waiting for a processor: time in which one
 * of them could have run and did not, because the machine was busy. What sleeps is not waiting.
 */
export class WaitMeter {
  readonly #processes: () => readonly number[]
  readonly #timer: NodeJS.Timeout
  #seen: ReadonlyMap<string, number> = new Map()
  #sampledAt = performance.now()
  #waitedMs = 0

  /** Starts to measure; `processes` lists what is in the sandbox, by ids of this host. */
  constructor(processes: () => readonly number[]) {
    this.#processes = processes
    this.#timer = setInterval(() => this.#sample(), sampleMs)
  }

  /** Milliseconds waited since the last time this was asked. */
  take(): number {
    this.#sample()
    const waited = this.#waitedMs
    this.#waitedMs = 0
    return waited
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Where several wait at once, the time counts once: as long as the longest of them. */
  #sample(): void {
    const [now, waits] = [performance.now(), waitsOf(this.#processes())]
    const longest = Math.max(
      0,
      ...[...waits].map(([task, waitedMs]) => waitedMs - (this.#seen.get(task) ?? 0)),
    )
    this.#waitedMs += Math.min(longest, now - this.#sampledAt)
    this.#sampledAt = now
    this.#seen = waits
  }
}

/** Milliseconds that each task has waited on a run queue so far (schedstats: proc(5)). */
function waitsOf(processes: readonly number[]): Map<string, number> {
  const waits = new Map<string, number>()
  for (const id of processes) {
    for (const task of entriesOf(`/proc/${id}/task`)) {
      const waitedNs = readSchedstat(`/proc/${id}/task/${task}/schedstat`)
      if (waitedNs !== undefined) waits.set(task, waitedNs / 1e6)
    }
  }
  return waits
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // The process has ended.
  }
}

/** The second figure; undefined where the task has ended, or the kernel keeps none. */
function readSchedstat(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8').split(' ')[1])
  } catch {
    return undefined
  }
}
