import { createVault } from '../../activities/gated-vault.ts'
import { ApplicationFailure } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import getPort from 'get-port'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createEndpointChecks,
  createOpenRunActivities,
  createSandboxChecks,
  createTrainerChecks,
  readRecipe,
} from '../../activities/open-run.ts'
import { createLlamaFactoryTrainer } from '../../adapters/llama-factory-trainer.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { digestOf } from '../../core/digest.ts'
import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import type { Recipe } from '../../core/recipe.ts'
import { endpointsOf } from '../../workers/endpoints.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { answerJson, failureOf, openChatServer } from '../adapters/chat-server.ts'
import { actAs, ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { MemoryStore } from './memory-store.ts'
import { noBaseModels } from './no-base-models.ts'

const problemSource = createProblemSource({ dataDirectory: undefined })

let store: MemoryStore
beforeEach(() => {
  store = new MemoryStore()
})

function open(input: unknown, into: ObjectStore = store) {
  const vault = createVault(into, undefined)
  const deps = { store: into, vault, problemSource, baseModels: noBaseModels, ...shelves }
  return createOpenRunActivities(deps).openRun(input)
}

type Refusal = { readonly type: string; readonly message: string }

/** What the workflow is told, which must be final and one line. */
async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const failure = await failureOf(work)
  if (!(failure instanceof ApplicationFailure)) throw failure
  expect(failure.nonRetryable).toBe(true)
  expect(failure.message).not.toContain('\n')
  expect(failure.cause).toBeUndefined()
  return { type: failure.type ?? '', message: failure.message }
}

describe('a run', () => {
  test('is opened by the name of a recipe, which is stored whole under its digest', async () => {
    const plan = await open({ recipe: 'miniature' })
    expect(plan).toMatchObject({
      recipeName: 'miniature',
      shardsInFlight: 3,
      reformatBatch: null,
      benchmarks: ['held-out'],
      scripted: true,
    })
    const recipe = await readRecipe(store, plan.recipe)
    expect(digestOf(recipe)).toBe(plan.recipeDigest)
    expect(store.written).toEqual([`recipes/${plan.recipeDigest}.json`])
  })

  test('is opened by a whole recipe, with overrides laid over it', async () => {
    const plan = await open({
      recipe: exampleRecipe,
      overrides: { seed: 7, mixture: { math: { rows: 1 } } },
    })
    expect(await readRecipe(store, plan.recipe)).toEqual({
      ...exampleRecipe,
      seed: 7,
      mixture: exampleRecipe.mixture.map((quota) => ({ ...quota, rows: 1 })),
    })
  })

  test('that ends with the data set is not kept from it by a training that cannot run', async () => {
    const overrides = { training: { cluster: { diskGiB: 0.001 } } }
    const plan = await open({ recipe: 'miniature', overrides, until: 'assemble' })
    expect(plan.trains).toBe(false)
  })

  test('has the same recipe reference however its document was written', async () => {
    const { name, ...rest } = exampleRecipe
    const reordered = { ...rest, name }
    expect(await open({ recipe: reordered })).toEqual(await open({ recipe: exampleRecipe }))
  })
})

