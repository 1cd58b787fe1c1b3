import { describe, expect, test } from 'vitest'
import { createCurateActivities } from '../../activities/curate.ts'
import { createLabelActivities } from '../../activities/label-difficulty.ts'
import { createOpenAiEndpoint } from '../../adapters/openai-endpoint.ts'
import { FailureBudgetExceededError } from '../../core/failure-budget.ts'
import { unlimited } from '../../core/ports/request-limits.ts'
import type { Recipe } from '../../core/recipe.ts'
import { streamProblems } from '../../core/sources/families/generate-problems.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleProblem } from '../core/example-rows.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'
import { curate, hubSource, inActivity, sourceOf, storeRecipe } from './curation-run.ts'
import { MemoryStore } from './memory-store.ts'

const calm = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0 }

const problems = [
  ...streamProblems(
    { kind: 'generated', id: 'a', family: 'arithmetic', domain: 'math', train: 60, heldOut: 0 },
    1,
  ),
].map((problem) => exampleProblem({ id: problem.id, source: 'a', prompt: problem.prompt }))
const [first] = problems

/** Two sources that put the same questions, of which one takes a band of difficulty, and labels for one of them. */
const rows = {
  a: problems.map((problem) => ({ kind: 'problem', problem }) as const),
  b: problems.map(
    (problem) => ({ kind: 'problem', problem: { ...problem, source: 'b' } }) as const,
  ),
  labels: problems
    .slice(0, 1)
    .map((problem) => ({ kind: 'problem', problem: { ...problem, difficulty: 5 } }) as const),
}

const recipe: Recipe = {
  ...exampleRecipe,
  sources: [
    hubSource('a', { difficulty: { min: 4, max: 9 } }),
    hubSource('b', { difficulty: { min: 1, max: 3.5 } }),
  ],
  curation: {
    ...exampleRecipe.curation,
    difficulty: {
      labels: hubSource('labels'),
      labeller: { endpoint: 'scripted', model: 'scripted-labeller', temperature: 0, maxTokens: 32 },
    },
  },
  prices: {
    ...exampleRecipe.prices,
    'scripted-labeller': { promptPerMillion: 1, completionPerMillion: 1 },
  },
  failureBudget: { sourceRows: 0.5, replies: 0.2 },
}

/** Gathers and rates as the workflow does, and gives what curation is then to find. */
async function rate(store: MemoryStore, url: string, changes: Partial<Recipe> = {}) {
  const ref = await storeRecipe(store, { ...recipe, ...changes })
  const curation = createCurateActivities({ store, problemSource: sourceOf(rows) })
  const gathered = await inActivity(() => curation.gatherProblems(ref))
  const open = { name: 'scripted', baseURL: `${url}/v1`, apiKey: undefined, idleTimeoutMs: 30_000 }
  const endpoint = { ...createOpenAiEndpoint(open), limits: unlimited }
  const labels = createLabelActivities({ store, endpoint: () => endpoint })
  const rated = []
  for (let shard = 0; shard < gathered.unratedShards; shard++) {
    const order = { recipe: ref, gathered: gathered.key, shard, account: 'test' }
    rated.push(await inActivity(() => labels.labelShard(order)))
  }
  return rated
}

describe('problems that no label is known of', () => {
  test('are rated once a question, and band by band by their rating', async () => {
    await using server = await openScriptedEndpoint({ faults: calm, labeller: { unreadable: 0 } })
    const store = new MemoryStore()
    const rated = await rate(store, server.url)
    expect(rated.map(({ counts }) => counts)).toEqual([{ rated: 59, unrated: 0 }])
    expect(server.counts.report().totals['completed']).toBe(59)
    const { kept, dropped, result } = await curate(recipe, sourceOf(rows), store)
    expect(kept.length + dropped.length).toBe(120)
    expect(dropped.every(({ reason }) => reason === 'out-of-band')).toBe(true)
    expect(kept.find(({ id }) => id === first?.id)).toMatchObject({ source: 'a', difficulty: 5 })
    const inBand = kept.filter(({ source, difficulty = 0 }) =>
      source === 'a' ? difficulty >= 4 && difficulty <= 9 : difficulty <= 3.5,
    )
    expect(inBand).toHaveLength(kept.length)
    expect(result.cost).toMatchObject({ requests: 59 })
    expect(result.cost.dollars).toBeGreaterThan(0)
  })

  test('are not paid for again by another run of the same recipe', async () => {
    await using server = await openScriptedEndpoint({ faults: calm, labeller: { unreadable: 0 } })
    const store = new MemoryStore()
    await rate(store, server.url)
    const again = await rate(store, server.url)
    expect(again.map(({ reused }) => reused)).toEqual([true])
    await rate(store, server.url, { failureBudget: { sourceRows: 0.4, replies: 0.2 } })
    expect(server.counts.report().totals['completed']).toBe(59)
  })

  test('whose rating cannot be read are asked about with other seeds, then set aside', async () => {
    await using server = await openScriptedEndpoint({ faults: calm, labeller: { unreadable: 0.4 } })
    const store = new MemoryStore()
    const rated = await rate(store, server.url)
    const unrated = rated[0]?.counts['unrated'] ?? 0
    expect(unrated).toBeGreaterThan(0)
    expect(unrated).toBeLessThan(12)
    expect(server.counts.report().totals['completed']).toBeGreaterThan(59)
    const { dropped } = await curate(recipe, sourceOf(rows), store)
    const reasons = dropped.filter(({ reason }) => reason === 'unrated')
    expect(reasons).toHaveLength(2 * unrated)
    expect(reasons[0]?.ground).toEqual({ kind: 'unrated', why: 'no rating in reply' })
  })

  test('stop the stage where more ratings cannot be read than the recipe allows', async () => {
    await using server = await openScriptedEndpoint({ faults: calm, labeller: { unreadable: 1 } })
    const store = new MemoryStore()
    await rate(store, server.url)
    const work = curate(recipe, sourceOf(rows), store)
    await expect(work).rejects.toThrow(FailureBudgetExceededError)
    await expect(work).rejects.toThrow('the labeller: 59 of 60 ratings failed')
  })

  test('keep curation waiting until they are rated', async () => {
    const work = curate(recipe, sourceOf(rows))
    await expect(work).rejects.toThrow(/has no manifest/)
  })
})
