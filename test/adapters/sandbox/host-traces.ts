import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Control groups that a worker's sandboxes have on this host. */
export function controlGroupsOf(worker: number): string[] {
  const search = ['/sys/fs/cgroup', '-type', 'd', '-name', `sky-t1-${worker}-*`]
  // Its status says no more than that others removed groups while it looked.
  const { stdout, error } = spawnSync('find', search, { encoding: 'utf8' })
  if (error !== undefined) throw error
  return stdout.split('\n').filter((path) => path !== '')
}

/** Processes in control groups; none in a group that is gone. */
export function processesIn(groups: readonly string[]): string[] {
  return groups.flatMap((group) => {
    try {
      return readFileSync(join(group, 'cgroup.procs'), 'utf8')
        .split('\n')
        .filter((id) => id !== '')
    } catch (error) {
      if (existsSync(group)) throw error
      return []
    }
  })
}