describe('bad input is refused before anything is stored:', () => {
  const { teacher, mixture } = exampleRecipe
  const recorded = {
    kind: 'recorded',
    id: 'aime',
    file: 'skythought_qwen32b_results',
    benchmark: 'AIME24',
    model: 'm',
    domain: 'math',
    train: 1,
    heldOut: 1,
  }
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'input: field (the whole): Invalid input'],
    ['a bare name', 'miniature', 'input: field (the whole): Invalid input'],
    [
      'an unknown recipe, by those there are',
      { recipe: 'minature' },
      'field recipe: no recipe minature; there are miniature',
    ],
    ['a path', { recipe: '../recipes/miniature' }, 'field recipe: no recipe ../recipes/miniature;'],
    [
      'an unknown field of the input',
      { recipe: 'miniature', mixture: {} },
      'input: unknown field mixture; remove it or correct its name',
    ],
    [
      'an unknown field of the overrides',
      { recipe: 'miniature', overrides: { mixtur: { math: 1 } } },
      'recipe: unknown field mixtur; remove it or correct its name',
    ],
    [
      'a wrong type',
      { recipe: { ...exampleRecipe, teacher: { ...teacher, maxTokens: '1k' } } },
      'recipe: field teacher.maxTokens: Invalid input: expected number, received string',
    ],
    [
      'an impossible mix',
      { recipe: { ...exampleRecipe, mixture: mixture.map((quota) => ({ ...quota, rows: 5 })) } },
      'field mixture.math: 5 rows asked, but the sources give 4 problems; lower it or add problems',
    ],
    [
      'a training that cannot run',
      { recipe: 'miniature', overrides: { training: { cutoffLength: 2048 } } },
      "field training.cutoffLength: 2048 tokens are more than the model's 1024; make it at most 1024",
    ],
    [
      'a step that devices cannot share',
      { recipe: 'miniature', overrides: { training: { examplesPerStep: 12 } } },
      'field training.examplesPerStep: 12 examples cannot be shared out over 1 devices with 8 at once',
    ],
    [
      'recorded outputs without a data folder',
      { recipe: { ...exampleRecipe, sources: [recorded] } },
      'source aime: this deployment has no data folder; give one with --data DIR (SKY_T1_DATA)',
    ],
  ])('%s', async (_, input, message) => {
    const { type, message: told } = await refusal(open(input))
    expect(told).toContain(message)
    expect(type).toBe('InvalidInput')
    expect(store.written).toEqual([])
  })
})

