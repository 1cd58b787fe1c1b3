import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRows, refTo } from '../../activities/artifacts.ts'
import { uploadModel } from '../../activities/model-objects.ts'
import {
  createOpenRunActivities,
  createTrainerChecks,
  readRecipe,
} from '../../activities/open-run.ts'
import {
  createPrepareStudentActivities,
  type PreparedStudent,
  readModel,
  RowTokens,
} from '../../activities/prepare-student.ts'
import { createBaseModels } from '../../adapters/base-models.ts'
import { createLlamaFactoryTrainer } from '../../adapters/llama-factory-trainer.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import type { RunPlan } from '../../core/run-plan.ts'
import type { ModelPart } from '../../core/training/model-files.ts'
import type { PretrainedStudent, Student } from '../../core/training/student.ts'
import { type HubServer, startHubServer } from '../../infra/hub/hub-server.ts'
import { commitFile } from '../../infra/hub/repositories.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { commit } from '../core/sources/hub/example-source.ts'
import { openHubFolder } from '../infra/hub/hub-folder.ts'
import {
  createWorkFolder,
  makeStudent,
  studentArchitecture,
} from '../infra/trainer/trainer-programs.ts'
import { distilledRun } from './distilled-run.ts'

const python = process.env['SKY_T1_TRAINER_PYTHON']

const pretrained = (model: string, changes: Partial<PretrainedStudent> = {}): Student => ({
  kind: 'pretrained',
  model,
  revision: null,
  architecture: studentArchitecture,
  ...changes,
})

const mixture = exampleRecipe.mixture.map((quota) => ({ ...quota, rows: 6 }))
const training = { ...exampleRecipe.training, cutoffLength: 100_000 }
const key = 'models/base'

