import { gunzipSync } from 'node:zlib'
import { MockActivityEnvironment } from '@temporalio/testing'
import { describe, expect, test } from 'vitest'
import { createCurateActivities } from '../../activities/curate.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import { FailureBudgetExceededError } from '../../core/failure-budget.ts'
import type { SourceRow } from '../../core/ports/problem-source.ts'
import type { CodeTests, Problem } from '../../core/problem.ts'
import { codePrompt } from '../../core/prompts/code-problem.ts'
import type { Recipe } from '../../core/recipe.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleProblem } from '../core/example-rows.ts'
import { curate, hubSource, sourceOf, storeRecipe } from './curation-run.ts'
import { MemoryStore } from './memory-store.ts'

const long =
  'A farmer has 17 sheep and 23 goats, sells 5 sheep on Monday and buys 9 goats on Tuesday; ' +
  'how many animals graze on the meadow on Wednesday morning?'
const other =
  'Two trains leave the harbour at noon, one at 40 miles an hour to the north and the other at 30 ' +
  'miles an hour to the east. How far apart are they at five in the afternoon?'

function row(source: string, prompt: string, changes: Partial<Problem> = {}): SourceRow {
  return { kind: 'problem', problem: exampleProblem({ source, prompt, ...changes }) }
}

function at(split: 'train' | 'held-out', number: number): Pick<Problem, 'origin'> {
  return { origin: { split, row: number } }
}

function lostFile(share: number): SourceRow {
  return { kind: 'file-set-aside', row: 2, reason: 'train-1 cannot be read', share }
}

function setAside(number: number, reason: string): SourceRow {
  return { kind: 'set-aside', row: number, reason }
}

function recipe(changes: Partial<Recipe>, curation: Partial<Recipe['curation']> = {}): Recipe {
  return {
    ...exampleRecipe,
    sources: [hubSource('a'), hubSource('b')],
    curation: { ...exampleRecipe.curation, ...curation },
    ...changes,
  }
}

const decontamination = { ngramWords: 13, shortSimilarity: 0.8 }
const deduplication = { similarity: 0.8 }

describe('a curation', () => {
  test('cuts the problems into shards in the order of recipe and source', async () => {
    const sources = { a: ['p1', 'p2', 'p3'].map((text) => row('a', text)), b: [row('b', 'p4')] }
    const { shards, result } = await curate(recipe({}), sourceOf(sources))
    expect(shards.map((shard) => shard.map(({ prompt }) => prompt))).toEqual([
      ['p1', 'p2'],
      ['p3', 'p4'],
    ])
    expect(result).toMatchObject({ shards: 2, counts: { problems: 4, 'problems/a': 3 } })
  })

  test('is found when it is asked for again, and writes the same bytes in another store', async () => {
    const source = createProblemSource({ dataDirectory: undefined })
    const whole = {
      ...exampleRecipe,
      curation: { difficulty: null, decontamination, deduplication },
    }
    const first = await curate(whole, source)
    const again = await curate(whole, source, first.store)
    expect(again.result).toMatchObject({ key: first.result.key, reused: true, shards: 2 })
    const elsewhere = await curate(whole, source)
    expect(elsewhere.result.digest).toBe(first.result.digest)
  })

  test('without deduplication keeps one question of two sources, but not twice in one', async () => {
    const rows = { a: [row('a', long), row('a', `${long} `)], b: [row('b', long)] }
    const { kept, dropped } = await curate(recipe({}), sourceOf(rows))
    expect(kept.map(({ source }) => source)).toEqual(['a', 'b'])
    expect(dropped.map(({ reason }) => reason)).toEqual(['repeated'])
  })

  test('with deduplication keeps the first in the order of the recipe, and says which', async () => {
    const reworded = long.replace('morning', 'evening')
    const rows = {
      a: [row('a', other), row('a', long)],
      b: [row('b', long.toUpperCase(), at('train', 7)), row('b', reworded, at('train', 8))],
    }
    const { kept, dropped, summary, result } = await curate(
      recipe({}, { deduplication }),
      sourceOf(rows),
    )
    expect(kept.map(({ prompt }) => prompt)).toEqual([other, long])
    const problemId = kept[1]?.id
    expect(dropped).toMatchObject([
      {
        source: 'b',
        row: 7,
        reason: 'repeated',
        ground: { source: 'a', problemId, similarity: 1 },
      },
      { source: 'b', row: 8, reason: 'near-duplicate', ground: { source: 'a', problemId } },
    ])
    expect(summary.drops).toEqual([
      { source: 'b', reason: 'repeated', against: 'a', count: 1 },
      { source: 'b', reason: 'near-duplicate', against: 'a', count: 1 },
    ])
    expect(result.counts).toMatchObject({ problems: 2, dropped: 2, 'dropped/b/repeated': 1 })
  })

  test('never trains on what is held out, in whichever source it stands', async () => {
    const rows = { a: [row('a', long)], b: [row('b', `${long}\n`, at('held-out', 3))] }
    const { kept, heldOut, dropped } = await curate(recipe({}), sourceOf(rows))
    expect(kept).toEqual([])
    expect(heldOut).toHaveLength(1)
    expect(dropped).toMatchObject([
      { reason: 'contaminated', ground: { kind: 'similar', set: 'b', itemRow: 3, similarity: 1 } },
    ])
  })
})

