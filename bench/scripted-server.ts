import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { projectRoot } from '../infra/project-root.ts'
import type { ProfileChanges } from '../infra/scripted/profile.ts'

const Counts = z.object({
  totals: z.record(z.string(), z.int()),
  tokens: z.object({ prompt: z.int(), completion: z.int() }),
})

/** Every reply is a good one. */
const calm: ProfileChanges['faults'] = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0 }

const main = join(projectRoot, 'infra/scripted/main.ts')

/** The command of a scripted endpoint, but for its port, which fails no request; `folder` takes its profile. */
export async function calmScriptedServer(
  folder: string,
  { latencyMs, limits = {} }: { latencyMs: number; limits?: ProfileChanges['limits'] },
): Promise<readonly [string, ...string[]]> {
  const profile = join(folder, 'profile.json')
  await writeFile(profile, JSON.stringify({ faults: calm, limits }))
  return [process.execPath, main, '--latency-ms', String(latencyMs), '--profile', profile]
}

/** The scripted endpoint in a process of its own: where it is, what it served, and how to end it. */
export async function openScriptedServer(latencyMs: number, limits: ProfileChanges['limits'] = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sky-t1-bench-'))
  const [node, ...options] = await calmScriptedServer(folder, { latencyMs, limits })
  const child = spawn(node, [...options, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line')
  const baseURL = /http:\S+\/v1/.exec(String(line))?.[0]
  if (baseURL === undefined) throw new Error(`the scripted endpoint says ${String(line)}`)
  return {
    baseURL,
    async counts() {
      return Counts.parse(await (await fetch(new URL('/counts', baseURL))).json())
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
