import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import { type CgroupPlace, cgroupPlace } from './cgroup-paths.ts'
import { type CgroupFiles, filesOfVersion } from './cgroup-readings.ts'

/** Where groups are made on this host, and what its version of control groups calls things. */
export type CgroupLayout = {
  /** The directories that hold the groups; one and the same in version 2. */
  readonly memory: string
  readonly pids: string
  /** Undefined where nothing counts the processor time of a group. */
  readonly cpu: string | undefined
  /** The file that takes the memory limit, in bytes. */
  readonly memoryLimit: string
  /** The file that limits swap, and what it takes; not there where swap is not accounted for. */
  readonly swapLimit: (memoryBytes: number) => readonly [file: string, value: string]
  readonly files: CgroupFiles
}

/** What the kernel says of this process, in the formats of /proc/self/mountinfo and /proc/self/cgroup. */
export type CgroupFacts = { readonly mountinfo: string; readonly membership: string }

/** Finds it; throws SandboxUnavailableError where this process cannot limit memory and processes. */
export function findCgroupLayout(facts: CgroupFacts = ownFacts()): CgroupLayout {
  const place = cgroupPlace(facts.mountinfo, facts.membership)
  if (place === undefined) throw noGroups('no control groups for memory and pids are mounted')
  return place.version === 1 ? versionOne(place) : versionTwo(place)
}

function ownFacts(): CgroupFacts {
  return { mountinfo: read('/proc/self/mountinfo'), membership: read('/proc/self/cgroup') }
}

/** Control groups cannot be made here, with what to do about it. */
export function noGroups(missing: string, cause?: unknown): SandboxUnavailableError {
  const mend =
    'run the worker as root (a container must be privileged), or with control groups of its own: systemd-run --user --scope -p Delegate=yes npm start'
  return new SandboxUnavailableError({ missing, mend }, { cause })
}

function versionOne({ memory, pids, cpuacct }: CgroupPlace & { version: 1 }): CgroupLayout {
  const closed = [memory, pids].find((parent) => !isWritable(parent))
  if (closed !== undefined) throw noGroups(`${closed} is not writable`)
  return {
    memory,
    pids,
    cpu: cpuacct !== undefined && isWritable(cpuacct) ? cpuacct : undefined,
    memoryLimit: 'memory.limit_in_bytes',
    swapLimit: (memoryBytes) => ['memory.memsw.limit_in_bytes', String(memoryBytes)],
    files: filesOfVersion[1],
  }
}

/** Version 2 lets a group give limits to its children, or hold processes, but not both. */
function versionTwo({ mount, own }: CgroupPlace & { version: 2 }): CgroupLayout {
  const parent = upwards(own, mount).find((directory) => delegates(directory))
  if (parent === undefined) {
    throw noGroups(`no control group from ${own} upwards lets this process limit children`)
  }
  return {
    memory: parent,
    pids: parent,
    // Every group of version 2 counts it, whatever its controllers.
    cpu: parent,
    memoryLimit: 'memory.max',
    swapLimit: () => ['memory.swap.max', '0'],
    files: filesOfVersion[2],
  }
}

function upwards(from: string, to: string): string[] {
  return from === to || !from.startsWith(to) ? [to] : [from, ...upwards(dirname(from), to)]
}

function delegates(directory: string): boolean {
  if (!isWritable(directory) || !isWritable(join(directory, 'cgroup.procs'))) return false
  const control = join(directory, 'cgroup.subtree_control')
  const limits = () => ['memory', 'pids'].every((name) => read(control).split(/\s/).includes(name))
  if (limits()) return true
  try {
    writeFileSync(control, '+memory +pids')
  } catch {
    return false // It holds processes, or its own parent gives it no controllers.
  }
  return limits()
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}
