import type { GroupLimits } from './control-groups.ts'
import type { EngineName } from './container-engine.ts'

/** How a container is made for one entry. */
export type ContainerView = {
  readonly engine: EngineName
  /** The image, by digest. */
  readonly image: string
  readonly name: string
  /** `name=value`, to find containers again. */
  readonly label: string
  readonly limits: GroupLimits
  /** The file of the seccomp profile. */
  readonly seccomp: string
  /** What the program finds in its environment, beside what the image sets. */
  readonly environment: Readonly<Record<string, string>>
  /** Directories of the host that are shown, read-only, and where. */
  readonly shown: ReadonlyArray<{ readonly source: string; readonly target: string }>
  /** What runs in it, as its first process. */
  readonly command: readonly [program: string, ...rest: string[]]
}

const temporaryBytes = 32 * 1024 * 1024
const stackBytes = 256 * 1024 * 1024
const openFiles = 1024
/** Only so that an engine's own default does not exceed the host's; `--pids-limit` limits a container. */
const processesOfUser = 4096

/**
 * The arguments of `podman run` and `docker run`: no network, nothing writable but a small /tmp, and
 * limits of memory and processes that the engine sets as control groups. The driver starts as the
 * container's root with the three capabilities that it needs to become the program's user and to
 * end what it leaves; the program has none, and cannot touch the driver.
 */
export function containerArguments(view: ContainerView): string[] {
  const { engine, image, name, label, limits, seccomp, environment, shown, command } = view
  const memory = `${limits.memoryMiB}m`
  const [program, ...rest] = command
  return [
    ['run', '--interactive', '--name', name, '--label', label],
    // An image that is not there is the operator's to fetch, and a log would keep every answer.
    ['--pull', 'never', '--log-driver', 'none', '--no-healthcheck', '--stop-timeout', '0'],
    ['--network', 'none', '--hostname', 'sandbox', '--cgroupns', 'private', '--ipc', 'none'],
    ['--user', '0:0', '--cap-drop', 'ALL'],
    ['SETUID', 'SETGID', 'KILL'].flatMap((capability) => ['--cap-add', capability]),
    ['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${seccomp}`],
    ['--read-only', ...engineOptions[engine]],
    ['--tmpfs', `/tmp:rw,exec,nosuid,nodev,size=${temporaryBytes},mode=1777`, '--workdir', '/tmp'],
    ['--memory', memory, '--memory-swap', memory, '--pids-limit', String(limits.processes)],
    limit('core', 0),
    limit('nofile', openFiles),
    limit('nproc', processesOfUser),
    limit('stack', stackBytes),
    Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    shown.flatMap(({ source, target }) => [
      '--mount',
      `type=bind,source=${source},target=${target},readonly`,
    ]),
    ['--entrypoint', program, image, ...rest],
  ].flat()
}

/** podman makes directories writable in a read-only container where it is not told otherwise. */
const engineOptions: Readonly<Record<EngineName, readonly string[]>> = {
  podman: ['--read-only-tmpfs=false'],
  docker: [],
}

function limit(name: string, value: number): string[] {
  return ['--ulimit', `${name}=${value}:${value}`]
}
