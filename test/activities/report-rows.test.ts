import { expect, test } from 'vitest'
import { decodeRows } from '../../activities/artifacts.ts'
import { readManifest } from '../../activities/manifests.ts'
import { readDistillation } from '../../activities/report-rows.ts'
import { GraderDisagreement } from '../../core/report/grader-disagreement.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { distilledRun } from './distilled-run.ts'
import { MemoryStore } from './memory-store.ts'

test('a report’s disagreements are counted, shown and listed, each with its whole verdict', async () => {
  const store = new MemoryStore()
  const { curated, assembled } = await distilledRun(store, exampleRecipe, 3)
  const listKey = 'runs/first/disagreements.jsonl.gz'
  const { graders, verdicts } = await readDistillation(store, {
    distillation: { recipe: exampleRecipe, curated, shards: 3 },
    assembled: await readManifest(store, 'assemble', assembled),
    listKey,
  })
  expect(verdicts.reduce((sum, { count }) => sum + count, 0)).toBe(9)
  // Of each shard one answer is wrong, and the published rules accept it.
  const tally = { source: 'sums', domain: 'math', tier: 'exact', reason: 'different' }
  expect(graders.views).toMatchObject([
    {
      kind: 'strict-legacy',
      total: 3,
      tallies: [{ ...tally, outcome: 'wrong', other: 'accepted', count: 3 }],
    },
  ])
  expect(graders.list).toBe(store.uri(listKey))
  const listed = await decodeRows(await store.get(listKey), GraderDisagreement, listKey)
  expect(new Set(listed.map((row) => JSON.stringify(row)))).toEqual(
    new Set(graders.views[0]?.shown.map((row) => JSON.stringify(row))),
  )
  expect(listed[0]).toMatchObject({
    reference: '4',
    verdict: { profile: 'strict', profileVersion: 1, extracted: '5', legacyOutcome: 'accepted' },
  })
})
