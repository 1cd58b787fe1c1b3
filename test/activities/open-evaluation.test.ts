import { join } from 'node:path'
import { ApplicationFailure } from '@temporalio/activity'
import { beforeEach, describe, expect, test } from 'vitest'
import { writeJson } from '../../activities/artifacts.ts'
import { createBaseModels } from '../../adapters/base-models.ts'
import { createVault } from '../../activities/gated-vault.ts'
import {
  createEvaluationChecks,
  createOpenEvaluationActivities,
  type OpenedEvaluation,
} from '../../activities/open-evaluation.ts'
import { readRecipe } from '../../activities/open-run.ts'
import { startHubServer } from '../../infra/hub/hub-server.ts'
import { commitFile } from '../../infra/hub/repositories.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleRef } from '../core/example-rows.ts'
import { commit } from '../core/sources/hub/example-source.ts'
import { openHubFolder } from '../infra/hub/hub-folder.ts'
import { endpointOf, quietEnvironment } from './asking.ts'
import { MemoryStore } from './memory-store.ts'
import { noBaseModels } from './no-base-models.ts'
import { presentSources } from './present-sources.ts'

const student = exampleRef('student')
const theirs = 'endpoint:theirs/Qwen/QwQ-32B-Preview'

let store: MemoryStore
beforeEach(async () => {
  store = new MemoryStore()
  const recipe = await writeJson(store, 'recipe.json', exampleRecipe)
  const base = exampleRef('base')
  await writeJson(store, 'runs/first/run.json', {
    run: 'first',
    recipe,
    curated: 'c',
    base,
    student,
  })
})

function open(input: unknown, baseModels = noBaseModels): Promise<OpenedEvaluation> {
  const vault = createVault(store, undefined)
  const deps = { store, vault, problemSource: presentSources, baseModels, ...shelves }
  const door = createOpenEvaluationActivities(deps)
  const opening: Promise<OpenedEvaluation> = quietEnvironment().run(() =>
    door.openEvaluation(input),
  )
  return opening
}

const opened = (change: object) =>
  open({ models: ['run:first'], benchmarks: ['held-out'], name: 'both', ...change })

