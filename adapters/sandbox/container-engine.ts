import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { findOnPath } from './program-path.ts'

/** A program that runs containers, with what it needs of the environment. */
export type ContainerEngine = {
  readonly name: EngineName
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
}

const engineNames = ['podman', 'docker'] as const
export type EngineName = (typeof engineNames)[number]

/** Where an engine finds its programs, its settings and its daemon. Nothing of it enters a container. */
const engineVariables = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
]

/** What `execFile` adds to its errors. */
const StandardError = z.object({ stderr: z.string() })

/** Longer than any engine takes to start or remove a container on a busy machine. */
const answerMs = 120_000

/** The engines on PATH, podman first: it needs no daemon. */
export function findEngines(): ContainerEngine[] {
  const given = engineVariables.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const environment = Object.fromEntries(given)
  return engineNames.flatMap((name) => {
    const program = findOnPath(name)
    return program === undefined ? [] : [{ name, program, environment }]
  })
}

/** What an engine prints when it is told to do something; throws with what it says on failing. */
export async function tellEngine(
  { name, program, environment }: ContainerEngine,
  words: readonly string[],
): Promise<string> {
  const options = { env: environment, timeout: answerMs, killSignal: 'SIGKILL' as const }
  try {
    const { stdout } = await promisify(execFile)(program, words, options)
    return stdout.trim()
  } catch (cause) {
    const said = StandardError.safeParse(cause).data?.stderr.trim()
    throw new Error(`${name} ${words[0] ?? ''}: ${said || 'no answer'}`, { cause })
  }
}
