import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import getPort from 'get-port'
import { z } from 'zod'
import type { ModelServer, ServedModel } from '../core/ports/model-server.ts'
import type { EngineCommand } from '../core/serving/engine-command.ts'
import { endRecorded, isAlive, lastLines, startTied, type TiedGroup } from './detached-process.ts'

/** The server did not come up, or went down; its last lines are in the message. */
export class ModelServerError extends Error {
  override readonly name = 'ModelServerError'
}

/** Where the engines of a node are. */
export type EngineInstallation = {
  /** The interpreter of the trainer's environment, and the folder of its programs. */
  readonly python: string | undefined
  readonly programs: string
  readonly vllm: string
  /** The worker's environment. */
  readonly environment: NodeJS.ProcessEnv
}

/** A health check that takes longer has failed. */
const healthTimeoutMs = 5000

/** What a server is given to end by itself when it is asked to. */
const graceMs = 2000

/** Serves models with the engines that a recipe can name, on loopback. */
export function createLocalModelServer(installation: EngineInstallation): ModelServer {
  return {
    async serve({ command, workDirectory, signal }) {
      await mkdir(workDirectory, { recursive: true })
      const recordFile = join(workDirectory, 'server.json')
      const logFile = join(workDirectory, 'server.log')
      await endRecorded(recordFile, 0)
      const port = await getPort({ host: '127.0.0.1' })
      const rendered = command(port)
      const group = await startTied({
        ...programOf(rendered, installation),
        cwd: workDirectory,
        env: environmentOf(rendered, installation.environment),
        logFile,
        recordFile,
      })
      const server = `http://127.0.0.1:${port}`
      const health = `${server}${rendered.healthPath}`
      const served = watchOf({ recordFile, logFile, health, group })
      try {
        await becomesHealthy(served, { seconds: rendered.startSeconds, signal })
        const version = await versionAt(`${server}${rendered.versionPath}`)
        return { ...served, baseURL: `${server}/v1`, version }
      } catch (error) {
        await served.stop()
        throw error
      }
    },
  }
}

function programOf({ program, args }: EngineCommand, installation: EngineInstallation) {
  if (program === 'vllm') return { command: installation.vllm, args }
  const { python, programs } = installation
  if (python === undefined) {
    throw new ModelServerError('SKY_T1_TRAINER_PYTHON is not set; run `npx sky-t1 doctor`')
  }
  return { command: python, args: [join(programs, program), ...args] }
}

/** A server gets no more of the worker's environment than it needs: no key to the store, say. */
function environmentOf(
  { env, inherits }: EngineCommand,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const passed = inherits.flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { PATH: environment['PATH'] ?? '', ...Object.fromEntries(passed), ...env }
}

const VersionReply = z.object({ version: z.string().min(1) })

async function versionAt(url: string): Promise<string> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs) })
  const parsed = VersionReply.safeParse(await reply.json().catch(() => undefined))
  if (parsed.success) return parsed.data.version
  throw new ModelServerError(`the model server does not say its version at ${url}`)
}

/** A server whose health is not known yet. */
type Running = Omit<ServedModel, 'baseURL' | 'version'>

type Watched = {
  readonly recordFile: string
  readonly logFile: string
  readonly health: string
  readonly group: TiedGroup
}

function watchOf({ recordFile, logFile, health, group }: Watched): Running {
  return {
    async look() {
      if (!(await isAlive(recordFile))) return 'down'
      const signal = AbortSignal.timeout(healthTimeoutMs)
      const reply = await fetch(health, { signal }).catch(() => undefined)
      return reply?.ok ? 'up' : 'unwell'
    },
    lastLines: () => lastLines(logFile),
    async stop() {
      await endRecorded(recordFile, graceMs)
      // What did not hear of that is ended all the same: it may hold a GPU's memory.
      group.kill()
    },
  }
}

async function becomesHealthy(
  served: Running,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + 1000 * seconds
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    const health = await served.look()
    if (health === 'up') return
    if (health === 'down') break
    await wait(200)
  }
  throw new ModelServerError(`the model server did not start:\n${await served.lastLines()}`)
}
