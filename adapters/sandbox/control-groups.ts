import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CgroupLayout, findCgroupLayout, noGroups } from './cgroup-layout.ts'
import { type GroupUsage, outOfMemoryKillsIn, usageOf } from './cgroup-readings.ts'
import { killAndRemove, processesIn, removeGroup, removeStale } from './cgroup-removal.ts'
import { isAlive, thisProcess } from './process-identity.ts'

export type GroupLimits = { readonly memoryMiB: number; readonly processes: number }

/** The control group of one entry into the sandbox: limits what it takes, and ends all of it. */
export interface ControlGroup {
  /** Files into which a process writes `0` to enter the group. */
  readonly entrances: readonly string[]
  /** What is in the group now, by ids of this host. */
  processes(): readonly number[]
  usage(): GroupUsage
  /** Processes killed in the group, so far, for want of memory. */
  outOfMemoryKills(): Promise<number>
  /** Kills what is in the group, waits until it is gone, and removes the group. */
  remove(): Promise<void>
}

/** Makes control groups beside or below this process's own. */
export interface ControlGroups {
  create(limits: GroupLimits): ControlGroup
}

const prefix = 'sky-t1'

/** Groups that this process has made so far; numbers their names. */
let made = 0

/**
 * Finds where this process may make control groups, and removes those that dead workers left.
 * Throws SandboxUnavailableError where memory and processes cannot be limited.
 */
export function openControlGroups(): ControlGroups {
  const layout = findCgroupLayout()
  for (const parent of directoriesOf(layout)) removeStale(parent, isOfDeadWorker)
  return { create: (limits) => createGroup(layout, limits) }
}

function createGroup(layout: CgroupLayout, limits: GroupLimits): ControlGroup {
  made += 1
  const name = `${prefix}-${thisProcess()}-${made}`
  const [memory, pids] = [join(layout.memory, name), join(layout.pids, name)]
  const directories = directoriesOf(layout).map((parent) => join(parent, name))
  const memoryBytes = limits.memoryMiB * 1024 * 1024
  try {
    for (const directory of directories) mkdirSync(directory)
    writeFileSync(join(memory, layout.memoryLimit), String(memoryBytes))
    writeFileSync(join(pids, 'pids.max'), String(limits.processes))
  } catch (cause) {
    for (const directory of directories) removeGroup(directory)
    throw noGroups(`cannot make the control group ${directories.join(', ')}`, cause)
  }
  limitSwap(memory, layout.swapLimit(memoryBytes))
  const cpu = layout.cpu && join(layout.cpu, name)
  const address = { memory, cpu, files: layout.files }
  return {
    entrances: directories.map((directory) => join(directory, 'cgroup.procs')),
    processes: () => processesIn(memory),
    usage: () => usageOf(address),
    outOfMemoryKills: async () => outOfMemoryKillsIn(address) ?? 0,
    remove: () => killAndRemove(directories),
  }
}

/** The directories that hold groups: one for each controller in version 1, one in version 2. */
function directoriesOf({ memory, pids, cpu }: CgroupLayout): string[] {
  return [...new Set([memory, pids, ...(cpu === undefined ? [] : [cpu])])]
}

function limitSwap(directory: string, [file, value]: readonly [string, string]): void {
  try {
    writeFileSync(join(directory, file), value)
  } catch {
    // Without swap accounting a program may be swapped out: slower, but no heavier on memory.
  }
}

function isOfDeadWorker(name: string): boolean {
  const owner = new RegExp(`^${prefix}-(\\d+-\\d+)-\\d+$`).exec(name)?.[1]
  return owner !== undefined && !isAlive(owner)
}