describe('a store that cannot be used is refused by the bucket:', () => {
  test('where no server answers', async () => {
    actAs({ accessKeyId: 'any', secretAccessKey: 'secret-of-a-test' })
    const endpoint = `http://127.0.0.1:${await getPort()}`
    const nowhere = new S3ObjectStore({ bucket: 'sky-t1', region: 'us-east-1', endpoint })
    const { type, message } = await refusal(open({ recipe: exampleRecipe }, nowhere))
    expect(type).toBe('Refused')
    expect(message).toContain(`S3_BUCKET: bucket sky-t1 at ${endpoint} cannot be written and read`)
    expect(message).not.toContain('secret-of-a-test')
  })

  describe.skipIf(objectServerProgram === undefined)('with versitygw (SKY_T1_VERSITYGW)', () => {
    let server: ObjectServer
    beforeAll(async () => {
      server = await ObjectServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    test('where it denies the bucket', async () => {
      const stranger = await server.addStranger()
      actAs(stranger)
      const { message } = await refusal(open({ recipe: exampleRecipe }, server.store()))
      expect(message).toMatch(/^S3_BUCKET: bucket sky-t1 .*AccessDenied.*; check S3_ENDPOINT/)
      expect(message).not.toContain(stranger.secretAccessKey)
    })
  })
})

/** Checks the endpoints of the example recipe, in a deployment of this environment. */
async function check(environment: NodeJS.ProcessEnv, changes: Partial<Recipe> = {}) {
  const { recipe } = await open({ recipe: { ...exampleRecipe, ...changes } })
  return createEndpointChecks({ store, endpoint: endpointsOf(environment, store) }).checkEndpoints(
    recipe,
  )
}

const named = (endpoint: string) => ({
  teacher: { ...exampleRecipe.teacher, endpoint },
  reformatter: { ...exampleRecipe.reformatter, endpoint },
})

describe('the endpoints of a recipe', () => {
  const models = { data: [{ id: 'scripted-teacher' }, { id: 'scripted-reformatter' }] }

  test('are let through where they answer and offer the models', async () => {
    await using server = await openChatServer(answerJson(200, models))
    const checking = check({ SCRIPTED_BASE_URL: server.baseURL })
    await expect(checking).resolves.toBeUndefined()
  })

  test('are refused where the judge’s does not offer its model', async () => {
    await using server = await openChatServer(answerJson(200, models))
    const judge = { endpoint: 'scripted', model: 'judge', temperature: 0, maxTokens: 64 }
    const price = { promptPerMillion: 1, completionPerMillion: 1 }
    const changes = {
      grading: { ...exampleRecipe.grading, judge },
      prices: { ...exampleRecipe.prices, judge: price },
    }
    const checking = check({ SCRIPTED_BASE_URL: server.baseURL }, changes)
    expect((await refusal(checking)).message).toContain('judge')
  })

  test('are refused by the variable where the deployment does not say where one is', async () => {
    expect(await refusal(check({}, named('vllm.node-1')))).toEqual({
      type: 'InvalidInput',
      message:
        "endpoint vllm.node-1: VLLM_NODE_1_BASE_URL is not set; set it in the worker's environment",
    })
  })

  test('are refused by the variable where a key is missing', async () => {
    expect(await refusal(check({}, named('openai')))).toEqual({
      type: 'InvalidInput',
      message: "endpoint openai: OPENAI_API_KEY is not set; set it in the worker's environment",
    })
  })

  test('are refused where one takes no such key, without the key', async () => {
    await using server = await openChatServer((response, request) => {
      const { authorization } = request.headers
      answerJson(401, { error: { message: `no: ${authorization}` } })(response, request)
    })
    const key = 'sk-a-key-that-nobody-should-read'
    const environment = { SCRIPTED_BASE_URL: server.baseURL, SCRIPTED_API_KEY: key }
    const { type, message } = await refusal(check(environment))
    expect(type).toBe('Refused')
    expect(message).toContain('refused with 401')
    expect(message).toContain('set SCRIPTED_API_KEY in')
    expect(message).not.toContain(key)
  })

  test('are refused where nobody answers, by name and address', async () => {
    const baseURL = `http://127.0.0.1:${await getPort()}/v1`
    const { message } = await refusal(check({ SCRIPTED_BASE_URL: baseURL }))
    expect(message).toContain(`endpoint scripted at ${baseURL} cannot be reached`)
  })

  test('are refused where the reformatter’s model is not offered', async () => {
    await using server = await openChatServer(answerJson(200, { data: models.data.slice(0, 1) }))
    const { message } = await refusal(check({ SCRIPTED_BASE_URL: server.baseURL }))
    expect(message).toContain('does not offer the model scripted-reformatter')
  })
})

test('a host without a sandbox is refused with what is missing and the mend', async () => {
  const sandbox = {
    async prove() {
      throw new SandboxUnavailableError({ missing: 'bwrap', mend: 'apt-get install bubblewrap' })
    },
  }
  const checks = createSandboxChecks({ sandbox })
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  expect(await refusal(environment.run(() => checks.checkSandbox()))).toEqual({
    type: 'Refused',
    message: 'no sandbox: bwrap; mend: apt-get install bubblewrap',
  })
})

test.each([
  ['is not named', undefined, /^SKY_T1_TRAINER_PYTHON: the trainer environment is not installed/],
  ['is not there', '/no/such/python', /^SKY_T1_TRAINER_PYTHON: \/no\/such\/python cannot be run/],
])('a trainer that %s is refused with the mend', async (_, python, expected) => {
  const trainer = createLlamaFactoryTrainer({ python, programs: '/programs' })
  const { recipe } = await open({ recipe: exampleRecipe })
  const checks = createTrainerChecks({
    store,
    trainer,
    baseModels: noBaseModels,
    nodeAddress: undefined,
  })
  const { type, message } = await refusal(checks.checkTrainer(recipe))
  expect(type).toBe('Refused')
  expect(message).toMatch(expected)
  expect(message).toContain('run `npx sky-t1 doctor`')
})

test('several nodes are refused where this one has no address, in a line that names the setting', async () => {
  const trainer = {
    ...createLlamaFactoryTrainer({ python: '', programs: '' }),
    check: async () => {},
  }
  const { cluster } = exampleRecipe.training
  const training = { ...exampleRecipe.training, cluster: { ...cluster, nodes: 2 } }
  const grouping = { kind: 'as-drawn', perDevice: 1 }
  const { recipe } = await open({
    recipe: { ...exampleRecipe, training: { ...training, grouping } },
  })
  const checks = (nodeAddress: string | undefined) =>
    createTrainerChecks({ store, trainer, baseModels: noBaseModels, nodeAddress })
  const { type, message } = await refusal(checks(undefined).checkTrainer(recipe))
  expect(type).toBe('InvalidInput')
  expect(message).toMatch(/^field training\.cluster\.nodes: 2 nodes .* set SKY_T1_NODE_ADDRESS=/)
  await checks('node-a:29500').checkTrainer(recipe)
})
