import type { ControlGroup, GroupLimits } from './control-groups.ts'
import type { DriverProcess } from './driver-process.ts'

/** A new sandbox: its driver, and what limits, measures and ends all that is in it. */
export type Begun = { readonly driver: DriverProcess; readonly group: ControlGroup }

/** A way to confine programs that this host offers, with all that it needs found. */
export interface Confinement {
  /** Whether the driver can make a program another user, not just call it so. */
  readonly givesUsers: boolean
  /** All that the confinement rests on: arguments, versions, paths of programs. */
  readonly setting: readonly string[]
  begin(limits: GroupLimits): Begun
  /** Removes what it keeps on this host. */
  close?(): Promise<void>
}