describe('the door of an evaluation', () => {
  test('takes the recipe of the run whose student it is, with as many samples as wanted', async () => {
    const { name, order } = await opened({ benchmarks: ['held-out:4', 'gsm8k'] })
    expect(name).toBe('both')
    expect(order).toMatchObject({
      benchmarks: ['held-out', 'gsm8k'],
      models: [{ name: 'first', site: { kind: 'weights', manifest: student } }],
      occasion: 'evaluation',
      curated: 'c',
    })
    const recipe = await readRecipe(store, order.recipe)
    expect(recipe.name).toBe(exampleRecipe.name)
    expect(recipe.benchmarks.map(({ asking }) => asking.samples)).toEqual([4, 1])
  })

  test('takes the published recipe for models of others, changed as the input says', async () => {
    const overrides = { benchmarks: { math500: { asking: { temperature: 0.6 } } } }
    const { order } = await opened({ models: [theirs], benchmarks: ['math500'], overrides })
    const recipe = await readRecipe(store, order.recipe)
    expect(recipe.name).toBe('sky-t1-32b-preview')
    expect(recipe.benchmarks.map(({ asking }) => asking.temperature)).toEqual([0.6])
    expect(order.models).toEqual([
      {
        name: 'QwQ-32B-Preview',
        site: { kind: 'endpoint', endpoint: 'theirs', model: 'Qwen/QwQ-32B-Preview' },
      },
    ])
  })

  test.each<[string, object, string]>([
    ['an unknown benchmark', { benchmarks: ['math501'] }, 'field benchmark: no benchmark math501'],
    ['no sample', { benchmarks: ['math500:0'] }, 'field benchmarks: math500:0: write the samples'],
    ['a benchmark twice', { benchmarks: ['gsm8k', 'gsm8k:2'] }, 'two are named gsm8k'],
    ['no benchmark', { benchmarks: [] }, 'field benchmarks'],
    ['a run that has not ended', { models: ['run:none'] }, 'no run none has ended'],
    ['what is no model', { models: ['student'] }, 'field models.0: student is no model'],
    ['two models of one name', { models: ['run:first', 'first=run:first/base'] }, 'two are named'],
    ['weights of another store', { models: ['s3://other/models/x'] }, "this deployment's store"],
    ['weights that are not there', { models: ['s3://sky-t1/models/x'] }, 'no manifest of a model'],
    ['problems of no run', { models: [theirs] }, 'name a model of that run'],
    ['a gated set without a secret', { benchmarks: ['gpqa-diamond'] }, 'set SKY_T1_SEALING_SECRET'],
    [
      'a model of others without a price',
      { models: ['endpoint:theirs/dear'], benchmarks: ['math500'] },
      'field prices.dear: missing',
    ],
    ['an unknown field', { model: 'x' }, 'input: unknown field model'],
  ])('refuses %s, for good and in one line', async (_, change, message) => {
    const failure = await failureOf(opened(change))
    expect(failure).toBeInstanceOf(ApplicationFailure)
    expect(failure).toMatchObject({ nonRetryable: true })
    expect(failure.message).toContain(message)
    expect(failure.message).not.toContain('\n')
  })

  test('refuses responses for which the engine has no room beside a problem', async () => {
    const overrides = { benchmarks: { math500: { asking: { maxTokens: 32768 } } } }
    const failure = await failureOf(
      opened({ models: [theirs], benchmarks: ['math500'], overrides }),
    )
    expect(failure.message).toContain('field evaluationEngine.maxModelLength: 32768')
  })

  const whole = { kind: 'hub', name: 'x', model: 'org/model', revision: 'v9' }
  test.each([
    ['hub:org/none@main', /^field models\.1: hub:org\/none@main: the Hub shows no org\/none /],
    [
      'hub:org/model@v9',
      /^field models\.1: hub:org\/model@v9: org\/model has no v9; name a commit/,
    ],
    [whole, /^field models\.1\.revision: org\/model has no v9; name a commit/],
    [{ ...whole, model: 'org/none' }, /^field models\.1: the Hub shows no org\/none /],
  ])(
    'refuses a model that the Hub lacks, naming it as it was typed: %j',
    async (model, message) => {
      await using folder = await openHubFolder({ [`models/org/model/${commitFile}`]: commit })
      const server = await startHubServer({ directory: folder.directory })
      const baseModels = createBaseModels({
        endpoint: server.url,
        token: undefined,
        cacheDirectory: join(folder.directory, 'cache'),
        mirror: undefined,
        patience: { retries: 0, firstWaitMs: 1 },
      })
      const input = { models: ['run:first', model], benchmarks: ['gsm8k'], name: 'both' }
      const failure = await failureOf(open(input, baseModels))
      await server.close()
      expect(failure).toMatchObject({ nonRetryable: true, type: 'InvalidInput' })
      expect(failure.message).toMatch(message)
    },
  )
})

async function refused(model: string): Promise<void> {
  throw new Error(`endpoint theirs serves other, not ${model}`)
}

test('an endpoint that does not serve the model named refuses the evaluation', async () => {
  const unasked = endpointOf(() => Promise.reject(new Error('nothing is sampled at the door')))
  const checks = createEvaluationChecks({ endpoint: () => ({ ...unasked, check: refused }) })
  const site = { kind: 'endpoint', endpoint: 'theirs', model: 'QwQ' } as const
  const failure = await failureOf(checks.checkEvaluated([{ name: 'theirs', site }]))
  expect(failure).toMatchObject({ nonRetryable: true })
  expect(failure.message).toBe('endpoint theirs serves other, not QwQ')
})
