import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../../core/invalid-input.ts'
import { checkFeasible, labellerOf, teacherModels } from '../../core/recipe-feasibility.ts'
import type { Quota, Recipe } from '../../core/recipe.ts'
import type { GeneratedSource, RecordedSource } from '../../core/sources/source.ts'
import { exampleRecipe } from './example-recipe.ts'
import { hubSource } from './sources/hub/example-source.ts'

const sums: GeneratedSource = {
  kind: 'generated',
  id: 'sums',
  family: 'arithmetic',
  domain: 'math',
  train: 3,
  heldOut: 1,
}

function check(changes: Partial<Recipe>, trains = true) {
  return () => checkFeasible({ ...exampleRecipe, sources: [sums], ...changes }, { trains })
}

const hub = hubSource({ id: 'numina' })
const labeller = { endpoint: 'scripted', model: 'rater', temperature: 0, maxTokens: 64 }

const math: Quota = { name: 'math', rows: 2, domains: ['math'], sources: [], difficulty: null }

const recorded: RecordedSource = {
  kind: 'recorded',
  id: 'aime',
  file: 'skythought_qwen32b_results',
  benchmark: 'AIME24',
  model: 'Qwen2.5-32B-Instruct',
  domain: 'math',
  train: 1,
  heldOut: 0,
}

describe('a recipe that cannot come out is refused', () => {
  const { prices, curation } = exampleRecipe
  const { 'scripted-teacher': teacherPrice = prices['x'], ...reformatterOnly } = prices
  test.each<[string, () => void, string]>([
    [
      'more rows than problems',
      check({ mixture: [{ ...math, rows: 4 }] }),
      'field mixture.math: 4 rows asked, but the sources give 3 problems; lower it or add problems',
    ],
    [
      'rows of a domain without a source',
      check({ mixture: [{ ...math, name: 'riddles', rows: 1, domains: ['puzzle'] }] }),
      'field mixture.riddles: 1 rows asked, but the sources give 0 problems; lower it or add problems',
    ],
    [
      'rows of a source that there is not',
      check({ mixture: [{ ...math, sources: ['sum'] }] }),
      'field mixture.math.sources: the recipe has no source sum; correct its name',
    ],
    [
      'nothing to evaluate on',
      check({ sources: [{ ...sums, heldOut: 0 }] }),
      'field sources: none holds problems out; set heldOut on one',
    ],
    [
      'a teacher without a price',
      check({ prices: reformatterOnly }),
      'field prices.scripted-teacher: missing; give its price for a million tokens',
    ],
    [
      'a reformatter without a price',
      check({ prices: teacherPrice === undefined ? {} : { 'scripted-teacher': teacherPrice } }),
      'field prices.scripted-reformatter: missing; give its price for a million tokens',
    ],
    [
      'a recorded model without a price',
      check({ sources: [sums, recorded] }),
      'field prices.Qwen2.5-32B-Instruct: missing; give its price for a million tokens',
    ],
    [
      'a judge without a price',
      check({
        grading: {
          ...exampleRecipe.grading,
          judge: { endpoint: 'openai', model: 'judge', temperature: 0, maxTokens: 64 },
        },
      }),
      'field prices.judge: missing; give its price for a million tokens',
    ],
    [
      'a labeller without a price',
      check({
        sources: [sums, { ...hub, difficulty: { min: 4, max: 9 } }],
        curation: { ...curation, difficulty: { labels: null, labeller } },
      }),
      'field prices.rater: missing; give its price for a million tokens',
    ],
    [
      'a band of difficulty, and nobody to tell it',
      check({ sources: [sums, { ...hub, difficulty: { min: 4, max: 9 } }] }),
      'field curation.difficulty: source numina takes a band of difficulty;',
    ],
    [
      'more rows than a capped source gives',
      check({ sources: [sums, { ...hub, cap: 5 }], mixture: [{ ...math, rows: 9 }] }),
      'field mixture.math: 9 rows asked, but the sources give 8 problems',
    ],
    [
      'two sources of one name',
      check({ evaluationSets: [{ ...hub, role: 'evaluation', id: 'sums' }] }),
      'field sources: two sources are named sums; rename one',
    ],
    [
      'an evaluation set to train on',
      check({ sources: [sums, { ...hub, role: 'evaluation' }] }),
      'source numina: field role: it is evaluated on; move it to evaluationSets',
    ],
    [
      'a gated set to train on',
      check({ sources: [sums, { ...hub, gated: true }] }),
      'source numina: field gated: what is gated is stored nowhere,',
    ],
    [
      'a source to train on among the evaluation sets',
      check({ evaluationSets: [hub] }),
      'source numina: field role: it is to be trained on; move it to sources',
    ],
  ])('%s', (_, work, message) => {
    expect(work).toThrow(InvalidInputError)
    expect(work).toThrow(message)
  })
})

test('as many rows as problems is possible', () => {
  expect(check({ mixture: [{ ...math, rows: 3 }] })).not.toThrow()
})

test('what only reading can tell is let through', () => {
  const band = { min: 4, max: 9 }
  expect(check({ mixture: [{ ...math, rows: 3, difficulty: band }] })).not.toThrow()
  expect(check({ sources: [sums, hub], mixture: [{ ...math, rows: 10_000 }] })).not.toThrow()
})

test('a run that ends with the data set needs no problem to evaluate on', () => {
  expect(check({ sources: [{ ...sums, heldOut: 0 }] }, false)).not.toThrow()
})

test('a labeller that no source needs is not asked, and needs no price', () => {
  const curation = { ...exampleRecipe.curation, difficulty: { labels: null, labeller } }
  expect(check({ curation })).not.toThrow()
  expect(labellerOf({ ...exampleRecipe, curation })).toBeNull()
})

test('problems that are held out are not counted for training', () => {
  expect(check({ mixture: [{ ...math, rows: 4 }] })).toThrow('give 3 problems')
})

test('each model is asked of the teacher once, recorded ones by their own names', () => {
  const sources = [...exampleRecipe.sources, recorded, { ...recorded, id: 'again' }]
  expect(teacherModels({ ...exampleRecipe, sources })).toEqual([
    'scripted-teacher',
    'Qwen2.5-32B-Instruct',
  ])
})
