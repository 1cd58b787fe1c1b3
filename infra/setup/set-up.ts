import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Component,
  ComponentMissingError,
  type ComponentName,
  type Found,
  type Site,
} from './component.ts'
import { components } from './components.ts'
import { withLock } from './file-lock.ts'
import type { ReportProgress } from './progress.ts'
import { toolCacheFolder } from './tool-cache.ts'

/** Absolute paths of the components that were asked for. */
export type Installation<Name extends ComponentName = ComponentName> = {
  readonly [Each in Name]: string
}

export type SetUpRequest<Name extends ComponentName> = {
  readonly components: readonly Name[]
  /** Called only while something is installed: silent where all is there. */
  readonly progress: ReportProgress
  /** Where tools are kept; the user's cache folder unless a test says otherwise. */
  readonly cache?: string
}

/** How often a step that takes long is said again, with its time so far. */
const reminderMs = 10_000

/**
 * Finds the components and installs those that are missing, side by side. Two set-ups at once,
 * or one killed half-way, leave a cache that is whole: each component is installed under a lock.
 * @throws {AggregateError} of {@link ComponentMissingError}, each a line that ends with its mend
 */
export async function setUp<Name extends ComponentName>({
  components: names,
  progress,
  cache = toolCacheFolder(),
}: SetUpRequest<Name>): Promise<Installation<Name>> {
  await mkdir(cache, { recursive: true })
  const ensured = new Map<ComponentName, Promise<Found>>()
  const peeked = new Map<ComponentName, Promise<Found | undefined>>()

  function ensure(name: ComponentName): Promise<Found> {
    const begun = ensured.get(name) ?? provide(components[name], siteOf(name))
    ensured.set(name, begun)
    return begun
  }
  function peek(name: ComponentName): Promise<Found | undefined> {
    const begun = peeked.get(name) ?? components[name].find(siteOf(name))
    peeked.set(name, begun)
    return begun
  }
  function siteOf(name: ComponentName): Site & { done(): void } {
    const startedAt = Date.now()
    let last = 'looking'
    const say = () => progress({ component: name, phase: last, elapsedMs: Date.now() - startedAt })
    let reminder: NodeJS.Timeout | undefined
    return {
      cache,
      need: ensure,
      peek,
      phase(text) {
        reminder ??= setInterval(say, reminderMs)
        last = text
        say()
      },
      done: () => clearInterval(reminder),
    }
  }

  const outcomes = await Promise.allSettled(names.map(ensure))
  const failures = new Set(outcomes.flatMap((each) => ('reason' in each ? [each.reason] : [])))
  if (failures.size > 0) {
    const lines = [...failures].map(String).join('\n')
    throw new AggregateError(failures, `set-up is not complete:\n${lines}`)
  }
  const paths: Partial<Installation> = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await ensure(name)).path] as const)),
  )
  if (!holdsAll(paths, names)) throw new Error('set-up ended well, yet a component has no path')
  return paths
}

/**
 * The same for components that the rest does without: what cannot be installed is said, with its
 * mend, and left out.
 */
export async function setUpWhatCanBe({
  components: names,
  progress,
  ...rest
}: SetUpRequest<ComponentName>): Promise<void> {
  for (const name of names) {
    try {
      await setUp({ ...rest, components: [name], progress })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      progress({ component: name, phase: `left out: ${reason}`, elapsedMs: 0 })
    }
  }
}

function holdsAll<Name extends ComponentName>(
  paths: Partial<Installation>,
  names: readonly Name[],
): paths is Installation<Name> {
  return names.every((name) => paths[name] !== undefined)
}

async function provide(component: Component, site: Site & { done(): void }): Promise<Found> {
  try {
    const found = await component.find(site)
    if (found !== undefined) return found
    const lock = join(site.cache, 'locks', component.name)
    return await withLock(
      lock,
      async () => (await component.find(site)) ?? (await install(component, site)),
      () => site.phase('waiting: another set-up is installing it'),
    )
  } catch (cause) {
    if (cause instanceof ComponentMissingError) throw cause // one that this one needs
    throw new ComponentMissingError(component, { cause })
  } finally {
    site.done()
  }
}

async function install(component: Component, site: Site): Promise<Found> {
  site.phase('installing')
  const found = await component.install(site)
  site.phase(`installed ${found.version}`)
  return found
}
