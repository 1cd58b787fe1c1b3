import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Control groups that a worker's sandboxes have on this host. */
export function controlGroupsOf(worker: number): string[] {
  const name = `sky-t1-${worker}-*`
  const found = execFileSync(
    'find',
    ['/sys/fs/cgroup', '-ignore_readdir_race', '-type', 'd', '-name', name],
    {
      encoding: 'utf8',
    },
  )
  return found.split('\n').filter((path) => path !== '')
}

/** Processes in control groups. */
export function processesIn(groups: readonly string[]): string[] {
  return groups.flatMap((group) =>
    readFileSync(join(group, 'cgroup.procs'), 'utf8')
      .split('\n')
      .filter((id) => id !== ''),
  )
}
