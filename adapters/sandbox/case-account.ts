import type { CaseRun } from '../../core/ports/code-sandbox.ts'
import type { ControlGroup } from './control-groups.ts'

/** What one case took. */
export type CaseCost = Pick<CaseRun, 'cpuMs' | 'memoryMiB'>

/** Making the sandbox takes some, and no two counters agree to the millisecond. */
const leastHiddenMs = 100

/**
 * Adds to what the driver counted for a case what it cannot see: processor time of processes that
 * nobody waited for, and the memory of several processes at once. Its source is the control group,
 * less what the driver itself has taken.
 */
export class CaseAccount {
  readonly #group: ControlGroup
  /** What earlier cases were found to have taken. */
  #earlierMs = 0
  /** The peak before this case; undefined where it is not known. */
  #peakMiB: number | undefined = 0

  constructor(group: ControlGroup) {
    this.#group = group
  }

  /** Milliseconds of processor time in this case, so far; 0 where nothing counts them. */
  cpuMs(driverMs: number): number {
    const { cpuMs } = this.#group.usage()
    return cpuMs === undefined ? 0 : Math.max(0, cpuMs - driverMs - this.#earlierMs)
  }

  /** The whole cost of a case that has ended; the next begins. */
  close(counted: CaseCost, driverMs: number): CaseCost {
    const { cpuMs: totalMs, peakMiB } = this.#group.usage()
    const seenMs = totalMs === undefined ? 0 : totalMs - driverMs - this.#earlierMs
    const peakRose = this.#peakMiB !== undefined && (peakMiB ?? 0) > this.#peakMiB
    this.#earlierMs = totalMs === undefined ? this.#earlierMs + counted.cpuMs : totalMs - driverMs
    this.#peakMiB = peakMiB
    return {
      cpuMs: seenMs - counted.cpuMs < leastHiddenMs ? counted.cpuMs : Math.round(seenMs),
      memoryMiB: Math.max(counted.memoryMiB, peakRose ? (peakMiB ?? 0) : 0),
    }
  }
}
