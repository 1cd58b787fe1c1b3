import { expect, test } from 'vitest'
import { cgroupPlace } from '../../../adapters/sandbox/cgroup-paths.ts'

const versionOne = `
25 24 0:22 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
30 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
34 25 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
38 25 0:34 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
39 25 0:35 / /sys/fs/cgroup/unified rw,relatime - cgroup2 none rw
`
const versionTwo = `
30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
`

test('the place in version 1 is read for each controller', () => {
  const membership = '8:pids:/\n4:memory:/workers/one\n1:cpu,cpuacct:/\n0::/\n'
  expect(cgroupPlace(versionOne, membership)).toEqual({
    version: 1,
    memory: '/sys/fs/cgroup/memory/workers/one',
    pids: '/sys/fs/cgroup/pids',
    cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
  })
})

test('the place in version 2 is one directory', () => {
  expect(cgroupPlace(versionTwo, '0::/user.slice/user-1000.slice/session-2.scope\n')).toEqual({
    version: 2,
    mount: '/sys/fs/cgroup',
    own: '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope',
  })
})

test('in a container the mount is the top', () => {
  const mounts = versionOne.replaceAll(' / /sys/fs/cgroup/', ' /docker/abc /sys/fs/cgroup/')
  const membership = '8:pids:/docker/abc\n4:memory:/docker/abc/init\n'
  expect(cgroupPlace(mounts, membership)).toEqual({
    version: 1,
    memory: '/sys/fs/cgroup/memory/init',
    pids: '/sys/fs/cgroup/pids',
    cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
  })
  expect(cgroupPlace(mounts, '8:pids:/elsewhere\n4:memory:/elsewhere\n')).toMatchObject({
    memory: '/sys/fs/cgroup/memory',
  })
})

test('a group may have a colon in its name', () => {
  expect(cgroupPlace(versionTwo, '0::/a:b\n')).toMatchObject({ own: '/sys/fs/cgroup/a:b' })
})

test('where nothing is mounted there is no place', () => {
  expect(cgroupPlace('22 1 8:1 / / rw - ext4 /dev/sda1 rw\n', '0::/\n')).toBeUndefined()
})
