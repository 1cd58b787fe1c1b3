import type { CaseRun } from '../../core/ports/code-sandbox.ts'
import type { ControlGroup, GroupUsage } from './control-groups.ts'

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
  #before: GroupUsage
  #driverMsBefore = 0

  constructor(group: ControlGroup) {
    this.#group = group
    this.#before = group.usage()
  }

  /** Milliseconds of processor time in this case, so far; 0 where nothing counts them. */
  cpuMs(driverMs: number): number {
    const total = this.#group.usage().cpuMs ?? 0
    return Math.max(0, total - (this.#before.cpuMs ?? 0) - (driverMs - this.#driverMsBefore))
  }

  /** The whole cost of a case that has ended; the next begins. */
  close(counted: CaseCost, driverMs: number): CaseCost {
    const cpuMs = this.cpuMs(driverMs)
    const usage = this.#group.usage()
    const peakRose = (usage.peakMiB ?? 0) > (this.#before.peakMiB ?? 0)
    this.#before = usage
    this.#driverMsBefore = driverMs
    return {
      cpuMs: cpuMs - counted.cpuMs < leastHiddenMs ? counted.cpuMs : Math.round(cpuMs),
      memoryMiB: peakRose ? Math.max(counted.memoryMiB, usage.peakMiB ?? 0) : counted.memoryMiB,
    }
  }
}
