import { join, posix } from 'node:path'

/** Where this process stands in the control groups that limit memory and processes. */
export type CgroupPlace =
  | {
      readonly version: 1
      readonly memory: string
      readonly pids: string
      /** Where processor time is counted, if it is. */
      readonly cpuacct: string | undefined
    }
  /** `own` is at or below `mount`. */
  | { readonly version: 2; readonly mount: string; readonly own: string }

type Mount = { readonly root: string; readonly point: string; readonly options: readonly string[] }

/**
 * Reads the place from /proc/self/mountinfo and /proc/self/cgroup (formats: proc(5), cgroups(7)).
 * Version 1 where its memory and pids controllers are mounted (a controller is in one version
 * only), else version 2; undefined where there is neither.
 */
export function cgroupPlace(mountinfo: string, membership: string): CgroupPlace | undefined {
  const mounts = mountinfo.split('\n').flatMap(readMount)
  const groups = membership.split('\n').map(readMembership)
  const pathIn = (controller: string): string | undefined => {
    const mount = mounts.find(({ options }) => options.includes(controller))
    const group = groups.find(({ controllers }) => controllers.includes(controller))
    return mount && pathUnder(mount, group?.path ?? '/')
  }
  const [memory, pids, cpuacct] = ['memory', 'pids', 'cpuacct'].map(pathIn)
  if (memory !== undefined && pids !== undefined) return { version: 1, memory, pids, cpuacct }
  const unified = mounts.find(({ options }) => options.includes(versionTwo))
  const group = groups.find(({ controllers }) => controllers.length === 0)
  if (unified === undefined || group === undefined) return undefined
  return { version: 2, mount: unified.point, own: pathUnder(unified, group.path) }
}

const versionTwo = 'cgroup2'

function readMount(line: string): Mount[] {
  const [before = '', after = ''] = line.split(' - ')
  const [, , , root, point] = before.split(' ')
  const [type, , options = ''] = after.split(' ')
  if (root === undefined || point === undefined) return []
  if (type === versionTwo) return [{ root, point, options: [versionTwo] }]
  return type === 'cgroup' ? [{ root, point, options: options.split(',') }] : []
}

function readMembership(line: string): { controllers: readonly string[]; path: string } {
  const [, controllers = '', ...path] = line.split(':')
  return { controllers: controllers === '' ? [] : controllers.split(','), path: path.join(':') }
}

/** In a container the mount shows only the container's own part of the hierarchy. */
function pathUnder(mount: Mount, group: string): string {
  const inside = posix.relative(mount.root, group)
  return inside.startsWith('..') ? mount.point : join(mount.point, inside)
}
