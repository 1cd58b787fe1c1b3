import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CgroupLayout, findCgroupLayout, noGroups } from './cgroup-layout.ts'
import { isAlive, thisProcess } from './process-identity.ts'

export type GroupLimits = { readonly memoryMiB: number; readonly processes: number }

/** The control group of one entry into the sandbox: limits what it takes, and ends all of it. */
export interface ControlGroup {
  /** Files into which a process writes `0` to enter the group. */
  readonly entrances: readonly string[]
  /** What is in the group now, by ids of this host. */
  processes(): readonly number[]
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
/** 5 s in all: a killed namespace is gone within milliseconds, also under load. */
const removalAttempts = 500
const removalPauseMs = 10

/** Groups that this process has made so far; numbers their names. */
let made = 0

/**
 * Finds where this process may make control groups, and removes those that dead workers left.
 * Throws SandboxUnavailableError where memory and processes cannot be limited.
 */
export function openControlGroups(): ControlGroups {
  const layout = findCgroupLayout()
  for (const parent of new Set([layout.memory, layout.pids])) removeStale(parent)
  return { create: (limits) => createGroup(layout, limits) }
}

function createGroup(layout: CgroupLayout, limits: GroupLimits): ControlGroup {
  made += 1
  const name = `${prefix}-${thisProcess()}-${made}`
  const [memory, pids] = [join(layout.memory, name), join(layout.pids, name)]
  const directories = [...new Set([memory, pids])]
  const memoryBytes = limits.memoryMiB * 1024 * 1024
  try {
    for (const directory of directories) mkdirSync(directory)
    writeFileSync(join(memory, layout.memoryLimit), String(memoryBytes))
    writeFileSync(join(pids, 'pids.max'), String(limits.processes))
  } catch (cause) {
    for (const directory of directories) remove(directory)
    throw noGroups(`cannot make the control group ${directories.join(', ')}`, cause)
  }
  limitSwap(memory, layout.swapLimit(memoryBytes))
  return {
    entrances: directories.map((directory) => join(directory, 'cgroup.procs')),
    processes: () => processesIn(memory),
    async outOfMemoryKills() {
      const events = await readFile(join(memory, layout.memoryEvents), 'utf8')
      return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0)
    },
    remove: () => killAndRemove(directories),
  }
}

function limitSwap(directory: string, [file, value]: readonly [string, string]): void {
  try {
    writeFileSync(join(directory, file), value)
  } catch {
    // Without swap accounting a program may be swapped out: slower, but no heavier on memory.
  }
}

async function killAndRemove(directories: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < removalAttempts; attempt += 1) {
    for (const directory of directories) killAll(directory)
    const left = directories.filter((directory) => !remove(directory))
    if (left.length === 0) return
    await sleep(removalPauseMs)
  }
  throw new Error(`processes in ${directories.join(', ')} do not die; the kernel holds them`)
}

function killAll(directory: string): void {
  for (const id of processesIn(directory)) {
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      // It ended in the meantime.
    }
  }
}

function processesIn(directory: string): number[] {
  try {
    const ids = readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').map(Number)
    // 0 is a process of another pid namespace; to kill, it would mean every process of ours.
    return ids.filter((id) => id > 0)
  } catch {
    return []
  }
}

/** Whether the group is gone; one whose last process is still ending cannot be removed yet. */
function remove(directory: string): boolean {
  try {
    rmdirSync(directory)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${prefix}-(\\d+-\\d+)-\\d+$`).exec(name)?.[1]
    if (owner === undefined || isAlive(owner)) continue
    killAll(join(parent, name))
    remove(join(parent, name))
  }
}
