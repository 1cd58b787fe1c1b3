import { join } from 'node:path'
import { isExecutable, run } from './command.ts'
import type { Component, ComponentName, Found, Site } from './component.ts'
import { readLock } from './lock-file.ts'
import { buildFolder } from './tool-cache.ts'

export type PythonEnvironment = {
  readonly name: ComponentName
  /** The start of its folder's name in the cache. */
  readonly folder: string
  readonly purpose: string
  /** Absolute path of its lock file, hashes included. */
  readonly lock: string
  /** The command whose set-up installs it. */
  readonly installedBy: 'npm run stack' | 'npm test'
  /** Whether to compile all of it now: worth it where the folder is read-only when it is used. */
  readonly compile: boolean
}

/**
 * A Python environment with exactly what a lock file says. Its folder's name holds the digest of
 * the lock, the Python version and the processor, so that a changed lock makes a new environment
 * and leaves the old one to those that run from it.
 */
export function pythonEnvironment(environment: PythonEnvironment): Component {
  return {
    name: environment.name,
    purpose: environment.purpose,
    mend: `${environment.installedBy} (its set-up needs the Python package index)`,

    async find(site) {
      const interpreter = await site.peek('python')
      if (interpreter === undefined) return undefined
      const found = await describe(environment, interpreter, site)
      return (await isExecutable(found.path)) ? found : undefined
    },

    async install(site) {
      const interpreter = await site.need('python')
      await buildEnvironment(environment, interpreter, site)
      return describe(environment, interpreter, site)
    },
  }
}

/** The environment's folder in the cache. */
export async function environmentFolder(
  { folder, lock }: Pick<PythonEnvironment, 'folder' | 'lock'>,
  interpreter: Found,
  { cache }: Pick<Site, 'cache'>,
): Promise<string> {
  const { digest } = await readLock(lock, [interpreter.version, process.arch])
  return join(cache, `${folder}-${digest}`)
}

/** Makes the environment; it takes its name only when it is whole. */
export async function buildEnvironment(
  environment: Pick<PythonEnvironment, 'folder' | 'lock' | 'compile'>,
  interpreter: Found,
  site: Site,
): Promise<void> {
  const { path: uv } = await site.need('uv')
  const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', UV_NO_PROGRESS: '1' }
  const onLine = (line: string) => {
    if (/^(Resolved|Downloading|Building|Prepared|Installed|Bytecode)/.test(line)) site.phase(line)
  }
  await buildFolder(await environmentFolder(environment, interpreter, site), async (building) => {
    // Relocatable: the folder is renamed once it is whole.
    const venv = ['venv', '--quiet', '--relocatable', '--clear', '--python', interpreter.path]
    await run(uv, [...venv, building], { env })
    const compile = environment.compile ? ['--compile-bytecode'] : []
    const target = ['--python', join(building, 'bin', 'python'), ...compile]
    const install = ['pip', 'install', '--require-hashes', ...target, '-r', environment.lock]
    await run(uv, install, { env, onLine })
  })
}

async function describe(
  environment: PythonEnvironment,
  interpreter: Found,
  site: Site,
): Promise<Found> {
  const folder = await environmentFolder(environment, interpreter, site)
  return { path: join(folder, 'bin', 'python'), version: `Python ${interpreter.version}` }
}