describe('decontamination', () => {
  test('takes what every programming problem is asked for no sign that two are one', async () => {
    const tests: CodeTests = { kind: 'stdin', cases: [{ input: '1', output: '1' }] }
    const coding = (source: string, statement: string) =>
      row(source, codePrompt({ statement, tests, starterCode: '' }))
    const rows = {
      a: [coding('a', 'Print the longest path of a tree.'), coding('a', 'Count the pairs.')],
      bench: [coding('bench', 'Print the least cost at which a frog crosses the river.')],
    }
    const { kept } = await curate(recipe({ evaluationSets }, { decontamination }), sourceOf(rows))
    expect(kept).toHaveLength(2)
  })

  const evaluationSets = [hubSource('bench', { role: 'evaluation' })]
  const embedded = `Here is one for you. ${long} Explain.`

  test('names the test item and the n-gram for each problem dropped', async () => {
    const rows = {
      a: [row('a', embedded, at('train', 4)), row('a', other)],
      bench: [row('bench', other.slice(0, 40)), row('bench', long, at('held-out', 11))],
    }
    const { kept, heldOut, dropped, summary } = await curate(
      recipe({ evaluationSets }, { decontamination }),
      sourceOf(rows),
    )
    expect(kept.map(({ prompt }) => prompt)).toEqual([other])
    expect(heldOut).toEqual([])
    expect(dropped).toMatchObject([
      {
        source: 'a',
        row: 4,
        reason: 'contaminated',
        ground: {
          kind: 'ngram',
          set: 'bench',
          item: exampleProblem({ source: 'bench', prompt: long }).id,
          itemRow: 11,
          ngram: 'a farmer has 17 sheep and 23 goats sells 5 sheep on monday',
          position: 5,
        },
      },
    ])
    expect(summary.evaluationItems).toEqual({ bench: 2 })
  })

  test('stores no text of a gated set anywhere', async () => {
    const gated = [hubSource('bench', { role: 'evaluation', gated: true })]
    const rows = { a: [row('a', embedded)], bench: [row('bench', `${long} SECRET`)] }
    const source = sourceOf({ ...rows, a: [row('a', embedded), row('a', other)] })
    const { store, dropped } = await curate(
      recipe({ evaluationSets: gated }, { decontamination }),
      source,
    )
    expect(dropped).toMatchObject([{ ground: { kind: 'ngram', ngram: null, position: 5 } }])
    const texts = [...store.objects].map(([key, bytes]) => ({
      key,
      text: (key.endsWith('.gz') ? gunzipSync(bytes) : Buffer.from(bytes)).toString().toLowerCase(),
    }))
    expect(texts.filter(({ text }) => text.includes('secret'))).toEqual([])
    const shared = texts.filter(({ text }) => text.includes('farmer')).map(({ key }) => key)
    expect(shared.filter((key) => !key.includes('/gathered-'))).toEqual([])
  })

  test('is against the held-out problems of every source too', async () => {
    const rows = { a: [row('a', embedded)], b: [row('b', long, at('held-out', 0))] }
    const { kept, dropped } = await curate(recipe({}, { decontamination }), sourceOf(rows))
    expect(kept).toEqual([])
    expect(dropped).toMatchObject([{ ground: { kind: 'ngram', set: 'b' } }])
  })
})