describe.skipIf(objectServerProgram === undefined || python === undefined)(
  'a real Qwen2 as the student (SKY_T1_TRAINER_PYTHON, SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let hub: HubServer
    let folder: Awaited<ReturnType<typeof openHubFolder>>
    let workDirectory: string
    let directory: string
    let deps: Parameters<typeof createPrepareStudentActivities>[0]

    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      workDirectory = await mkdtemp(join(tmpdir(), 'sky-t1-pretrained-'))
      folder = await openHubFolder({ [`models/org/qwen/${commitFile}`]: commit })
      directory = join(folder.directory, 'models/org/qwen')
      const work = await createWorkFolder()
      const made = join(work.folder, 'model')
      await makeStudent(work.corpus, made)
      for (const name of await readdir(made)) {
        await folder.add(`models/org/qwen/${name}`, await readFile(join(made, name)))
      }
      const files = await readdir(made)
      await uploadModel(store, key, { directory: made, files, globalStep: 3 })
      await work.remove()
      hub = await startHubServer({ directory: folder.directory })
      const settings = {
        endpoint: hub.url,
        token: undefined,
        cacheDirectory: join(workDirectory, 'cache'),
        mirror: undefined,
        patience: { retries: 0, firstWaitMs: 1 },
      }
      const programs = join(import.meta.dirname, '../../infra/trainer')
      const trainer = createLlamaFactoryTrainer({ python, programs })
      deps = { store, trainer, baseModels: createBaseModels(settings), workDirectory }
    })

    afterAll(async () => {
      await hub.close()
      await folder[Symbol.asyncDispose]()
      await rm(workDirectory, { recursive: true, force: true })
      await server[Symbol.asyncDispose]()
    })

    async function prepare(student: Student, part: ModelPart) {
      const run = await distilledRun(store, { ...exampleRecipe, mixture, training, student })
      const activities = createPrepareStudentActivities(deps)
      const prepared: PreparedStudent = await environment().run(() =>
        activities.prepareStudent({ ...run, part }),
      )
      const tokens = await readRows(store, prepared.tokens, RowTokens)
      return { prepared, model: await readModel(store, prepared.baseModel), tokens }
    }

    test('is the same model from the Hub, a directory and the store, and counts the same tokens', async () => {
      const fromHub = await prepare(pretrained('org/qwen', { revision: commit }), 'whole')
      const fromDirectory = await prepare(pretrained(directory), 'whole')
      const fromStore = await prepare(pretrained(store.uri(key)), 'whole')
      expect(Object.keys(fromHub.model.files)).toContain('model.safetensors')
      expect(fromDirectory.model.digest).toBe(fromHub.model.digest)
      expect(fromStore.model.digest).toBe(fromHub.model.digest)
      expect(fromHub.tokens.length).toBeGreaterThan(6)
      expect(fromHub.tokens.every(({ tokens }) => tokens > 10)).toBe(true)
      expect(fromDirectory.tokens).toEqual(fromHub.tokens)
      expect(fromStore.tokens).toEqual(fromHub.tokens)
    })

    test('is used in the store where it stands: nothing is copied', async () => {
      const bytes = await store.get(`${key}/manifest.json`)
      for (const part of ['tokenizer', 'whole'] as const) {
        const { prepared, model } = await prepare(pretrained(`${store.uri(key)}/`), part)
        expect(prepared.baseModel).toEqual(refTo(store, `${key}/manifest.json`, bytes))
        expect(model.globalStep).toBe(3)
      }
    })

    test.each(['org/qwen', 'a directory'])(
      'of %s lends its tokenizer alone to a run that ends with the data set',
      async (named) => {
        const revision = named === 'org/qwen' ? commit : null
        const student = pretrained(named === 'org/qwen' ? named : directory, { revision })
        const counted = await prepare(student, 'tokenizer')
        const names = Object.keys(counted.model.files)
        expect(names).toContain('tokenizer.json')
        expect(names).toContain('config.json')
        expect(names.filter((name) => name.endsWith('.safetensors'))).toEqual([])
        expect(counted.tokens).toEqual((await prepare(student, 'whole')).tokens)
      },
    )

    async function open(student: unknown) {
      const door = createOpenRunActivities({
        ...deps,
        problemSource: createProblemSource({ dataDirectory: undefined }),
        recipes: unasked,
        profiles: unasked,
        benchmarks: unasked,
        vault: () => store,
      })
      const recipe = { ...exampleRecipe, student }
      const plan: RunPlan = await environment().run(() => door.openRun({ recipe }))
      await environment().run(() =>
        createTrainerChecks({ ...deps, nodeAddress: undefined }).checkTrainer(plan.recipe),
      )
      return readRecipe(store, plan.recipe)
    }

    test('is let in from every place, that of the Hub at the commit of its branch', async () => {
      expect((await open(pretrained('org/qwen'))).student).toMatchObject({ revision: commit })
      for (const student of [pretrained(directory), pretrained(store.uri(key))]) {
        expect((await open(student)).student).toEqual(student)
      }
    })

    test('is refused at the door with the field and the mend', async () => {
      const other = { ...studentArchitecture, layers: 64 }
      await store.put('models/odd/manifest.json', Buffer.from('{}'), 'application/json')
      const cases: ReadonlyArray<readonly [Student, RegExp]> = [
        [pretrained('org/none'), /^field student\.model: the Hub shows no org\/none .*correct its/],
        [pretrained('/no/model'), /^field student\.model: \/no\/model: .*\(ENOENT\); name a dir/],
        [
          pretrained('s3://other/models/base'),
          /^field student\.model: s3:\/\/other\/models\/base: bucket other is not this deployment's store \(s3:\/\/sky-t1\/\); copy/,
        ],
        [
          pretrained('s3://sky-t1/models/none'),
          /^field student\.model: .*no model manifest stands at s3:\/\/sky-t1\/models\/none\/manifest\.json; name/,
        ],
        [pretrained('s3://sky-t1/models/odd'), /its manifest\.json is no model manifest; name/],
        ...['org/qwen', directory, store.uri(key)].map(
          (model) =>
            [
              pretrained(model, { architecture: other }),
              /^field student\.architecture\.layers: .* has 2, the recipe says 64; make it 2/,
            ] as const,
        ),
        [pretrained(directory, { revision: 'main' }), /^recipe: field student\.revision: only a/],
      ]
      for (const [student, told] of cases) {
        await expect(open(student)).rejects.toMatchObject({
          type: 'InvalidInput',
          nonRetryable: true,
          message: expect.stringMatching(told),
        })
      }
    })

    test('without a tokenizer is refused in a directory and in the store', async () => {
      const bare = join(workDirectory, 'bare')
      await mkdir(bare)
      for (const name of ['config.json', 'model.safetensors']) {
        await writeFile(join(bare, name), await readFile(join(directory, name)))
      }
      const files = await readdir(bare)
      await uploadModel(store, 'models/bare', { directory: bare, files, globalStep: 0 })
      for (const model of [bare, store.uri('models/bare')]) {
        await expect(open(pretrained(model))).rejects.toThrow(
          `field student.model: ${model}: it has no tokenizer_config.json; name a whole model`,
        )
      }
    })
  },
)

async function unasked(name: string): Promise<never> {
  throw new Error(`no recipe ${name} is asked for`)
}

function environment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
}
