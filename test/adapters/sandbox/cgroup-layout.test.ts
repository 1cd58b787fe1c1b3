import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCgroupLayout } from '../../../adapters/sandbox/cgroup-layout.ts'
import {
  filesOfVersion,
  outOfMemoryKillsIn,
  usageOf,
} from '../../../adapters/sandbox/cgroup-readings.ts'

// Trees of files stand for the kernel's: what is in them is what it shows (cgroup-v2, cgroup-v1).

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sky-t1-cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function group(path: string, files: Readonly<Record<string, string>>): string {
  const directory = join(root, path)
  mkdirSync(directory, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

const unified = (own: string) => ({
  mountinfo: `30 23 0:26 / ${root} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n`,
  membership: `0::${own}\n`,
})

test('in version 2 groups are made in the nearest one that gives its children limits', () => {
  const slice = group('user.slice', {
    'cgroup.procs': '',
    'cgroup.subtree_control': 'cpu memory pids\n',
  })
  group('user.slice/run-1.scope', { 'cgroup.subtree_control': '' }) // takes no processes
  expect(findCgroupLayout(unified('/user.slice/run-1.scope'))).toMatchObject({
    memory: slice,
    pids: slice,
    cpu: slice,
    memoryLimit: 'memory.max',
    files: filesOfVersion[2],
  })
})

test('in version 2 a group is asked to give its children limits', () => {
  const own = group('worker', { 'cgroup.procs': '', 'cgroup.subtree_control': 'cpu' })
  group('.', { 'cgroup.procs': '', 'cgroup.subtree_control': 'cpu memory pids' })
  // The kernel would add what is written to what it shows; a file holds it.
  expect(findCgroupLayout(unified('/worker'))).toMatchObject({ memory: root })
  expect(readFileSync(join(own, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids')
})

test('where no group can give limits, nothing is run, and the mend is told', () => {
  expect(() => findCgroupLayout(unified('/worker'))).toThrow(/no sandbox: .*Delegate=yes/)
  expect(() => findCgroupLayout({ mountinfo: '', membership: '' })).toThrow(/no control groups/)
})

test('what a group of version 2 has taken is read from its files', () => {
  const memory = group('one', {
    'cpu.stat': 'usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567\n',
    'memory.peak': `${96 << 20}\n`,
    'memory.events': 'low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n',
  })
  const address = { memory, cpu: memory, files: filesOfVersion[2] }
  expect(usageOf(address)).toEqual({ cpuMs: 1234.567, peakMiB: 96 })
  expect(outOfMemoryKillsIn(address)).toBe(1)
})

test('what a group of version 1 has taken is read from its files', () => {
  const memory = group('memory/one', {
    'memory.max_usage_in_bytes': `${64 << 20}\n`,
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
  })
  const cpu = group('cpuacct/one', { 'cpuacct.usage': '2500000000\n' })
  const address = { memory, cpu, files: filesOfVersion[1] }
  expect(usageOf(address)).toEqual({ cpuMs: 2500, peakMiB: 64 })
  expect(outOfMemoryKillsIn(address)).toBe(3)
})

test('a kernel that lacks a file is known to lack the figure, and a group that is gone to be gone', () => {
  const memory = group('one', { 'cpu.stat': 'usage_usec 5000\n' })
  expect(usageOf({ memory, cpu: memory, files: filesOfVersion[2] })).toEqual({
    cpuMs: 5,
    peakMiB: undefined,
  })
  const gone = { memory: join(root, 'gone'), cpu: undefined, files: filesOfVersion[2] }
  expect(outOfMemoryKillsIn(gone)).toBeUndefined()
})
