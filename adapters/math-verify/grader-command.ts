import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { MathGraderUnavailableError } from '../../core/ports/math-grader.ts'
import { type Interpreter, findInterpreter } from '../sandbox/interpreter.ts'

/** How to start the grader's Python: as a process of its own, with no variable of ours. */
export type GraderCommand = {
  readonly program: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const ours = fileURLToPath(new URL('../../infra/grader', import.meta.url))

/** The same pair gives the same verdict twice: sets of strings keep one order. */
const variables = { LANG: 'C.UTF-8', PYTHONHASHSEED: '0' }

const systemLibraries = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/etc/ld.so.cache']

/** Whom the grader becomes where root starts it; a name for no one. */
const ordinaryUser = '60000'

/**
 * The ways to start the grader, the better confined first: under bubblewrap, and bare, for hosts
 * where bubblewrap is missing or may not make namespaces. Bare is no open door: this Python runs our
 * program and never what a model wrote, and limits its own memory, processes, files and network.
 * @param programs the folder of compare_answers.py and what it imports
 */
export async function graderCommands(
  python: string,
  programs: string = ours,
): Promise<readonly GraderCommand[]> {
  const interpreter = await findInterpreter(python).catch((cause: unknown) => {
    throw new MathGraderUnavailableError(`${python} is not a Python that runs`, { cause })
  })
  return [confined(interpreter, programs), bare(interpreter, programs)]
}

function bare(interpreter: Interpreter, programs: string): GraderCommand {
  return {
    program: interpreter.executable,
    arguments: pythonArguments(interpreter, programs, ''),
    environment: { PATH: '/usr/bin:/bin', ...variables },
  }
}

/** No network, no other process, no variable, no /proc, and nothing writable; read-only, what it imports. */
function confined(interpreter: Interpreter, programs: string): GraderCommand {
  const isRoot = process.getuid?.() === 0
  const user = isRoot
    ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
    : ['--unshare-user', '--uid', ordinaryUser, '--gid', ordinaryUser]
  const { executable, prefix, sitePackages } = interpreter
  const own = [executable, prefix, ...sitePackages, programs].filter((path) => path !== '/usr')
  const shown = [...systemLibraries, ...own]
  return {
    program: 'bwrap',
    arguments: [
      ['--cap-drop', 'ALL', ...user],
      ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
      ['--new-session', '--die-with-parent', '--clearenv'],
      Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
      openDirectories(shown),
      shown.flatMap((path) => ['--ro-bind-try', path, path]),
      ['--remount-ro', '/', '--', executable],
      pythonArguments(interpreter, programs, isRoot ? ordinaryUser : ''),
    ].flat(),
    environment: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  }
}

/** Not isolated mode: it would ignore the hash seed, and the environment is ours already. */
function pythonArguments(interpreter: Interpreter, programs: string, user: string): string[] {
  const script = join(programs, 'compare_answers.py')
  return ['-s', '-S', '-B', '-u', script, user, ...interpreter.sitePackages]
}

/** The directories above the paths, open to the grader's user; bubblewrap's own would be closed. */
function openDirectories(paths: readonly string[]): string[] {
  const above = (path: string): string[] => (path === '/' ? [] : [...above(dirname(path)), path])
  const directories = new Set(paths.flatMap((path) => above(dirname(path))))
  return [...directories].flatMap((directory) => ['--dir', directory])
}
