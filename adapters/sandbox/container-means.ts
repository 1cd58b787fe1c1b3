import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import { programEnvironment } from './bubblewrap-arguments.ts'
import type { Confinement } from './confinement.ts'
import { type ContainerView, containerArguments } from './container-arguments.ts'
import { type ContainerEngine, findEngines, tellEngine } from './container-engine.ts'
import { containerGroup } from './container-group.ts'
import type { GroupLimits } from './control-groups.ts'
import { driverDirectory } from './driver-directory.ts'
import { DriverProcess } from './driver-process.ts'
import { describeInterpreter, readInterpreter } from './interpreter.ts'
import { isAlive, thisProcess } from './process-identity.ts'
import { seccompProfile } from './seccomp-profile.ts'

const driverInside = '/driver'
const prefix = 'sky-t1'
/** Nothing but its digest says what is in an image. */
const byDigest = /^[a-z0-9][^\s@]*@sha256:[0-9a-f]{64}$/
/** For the question where the image's Python is. */
const probeLimits: GroupLimits = { memoryMiB: 256, processes: 64 }

/** Containers that this process has made so far; numbers their names. */
let made = 0

/**
 * Finds an engine that runs containers of an image with a Python in it, confined as entries will
 * be; removes what dead workers left. Throws SandboxUnavailableError where none does.
 */
export async function prepareContainers(image: string): Promise<Confinement> {
  if (!byDigest.test(image)) {
    throw new SandboxUnavailableError({
      missing: `the container image ${image} is not named by digest`,
      mend: 'set SKY_T1_SANDBOX_IMAGE to NAME@sha256:DIGEST (podman images --digests)',
    })
  }
  const failures: unknown[] = []
  for (const engine of findEngines()) {
    try {
      return await prepareEngine(engine, image)
    } catch (error) {
      failures.push(error)
    }
  }
  throw noEngine(image, failures)
}

async function prepareEngine(engine: ContainerEngine, image: string): Promise<Confinement> {
  const directory = await mkdtemp(join(tmpdir(), `${prefix}-seccomp-`))
  const close = () => rm(directory, { recursive: true, force: true })
  try {
    const profile = JSON.stringify(seccompProfile(process.arch))
    const file = join(directory, 'profile.json')
    await writeFile(file, profile)
    return { ...(await confinementOf(engine, image, { file, profile })), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** `file` holds the profile: engines read it for every container. */
async function confinementOf(
  engine: ContainerEngine,
  image: string,
  { file, profile }: { readonly file: string; readonly profile: string },
): Promise<Confinement> {
  const version = await tellEngine(engine, ['--version'])
  const label = `${prefix}.host=${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`
  const own = { label, seccomp: file, environment: programEnvironment }
  const view = { engine: engine.name, image, ...own }
  await removeStale(engine, label)
  const sitePackages = await askForPackages(engine, view)
  const shown = [{ source: driverDirectory, target: driverInside }]
  const main = ['python3', '-S', '-B', `${driverInside}/main.py`, ...sitePackages] as const
  const entry = { ...view, shown, command: main }
  return {
    givesUsers: true,
    // The profile itself: the name of its file differs from start to start.
    setting: [
      engine.program,
      version,
      ...containerArguments({ ...entry, seccomp: profile, name: prefix, limits: probeLimits }),
    ],
    begin(limits) {
      const name = newName()
      const { program, environment } = engine
      const command = {
        program,
        environment,
        arguments: containerArguments({ ...entry, name, limits }),
      }
      const driver = new DriverProcess({ ...command, filter: undefined, entrances: [] })
      return { driver, group: containerGroup(engine, name) }
    },
  }
}

/** Where the image's Python has its packages; asked in a container like those of entries. */
async function askForPackages(
  engine: ContainerEngine,
  view: Pick<ContainerView, 'engine' | 'image' | 'label' | 'seccomp' | 'environment'>,
): Promise<readonly string[]> {
  const name = newName()
  const command = ['python3', '-I', '-c', describeInterpreter] as const
  try {
    const probe = { ...view, name, limits: probeLimits, shown: [], command }
    return readInterpreter(await tellEngine(engine, containerArguments(probe))).sitePackages
  } finally {
    await containerGroup(engine, name).remove()
  }
}

function newName(): string {
  made += 1
  return `${prefix}-${thisProcess()}-${made}`
}

async function removeStale(engine: ContainerEngine, label: string): Promise<void> {
  const words = ['ps', '--all', '--filter', `label=${label}`, '--format', '{{.Names}}']
  for (const name of (await tellEngine(engine, words)).split('\n')) {
    const owner = new RegExp(`^${prefix}-(\\d+-\\d+)-\\d+$`).exec(name)?.[1]
    if (owner !== undefined && !isAlive(owner)) await containerGroup(engine, name).remove()
  }
}

function noEngine(image: string, failures: readonly unknown[]): SandboxUnavailableError {
  const said = failures.map((error) => (error instanceof Error ? error.message : String(error)))
  return new SandboxUnavailableError(
    {
      missing:
        said.length === 0
          ? 'neither podman nor docker is on PATH'
          : `no engine runs containers of ${image}: ${said.join('; ')}`,
      mend: 'install podman, and fetch the image (podman pull), one with Python 3.9 or newer as python3',
    },
    { cause: failures[0] },
  )
}
