import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** 5 s in all: a killed namespace is gone within milliseconds, also under load. */
const removalMs = 5_000
const firstPauseMs = 1
const longestPauseMs = 20

/** Kills what is in the directories of one group, waits until it is gone, and removes them. */
export async function killAndRemove(directories: readonly string[]): Promise<void> {
  const deadline = performance.now() + removalMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    for (const directory of directories) killAll(directory)
    const left = directories.filter((directory) => !removeGroup(directory))
    if (left.length === 0) return
    if (performance.now() > deadline) {
      throw new Error(`processes in ${left.join(', ')} do not die; the kernel holds them`)
    }
    await sleep(pauseMs)
  }
}

/** Kills all that a group holds at this moment. */
function killAll(directory: string): void {
  try {
    // Version 2, from Linux 5.14 on: whole, however fast it forks.
    writeFileSync(join(directory, 'cgroup.kill'), '1')
  } catch {
    for (const id of processesIn(directory)) kill(id)
  }
}

/** What is in a group now, by ids of this host. */
export function processesIn(directory: string): number[] {
  try {
    const ids = readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').map(Number)
    // 0 is a process of another pid namespace; to kill, it would mean every process of ours.
    return ids.filter((id) => id > 0)
  } catch {
    return []
  }
}

/** Whether the group is gone; one whose last process is still ending cannot be removed yet. */
export function removeGroup(directory: string): boolean {
  try {
    rmdirSync(directory)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

/** Removes the groups below a directory of which `isStale`, asked with their names, says so. */
export function removeStale(parent: string, isStale: (name: string) => boolean): void {
  for (const name of readdirSync(parent).filter(isStale)) {
    killAll(join(parent, name))
    removeGroup(join(parent, name))
  }
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It ended in the meantime.
  }
}
