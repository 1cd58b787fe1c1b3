import { expect, test } from 'vitest'
import {
  type ContainerView,
  containerArguments,
} from '../../../adapters/sandbox/container-arguments.ts'

const image = `localhost/python@sha256:${'ab'.repeat(32)}`
const view: ContainerView = {
  engine: 'docker',
  image,
  name: 'sky-t1-7-8-9',
  label: 'sky-t1.host=here',
  limits: { memoryMiB: 192, processes: 64 },
  seccomp: '/profile.json',
  environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  shown: [{ source: '/project/driver', target: '/driver' }],
  command: ['python3', '-S', '-B', '/driver/main.py', '/packages'],
}

test('a container is confined by every limit that the engine has', () => {
  const words = containerArguments(view).join(' ').split(' --')
  expect(words).toEqual([
    'run',
    'interactive',
    'name sky-t1-7-8-9',
    'label sky-t1.host=here',
    'pull never',
    'log-driver none',
    'no-healthcheck',
    'stop-timeout 0',
    'network none',
    'hostname sandbox',
    'cgroupns private',
    'ipc none',
    'user 0:0',
    'cap-drop ALL',
    'cap-add SETUID',
    'cap-add SETGID',
    'cap-add KILL',
    'security-opt no-new-privileges',
    'security-opt seccomp=/profile.json',
    'read-only',
    'tmpfs /tmp:rw,exec,nosuid,nodev,size=33554432,mode=1777',
    'workdir /tmp',
    'memory 192m',
    'memory-swap 192m',
    'pids-limit 64',
    'ulimit core=0:0',
    'ulimit nofile=1024:1024',
    'ulimit nproc=4096:4096',
    'ulimit stack=268435456:268435456',
    'env PATH=/usr/bin:/bin',
    'env LANG=C.UTF-8',
    'mount type=bind,source=/project/driver,target=/driver,readonly',
    `entrypoint python3 ${image} -S -B /driver/main.py /packages`,
  ])
})

test('podman is told to leave nothing else writable', () => {
  const docker = containerArguments(view)
  const podman = containerArguments({ ...view, engine: 'podman' })
  expect(podman.filter((word) => !docker.includes(word))).toEqual(['--read-only-tmpfs=false'])
})
