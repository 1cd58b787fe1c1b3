import { MockActivityEnvironment } from '@temporalio/testing'
import { expect, test } from 'vitest'
import { createOpenRunActivities, readRecipe } from '../../activities/open-run.ts'
import type { HubSettings } from '../../adapters/hub/hub-library.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { RunPlan } from '../../core/run-plan.ts'
import { jsonLines } from '../../infra/hub/table-bytes.ts'
import { openHub } from '../adapters/hub/hub-under-test.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { commit, hubSource } from '../core/sources/hub/example-source.ts'
import { createVault } from '../../activities/gated-vault.ts'
import { MemoryStore } from './memory-store.ts'
import { noBaseModels } from './no-base-models.ts'

const files = { 'train.jsonl': jsonLines([{ question: 'q', answer: '1' }]) }

function withSource(changes: Parameters<typeof hubSource>[0]): Recipe {
  return {
    ...exampleRecipe,
    sources: [...exampleRecipe.sources, hubSource(changes)],
    evaluationSets: [hubSource({ ...changes, id: 'evaluated', role: 'evaluation' })],
  }
}

test('the stored recipe of a run names commits alone, also where its document names a branch', async () => {
  await using hub = await openHub(files)
  const store = new MemoryStore()
  const door = doorBefore(hub.settings, store)
  const open = (recipe: Recipe): Promise<RunPlan> =>
    new MockActivityEnvironment().run(() => door.openRun({ recipe }))
  const named = await open(withSource({ revision: 'main' }))
  expect(await readRecipe(store, named.recipe)).toEqual(withSource({ revision: commit }))
  const pinned = await open(withSource({ revision: commit }))
  expect(pinned.recipeDigest).toBe(named.recipeDigest)
})

test('a source that the Hub does not have is refused at the door, and nothing is stored', async () => {
  await using hub = await openHub(files)
  const store = new MemoryStore()
  const door = doorBefore(hub.settings, store)
  const recipe = withSource({ filters: [{ column: 'level', min: 1, max: null }] })
  await expect(door.openRun({ recipe })).rejects.toMatchObject({
    nonRetryable: true,
    message: expect.stringContaining('source set: train.jsonl has no column level; it has'),
  })
  expect(store.written).toEqual([])
})

/** The door of runs whose recipes are given whole, with this Hub behind it. */
function doorBefore(hub: HubSettings, store: MemoryStore) {
  const problemSource = createProblemSource({ dataDirectory: undefined, hub })
  return createOpenRunActivities({
    store,
    problemSource,
    baseModels: noBaseModels,
    recipes: failing,
    profiles: failing,
    benchmarks: failing,
    vault: createVault(store, undefined),
  })
}

async function failing(name: string): Promise<never> {
  throw new Error(`no recipe ${name} is asked for`)
}
