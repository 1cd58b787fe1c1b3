import { dirname } from 'node:path'
import type { Interpreter } from './interpreter.ts'

/** How a sandbox is entered, the same for every program. */
export type SandboxView = {
  readonly interpreter: Interpreter
  /** The directory of the Python program that runs the cases inside. */
  readonly driver: string
  /** Whether root starts it: then the program gets a user of its own, not just another name for ours. */
  readonly privileged: boolean
}

/** What a program finds in its environment, whatever confines it. */
export const programEnvironment = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  // The same program gives the same output twice: sets of strings keep one order.
  PYTHONHASHSEED: '0',
  // Threads made on import would not be there in the forks, and count as processes.
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
}

const driverInside = '/driver'
const temporaryBytes = 32 * 1024 * 1024
const inputBytes = 512 * 1024 * 1024
/** Who a program is where no root gives it a user of its own. */
const ordinaryUser = '60000'

/**
 * The arguments of bubblewrap: its own namespaces, nothing of the host but the system's programs
 * and the interpreter, read-only, no /proc, and nothing writable but a small /tmp. Root keeps three
 * capabilities for the driver alone, to become the program's user and to end what it leaves.
 */
export function bubblewrapArguments({ interpreter, driver, privileged }: SandboxView): string[] {
  const unprivileged = ['--unshare-user', '--uid', ordinaryUser, '--gid', ordinaryUser]
  const capabilities = keep('CAP_SETUID', 'CAP_SETGID', 'CAP_KILL')
  return [
    privileged ? [] : unprivileged,
    ['--cap-drop', 'ALL', ...(privileged ? capabilities : [])],
    ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ['--new-session', '--die-with-parent', '--as-pid-1', '--hostname', 'sandbox', '--clearenv'],
    Object.entries(programEnvironment).flatMap(([name, value]) => ['--setenv', name, value]),
    system(),
    library(interpreter),
    packages(interpreter),
    ['--ro-bind', driver, driverInside],
    ['--perms', '1777', '--size', String(temporaryBytes), '--tmpfs', '/tmp', '--chdir', '/tmp'],
    input(),
    ['--remount-ro', '/', '--seccomp', '3'],
    ['--', interpreter.executable, '-S', '-B', `${driverInside}/main.py`],
    interpreter.sitePackages.map((_, index) => packagesInside(index)),
  ].flat()
}

function keep(...capabilities: string[]): string[] {
  return capabilities.flatMap((capability) => ['--cap-add', capability])
}

/** Not all of /usr: what an administrator puts in /usr/local or /usr/src is nobody's business. */
const systemPaths = [
  '/usr/bin',
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/libexec', // where Debian 13 and Fedora keep the parts of a compiler
  '/usr/include',
]

function system(): string[] {
  const links = ['/bin', '/lib', '/lib32', '/lib64', '/etc/ld.so.cache', '/etc/alternatives']
  const devices = ['null', 'zero', 'full', 'random', 'urandom'].map((name) => `/dev/${name}`)
  return [
    ...openDirectories([...systemPaths, ...links, ...devices]),
    ...[...systemPaths, ...links].flatMap((path) => ['--ro-bind-try', path, path]),
    ...devices.flatMap((path) => ['--dev-bind', path, path]),
  ]
}

/** Where the driver puts what a program reads, and the name for it that there is without /proc. */
function input(): string[] {
  const place = ['--perms', '0755', '--size', String(inputBytes), '--tmpfs', '/input']
  return [...place, '--symlink', '/input/stdin', '/dev/stdin']
}

/** The standard library stays where the interpreter looks for it; a prefix of /usr is shown already. */
function library({ prefix }: Interpreter): string[] {
  const isShown = ['/usr', ...systemPaths].includes(prefix)
  return isShown ? [] : [...openDirectories([prefix]), '--ro-bind', prefix, prefix]
}

function packages({ sitePackages }: Interpreter): string[] {
  return sitePackages.flatMap((path, index) => ['--ro-bind', path, packagesInside(index)])
}

const packagesInside = (index: number) => `/packages-${index}`

/** The directories above the paths, open to the program's user; bubblewrap's own would be closed. */
function openDirectories(paths: readonly string[]): string[] {
  const above = (path: string): string[] => (path === '/' ? [] : [...above(dirname(path)), path])
  const directories = new Set(paths.flatMap((path) => above(dirname(path))))
  return [...directories].flatMap((directory) => ['--dir', directory])
}
