import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cgroupPlace } from './cgroup-paths.ts'
import { processesIn } from './cgroup-removal.ts'

/** What a version of control groups calls the files that tell of a group. */
export type CgroupFiles = {
  readonly cpu: string
  /** Milliseconds from what that file says. */
  readonly cpuMs: (text: string) => number
  /** The most memory that was taken at once, in bytes. */
  readonly memoryPeak: string
  /** The file with the line `oom_kill N`. */
  readonly memoryEvents: string
}

export const filesOfVersion: Readonly<Record<1 | 2, CgroupFiles>> = {
  1: {
    cpu: 'cpuacct.usage',
    cpuMs: (nanoseconds) => Number(nanoseconds) / 1e6,
    memoryPeak: 'memory.max_usage_in_bytes',
    memoryEvents: 'memory.oom_control',
  },
  2: {
    cpu: 'cpu.stat',
    cpuMs: (text) => Number(/^usage_usec (\d+)$/m.exec(text)?.[1] ?? 0) / 1e3,
    memoryPeak: 'memory.peak',
    memoryEvents: 'memory.events',
  },
}

/** Where one group is: a directory for each controller in version 1, one and the same in version 2. */
export type CgroupAddress = {
  readonly memory: string
  /** Undefined where nothing counts the processor time of a group. */
  readonly cpu: string | undefined
  readonly files: CgroupFiles
}

/** What a group has taken since it was made; undefined what this host does not count. */
export type GroupUsage = {
  readonly cpuMs: number | undefined
  readonly peakMiB: number | undefined
}

export function usageOf({ memory, cpu, files }: CgroupAddress): GroupUsage {
  const time = cpu && readIfThere(join(cpu, files.cpu))
  const peak = readIfThere(join(memory, files.memoryPeak))
  return {
    cpuMs: time === undefined ? undefined : files.cpuMs(time),
    peakMiB: peak === undefined ? undefined : Number(peak) / 1024 / 1024,
  }
}

/** Processes killed in a group, so far, for want of memory; undefined if the group is gone. */
export function outOfMemoryKillsIn({ memory, files }: CgroupAddress): number | undefined {
  const events = readIfThere(join(memory, files.memoryEvents))
  if (events === undefined) return undefined
  return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0)
}

/** The group that a process of this host is in; undefined where that is not to be seen from here. */
export function addressOfProcess(id: number): CgroupAddress | undefined {
  const [mountinfo, membership] = ['/proc/self/mountinfo', `/proc/${id}/cgroup`].map(readIfThere)
  const place = cgroupPlace(mountinfo ?? '', membership ?? '')
  if (place === undefined) return undefined
  const { version } = place
  const [memory, cpu] = version === 1 ? [place.memory, place.cpuacct] : [place.own, place.own]
  const isSeen = processesIn(memory).includes(id)
  return isSeen ? { memory, cpu, files: filesOfVersion[version] } : undefined
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // Older kernels do not have all of them.
  }
}
