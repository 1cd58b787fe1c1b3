import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { bubblewrapArguments } from '../../../adapters/sandbox/bubblewrap-arguments.ts'
import { killAndRemove, processesIn } from '../../../adapters/sandbox/cgroup-removal.ts'
import { openControlGroups } from '../../../adapters/sandbox/control-groups.ts'
import { driverDirectory } from '../../../adapters/sandbox/driver-directory.ts'
import { findInterpreter } from '../../../adapters/sandbox/interpreter.ts'
import { seccompFilter } from '../../../adapters/sandbox/seccomp-filter.ts'

// Stands in for podman where there is none: understands the words that the adapter speaks, and runs
// a container as a bubblewrap sandbox in a control group of its own. As with a real engine, killing
// the command leaves the container running.

type State = { directories: string[]; OOMKilled: boolean }

const [state = '', python = '', word = '', ...rest] = process.argv.slice(2)
const fileOf = (name: string) => join(state, `${name}.json`)
const read = (name: string): State => JSON.parse(readFileSync(fileOf(name), 'utf8'))

switch (word) {
  case '--version':
    say('podman version 0 (a stand-in)')
    break
  case 'ps':
    for (const file of readdirSync(state)) say(file.replace('.json', ''))
    break
  case 'container':
    inspect(rest)
    break
  case 'rm':
    await remove(rest.at(-1) ?? '')
    break
  case 'run':
    process.exitCode = await run()
    break
  default:
    throw new Error(`not understood: ${word}`)
}

function inspect([, , format, name = '']: readonly string[]): void {
  if (!existsSync(fileOf(name))) return fail(`no such container ${name}`)
  const { directories, OOMKilled } = read(name)
  const [first = 0] = processesIn(directories[0] ?? '')
  say(String(format === '{{.State.Pid}}' ? first : OOMKilled))
}

async function remove(name: string): Promise<void> {
  if (!existsSync(fileOf(name))) return fail(`no such container ${name}`)
  const stubborn = join(state, '..', 'stubborn')
  if (existsSync(stubborn)) {
    rmSync(stubborn)
    return fail(`cannot remove container ${name} as it could not be stopped`)
  }
  await killAndRemove(read(name).directories)
  rmSync(fileOf(name))
}

async function run(): Promise<number> {
  const names = 'name label pull log-driver stop-timeout network hostname cgroupns ipc user workdir'
  const more = 'memory memory-swap pids-limit entrypoint'
  const many = 'cap-drop cap-add security-opt tmpfs ulimit env mount'
  const flags = 'interactive no-healthcheck read-only'
  // As with a real engine, what follows the image is the container's.
  const image = rest.indexOf('--entrypoint') + 2
  const command = rest.slice(image + 1)
  const { values } = parseArgs({
    args: rest.slice(0, image).filter((each) => each !== '--read-only-tmpfs=false'),
    options: {
      ...options(`${names} ${more}`, 'string'),
      ...options(many, 'string', true),
      ...options(flags, 'boolean'),
    },
    strict: true,
  })
  const memoryMiB = Number.parseInt(String(values['memory']), 10)
  const group = openControlGroups().create({ memoryMiB, processes: Number(values['pids-limit']) })
  const directories = group.entrances.map((path) => path.replace('/cgroup.procs', ''))
  const write = (OOMKilled: boolean) =>
    writeFileSync(fileOf(String(values['name'])), JSON.stringify({ directories, OOMKilled }))
  write(false)
  const interpreter = await findInterpreter(python)
  const given = bubblewrapArguments({ interpreter, driver: driverDirectory, privileged: true })
  const before = given
    .slice(0, given.lastIndexOf('--'))
    .filter((each) => each !== '--die-with-parent')
  const enter = 'while [ "$1" != -- ]; do echo 0 >"$1" || exit 1; shift; done; shift; exec "$@"'
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      enter,
      'sh',
      ...group.entrances,
      '--',
      'bwrap',
      ...before,
      '--',
      interpreter.executable,
      ...command,
    ],
    { stdio: ['inherit', 'inherit', 'inherit', 'pipe'], detached: true },
  )
  const filterPipe = child.stdio[3]
  if (filterPipe instanceof Writable) filterPipe.end(seccompFilter(process.arch))
  const [code] = await once(child, 'exit')
  write((await group.outOfMemoryKills()) > 0)
  return Number(code ?? 137)
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Options of `parseArgs` from their names, divided by blanks. */
function options(names: string, type: 'string' | 'boolean', multiple = false) {
  return Object.fromEntries(names.split(' ').map((name) => [name, { type, multiple }]))
}
