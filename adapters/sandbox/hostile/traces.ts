import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { thisProcess } from '../process-identity.ts'

/** Where programs leave files that they want found. */
const sharedDirectories = new Set([
  tmpdir(),
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/dev/mqueue',
  '/run/lock',
])

/**
 * What of a program is still on the host once it has ended, by the name that it gave to everything:
 * processes, files, mounts. It is ended and removed, so that nothing adds up.
 */
export function takeTraces(marker: string): string[] {
  return [...processes(marker), ...files(marker), ...mounts(marker)]
}

/** Control groups of this process's sandboxes: none where nothing runs. */
export function controlGroupsLeft(): string[] {
  const own = `sky-t1-${thisProcess()}-`
  return readdirSync('/sys/fs/cgroup', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(own))
    .map((entry) => join(entry.parentPath, entry.name))
}

function processes(marker: string): string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const left = ids.filter((id) =>
    `${read(`/proc/${id}/comm`)}${read(`/proc/${id}/cmdline`)}`.includes(marker),
  )
  for (const id of left) end(Number(id))
  return left.length === 0 ? [] : [`${left.length} of its processes are still there`]
}

function files(marker: string): string[] {
  const left = [...sharedDirectories].flatMap((directory) =>
    names(directory)
      .filter((name) => name.includes(marker))
      .map((name) => join(directory, name)),
  )
  for (const path of left) rmSync(path, { recursive: true, force: true })
  const [first] = left
  return first === undefined ? [] : [`it left ${left.length} files on the host, ${first} first`]
}

function mounts(marker: string): string[] {
  return read('/proc/self/mountinfo').includes(marker) ? ['it left a mount on the host'] : []
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** A file of /proc; empty where its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function end(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It ended in the meantime.
  }
}
