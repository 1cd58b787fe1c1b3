import pRetry from 'p-retry'
import { addressOfProcess, outOfMemoryKillsIn, usageOf } from './cgroup-readings.ts'
import type { CgroupAddress } from './cgroup-readings.ts'
import { processesIn } from './cgroup-removal.ts'
import { type ContainerEngine, tellEngine } from './container-engine.ts'
import type { ControlGroup } from './control-groups.ts'

/**
 * The control group that an engine made for a container, found by the container's first process
 * when it is first asked about. Of an engine whose processes are not to be seen here, only whether
 * memory ran out is known.
 */
export function containerGroup(engine: ContainerEngine, name: string): ControlGroup {
  let address: CgroupAddress | undefined
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    looking ??= addressOf(engine, name).then((found) => {
      address = found
      looking = undefined
    })
    await looking
  }

  return {
    entrances: [],
    processes() {
      if (address === undefined) void look()
      return address === undefined ? [] : processesIn(address.memory)
    },
    usage() {
      return address === undefined ? { cpuMs: undefined, peakMiB: undefined } : usageOf(address)
    },
    async outOfMemoryKills() {
      if (address === undefined) await look()
      const kills = address && outOfMemoryKillsIn(address)
      return kills ?? (await killsOfEnded(engine, name))
    },
    remove: () => remove(engine, name),
  }
}

/** podman refuses what ends by itself at that very moment, and takes it a little later. */
const removals = { retries: 5, minTimeout: 100 }

/** Engines disagree on whether it is an error that there is nothing to remove. */
async function remove(engine: ContainerEngine, name: string): Promise<void> {
  await pRetry(async () => {
    try {
      await tellEngine(engine, ['rm', '--force', '--volumes', name])
    } catch (error) {
      if ((await inspected(engine, name, '{{.Name}}')) !== '') throw error
    }
  }, removals)
}

async function addressOf(
  engine: ContainerEngine,
  name: string,
): Promise<CgroupAddress | undefined> {
  const id = Number(await inspected(engine, name, '{{.State.Pid}}'))
  return id > 0 ? addressOfProcess(id) : undefined
}

/** A container that has ended has no group any more, but its engine remembers how it ended. */
async function killsOfEnded(engine: ContainerEngine, name: string): Promise<number> {
  return (await inspected(engine, name, '{{.State.OOMKilled}}')) === 'true' ? 1 : 0
}

/** Nothing of a container that is not made yet. */
async function inspected(engine: ContainerEngine, name: string, format: string): Promise<string> {
  try {
    return await tellEngine(engine, ['container', 'inspect', '--format', format, name])
  } catch {
    return ''
  }
}