describe('rows that are no problems', () => {
  test('are listed and counted, and stop nothing', async () => {
    const rows = { a: [setAside(0, 'no answer'), row('a', long), row('a', other)] }
    const { kept, setAsideText, result } = await curate(recipe({}), sourceOf(rows))
    expect(kept).toHaveLength(2)
    expect(setAsideText).toBe('{"source":"a","row":0,"reason":"no answer"}\n')
    expect(result.counts).toMatchObject({ 'set-aside/a': 1 })
  })

  test('stop the stage where a source has more of them than the recipe allows', async () => {
    const rows = { a: [setAside(0, 'no answer'), setAside(1, 'bad tests'), row('a', long)] }
    const work = curate(recipe({}), sourceOf(rows))
    await expect(work).rejects.toThrow(FailureBudgetExceededError)
    await expect(work).rejects.toThrow(
      'source a: 2 of 3 rows failed, more than failureBudget.sourceRows (0.5) allows; ' +
        'most often: bad tests (1), no answer (1); correct its entry in the recipe',
    )
  })

  test('count by the share of its bytes where a whole file cannot be read', async () => {
    const readable = [row('a', long), row('a', other)]
    const { setAsideText } = await curate(recipe({}), sourceOf({ a: [...readable, lostFile(0.4)] }))
    expect(setAsideText).toBe('{"source":"a","row":2,"reason":"train-1 cannot be read"}\n')
    await expect(
      curate(recipe({}), sourceOf({ a: [...readable, lostFile(0.75)] })),
    ).rejects.toThrow(
      'source a: 6 of 8 rows failed, more than failureBudget.sourceRows (0.5) allows; ' +
        'most often: train-1 cannot be read (6);',
    )
  })

  test('of an evaluation set stop it as well', async () => {
    const evaluationSets = [hubSource('bench', { role: 'evaluation' })]
    const rows = { a: [row('a', long)], bench: [setAside(0, 'no question')] }
    const work = curate(recipe({ evaluationSets }), sourceOf(rows))
    await expect(work).rejects.toThrow('source bench: 1 of 1 rows failed')
  })
})

test('many shards leave the manifest small, and each is found by itself', async () => {
  const rows = Array.from({ length: 600 }, (_, number) => row('a', `problem ${number}`))
  const { store, manifest, result } = await curate(recipe({}), sourceOf({ a: rows }))
  expect(result.shards).toBe(300)
  expect(Object.keys(manifest.outputs)).toHaveLength(7)
  expect(JSON.stringify(manifest).length).toBeLessThan(5000)
  expect(store.objects.has(`stages/curate/${result.key}/problems-00299.json`)).toBe(true)
})

test('a band of difficulty keeps what is inside it, and drops what nobody rated', async () => {
  const sources = [hubSource('a', { difficulty: { min: 4, max: 9 } }), hubSource('b')]
  const rows = {
    a: [3.5, 4, 9, 9.5].map((difficulty) => row('a', `difficulty ${difficulty}`, { difficulty })),
    b: [row('b', 'as hard as you like')],
  }
  rows.a.push(row('a', 'who knows'))
  const difficulty = { labels: null, labeller: null }
  const { kept, dropped } = await curate(recipe({ sources }, { difficulty }), sourceOf(rows))
  expect(kept.map(({ prompt }) => prompt)).toEqual([
    'difficulty 4',
    'difficulty 9',
    'as hard as you like',
  ])
  expect(dropped.map(({ reason, ground }) => [reason, ground.kind])).toEqual([
    ['out-of-band', 'difficulty'],
    ['out-of-band', 'difficulty'],
    ['unrated', 'unrated'],
  ])
})

test('the label set fills difficulties in by the text of the problem', async () => {
  const sources = [hubSource('a', { difficulty: { min: 4, max: 9 } })]
  const labels = hubSource('labels')
  const rows = {
    a: [row('a', long), row('a', other)],
    labels: [
      row('labels', long.toUpperCase(), { difficulty: 6.5 }),
      row('labels', 'of no interest', { difficulty: 5 }),
      row('labels', other, { difficulty: 2 }),
    ],
  }
  const { kept, dropped, result } = await curate(
    recipe({ sources }, { difficulty: { labels, labeller: null } }),
    sourceOf(rows),
  )
  expect(kept).toMatchObject([{ prompt: long, difficulty: 6.5 }])
  expect(dropped).toMatchObject([{ reason: 'out-of-band', ground: { difficulty: 2 } }])
  expect(result.counts).toMatchObject({ 'labels-found': 2 })
})

test('a cancelled curation stops between two chunks', async () => {
  const store = new MemoryStore()
  const ref = await storeRecipe(store, recipe({}))
  const environment = new MockActivityEnvironment()
  const endless = sourceOf({
    a: (function* () {
      for (let number = 0; ; number++) {
        if (number === 2500) environment.cancel('CANCELLED')
        yield row('a', `problem ${number}`)
      }
    })(),
  })
  const activities = createCurateActivities({ store, problemSource: endless })
  await expect(environment.run(() => activities.curateProblems(ref))).rejects.toThrow('CANCELLED')
})
