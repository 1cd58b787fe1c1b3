import { gunzipSync } from 'node:zlib'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { readObject, readRows, refTo } from '../../activities/artifacts.ts'
import { createCurateActivities, readCurationSummary } from '../../activities/curate.ts'
import { readManifest } from '../../activities/manifests.ts'
import { readProblemShard } from '../../activities/problem-shards.ts'
import { DroppedRow } from '../../core/curation/dropped-row.ts'
import { canonicalJson } from '../../core/digest.ts'
import type { ObjectRef } from '../../core/object-ref.ts'
import type { ProblemSource, SourceRow } from '../../core/ports/problem-source.ts'
import { Problem } from '../../core/problem.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { HubSource } from '../../core/sources/hub/hub-source.ts'
import { hubSource as exampleSource } from '../core/sources/hub/example-source.ts'
import { MemoryStore } from './memory-store.ts'

/** A source of the Hub, of whose entry curation looks at little. */
export function hubSource(id: string, changes: Partial<HubSource> = {}): HubSource {
  return exampleSource({ id, ...changes })
}

/** A problem source that serves rows from memory, by the ids of sources. */
export function sourceOf(rows: Readonly<Record<string, Iterable<SourceRow>>>): ProblemSource {
  return {
    async *read({ id }) {
      yield* rows[id] ?? []
    },
    labels: async () => [],
    async check() {},
    async pin(source) {
      return source
    },
  }
}

/** Stores a recipe as the door does. */
export async function storeRecipe(store: MemoryStore, recipe: Recipe): Promise<ObjectRef> {
  const bytes = new TextEncoder().encode(canonicalJson(recipe))
  await store.put('recipe.json', bytes)
  return refTo(store, 'recipe.json', bytes)
}

/** Failures are what these tests provoke: they are no news. */
export function inActivity<Result>(work: () => Promise<Result>): Promise<Result> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  return environment.run(work)
}

/** Runs a curation and reads everything that it wrote. */
export async function curate(
  recipe: Recipe,
  problemSource: ProblemSource,
  store = new MemoryStore(),
) {
  const ref = await storeRecipe(store, recipe)
  const activities = createCurateActivities({ store, problemSource })
  const result = await inActivity(() => activities.curateProblems(ref))
  const manifest = await readManifest(store, 'curate', result.key)
  const rowsOf = async <Row extends Parameters<typeof readRows>[2]>(name: string, row: Row) => {
    const output = manifest.outputs[name]
    if (output === undefined) throw new Error(`no output ${name}`)
    return readRows(store, output, row)
  }
  const shards: Problem[][] = []
  for (let shard = 0; shard < result.shards; shard++) {
    shards.push(await readRows(store, await readProblemShard(store, result.key, shard), Problem))
  }
  return {
    store,
    result,
    manifest,
    shards,
    kept: shards.flat(),
    heldOut: await rowsOf('held-out', Problem),
    dropped: await rowsOf('dropped', DroppedRow),
    setAsideText: await textOf(store, manifest.outputs['set-aside']),
    summary: await readCurationSummary(store, manifest),
  }
}

async function textOf(store: MemoryStore, ref: ObjectRef | undefined): Promise<string> {
  if (ref === undefined) throw new Error('no such output')
  return gunzipSync(await readObject(store, ref)).toString()
}
