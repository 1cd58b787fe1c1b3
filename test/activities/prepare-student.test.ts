import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRows } from '../../activities/artifacts.ts'
import { assembledShards } from '../../activities/assembled-shards.ts'
import { readManifest } from '../../activities/manifests.ts'
import {
  createPrepareStudentActivities,
  OverLengthRow,
  type PreparedStudent,
  RowTokens,
} from '../../activities/prepare-student.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { LineageRow } from '../../core/lineage/lineage-row.ts'
import type { Trainer } from '../../core/ports/trainer.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { distilledRun } from './distilled-run.ts'
import { noBaseModels } from './no-base-models.ts'

const mixture = exampleRecipe.mixture.map((quota) => ({ ...quota, rows: 6 }))

const unused = () => Promise.reject(new Error('nothing is trained here'))

/** Counts the first row of a file as too long, and every other as ten tokens. */
function countingTrainer(corpora: string[]): Trainer {
  return {
    check: async () => {},
    async makeModel({ corpus, output }) {
      corpora.push(await readFile(corpus, 'utf8'))
      await mkdir(output, { recursive: true })
      await writeFile(join(output, 'tokenizer.json'), '{}')
    },
    async countTokens({ dataset }) {
      const lines = (await readFile(dataset, 'utf8')).trimEnd().split('\n')
      return lines.map((_, at) => (at === 0 ? 500 : 10))
    },
    prepare: unused,
    launch: unused,
    look: unused,
    attend: unused,
    ask: unused,
    kill: unused,
    stop: unused,
    outputDirectory: (directory) => directory,
  }
}

describe.skipIf(objectServerProgram === undefined)(
  'the student of an assembly in versitygw (SKY_T1_VERSITYGW)',
  () => {
    const corpora: string[] = []
    let server: ObjectServer
    let store: S3ObjectStore
    let workDirectory: string
    let prepared: PreparedStudent
    let lineage: LineageRow[]
    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      workDirectory = await mkdtemp(join(tmpdir(), 'sky-t1-student-'))
      const run = await distilledRun(store, { ...exampleRecipe, mixture })
      const activities = createPrepareStudentActivities({
        store,
        trainer: countingTrainer(corpora),
        baseModels: noBaseModels,
        workDirectory,
      })
      prepared = await activities.prepareStudent({ ...run, part: 'whole' })
      const manifest = await readManifest(store, 'assemble', run.assembled)
      const refs = (await assembledShards(store, manifest)).map((shard) => shard.lineage)
      lineage = (await Promise.all(refs.map((ref) => readRows(store, ref, LineageRow)))).flat()
    })
    afterAll(async () => {
      await rm(workDirectory, { recursive: true, force: true })
      await server[Symbol.asyncDispose]()
    })

    const idsOf = (fate: string) =>
      lineage.filter((row) => row.fate === fate).map(({ responseId }) => responseId)

    test('is made from the text of the rows alone: no column changes it', () => {
      const rows = corpora.flatMap((corpus) => corpus.trimEnd().split('\n'))
      expect(rows).toHaveLength(6)
      for (const row of rows) {
        expect(JSON.parse(row)).toEqual({
          system: expect.any(String),
          conversations: expect.any(Array),
        })
      }
    })

    test('counts the tokens of the rows, then of the rejected ones', async () => {
      const counted = await readRows(store, prepared.tokens, RowTokens)
      expect(counted.map(({ responseId }) => responseId)).toEqual([
        ...idsOf('row'),
        ...idsOf('rejected'),
      ])
    })

    test('leaves out the training rows over the cut-off, and no rejected one', async () => {
      const [first = ''] = idsOf('row')
      expect(await readRows(store, prepared.overLength, OverLengthRow)).toEqual([
        { responseId: first, source: 'sums', tokens: 500 },
      ])
    })
  },
)
