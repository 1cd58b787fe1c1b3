import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeJson } from '../../activities/artifacts.ts'
import { createServeTeacherActivities } from '../../activities/serve-teacher.ts'
import { findServers } from '../../activities/serving-board.ts'
import type { ObjectRef } from '../../core/object-ref.ts'
import type { ModelServer } from '../../core/ports/model-server.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { MemoryStore } from './memory-store.ts'

/** The timers of promises are not among those that vitest can fake. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, _: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(resolve, ms)
      signal.addEventListener('abort', () => reject(signal.reason))
    }),
}))

/** Servers that stay up until they are stopped. */
function openServers() {
  let up = 0
  const server: ModelServer = {
    async serve() {
      up += 1
      return {
        baseURL: 'http://127.0.0.1:1/v1',
        version: '1',
        look: async () => 'up',
        lastLines: async () => '',
        async stop() {
          up -= 1
        },
      }
    },
  }
  return { server, up: () => up }
}

/** Serves as an activity does; a model of ours must stand in the store, one of the Hub is the engine's to fetch. */
async function serve(
  store: MemoryStore,
  { server, model }: { server: ModelServer; model: ObjectRef | { hub: string; revision: string } },
) {
  const { teacher } = exampleRecipe
  const recipe = await writeJson(store, 'recipe.json', {
    ...exampleRecipe,
    teacher: { ...teacher, endpoint: 'tiny' },
    serving: {
      engine: 'vllm',
      model,
      replicas: 1,
      tensorParallel: 1,
      dtype: 'auto',
      maxModelLength: 1024,
      gpuMemoryUtilization: 0.9,
    },
  })
  const options = { workDirectory: '/nowhere', visibleGpus: '0', isGiven: () => false }
  const activities = createServeTeacherActivities({ store, server, ...options })
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  const ended = failureOf(environment.run(() => activities.serveTeacher(recipe)))
  return { ended, cancel: () => environment.cancel('CANCELLED') }
}

describe('serving a teacher', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('holds the endpoint’s name no longer than the attempt, whatever ends it', async () => {
    const store = new MemoryStore()
    const { server } = openServers()
    const model = { uri: store.uri('models/gone/manifest.json'), sha256: '0'.repeat(64), bytes: 1 }
    const { ended } = await serve(store, { server, model })
    expect((await ended).message).toContain('models/gone')
    const { length } = store.written
    await vi.advanceTimersByTimeAsync(60_000)
    expect(store.written).toHaveLength(length)
  })

  test('goes on while the store is away', async () => {
    const store = new MemoryStore()
    const { server, up } = openServers()
    const serving = await serve(store, { server, model: { hub: 'a/b', revision: '0'.repeat(40) } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(await findServers(store, 'tiny')).toHaveLength(1)
    const replace = store.replace.bind(store)
    store.replace = () => Promise.reject(new Error('the store is away'))
    await vi.advanceTimersByTimeAsync(90_000)
    expect(up()).toBe(1)
    expect(await findServers(store, 'tiny')).toEqual([])
    store.replace = replace
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await findServers(store, 'tiny')).toHaveLength(1)
    serving.cancel()
    await serving.ended
    expect(up()).toBe(0)
  })
})
