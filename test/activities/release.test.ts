import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseJson, readRows } from '../../activities/artifacts.ts'
import { createReleaseActivities, type ReleaseOrder } from '../../activities/release.ts'
import { parquetTableFiles } from '../../adapters/parquet-table-files.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import {
  ReleaseManifest,
  ReleaseRecord,
  releaseRecordKey,
} from '../../core/dataset/release-manifest.ts'
import { ReleasedRejectedRow, ReleasedRow } from '../../core/dataset/released-row.ts'
import { digestOf } from '../../core/digest.ts'
import { LineageIndex } from '../../core/lineage/lineage-index.ts'
import { ReleasedLineageRow } from '../../core/lineage/lineage-row.ts'
import type { StageResult } from '../../core/stage-result.ts'
import type { Counts } from '../../core/manifest.ts'
import { noCost } from '../../core/tally.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { distilledRun, preparedStudent } from './distilled-run.ts'

const recipe = {
  ...exampleRecipe,
  mixture: exampleRecipe.mixture.map((each) => ({ ...each, rows: 5 })),
}

describe.skipIf(objectServerProgram === undefined)(
  'a data set is released to versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let order: ReleaseOrder
    let counts: Counts
    let workDirectory: string
    let record: ReleaseRecord
    let manifest: ReleaseManifest
    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      workDirectory = await mkdtemp(join(tmpdir(), 'sky-t1-release-'))
      const { counts: chosen, ...run } = await distilledRun(store, recipe)
      counts = chosen
      const prepared = await preparedStudent(store, { ...run, tooLong: 1 })
      order = {
        ...run,
        run: 'first',
        prepared,
        costs: { sample: noCost, reformat: noCost, verify: noCost },
      }
      await release(order)
      record = await readRecord('first')
      manifest = await readReleaseManifest(record)
    })
    afterAll(async () => {
      await rm(workDirectory, { recursive: true, force: true })
      await server[Symbol.asyncDispose]()
    })

    function release(of: ReleaseOrder): Promise<StageResult> {
      const activities = createReleaseActivities({
        store,
        tables: parquetTableFiles,
        workDirectory,
      })
      const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
      return environment.run(() => activities.releaseDataset(of))
    }

    async function readRecord(run: string): Promise<ReleaseRecord> {
      const key = releaseRecordKey(run)
      return parseJson(await store.get(key), ReleaseRecord, key)
    }

    async function text(path: string, from = record): Promise<string> {
      return new TextDecoder().decode(await store.get(`${from.prefix}/${path}`))
    }

    async function readReleaseManifest(from: ReleaseRecord): Promise<ReleaseManifest> {
      return ReleaseManifest.parse(JSON.parse(await text('manifest.json', from)))
    }

    test('after an assembly that chose by quota', () => {
      expect(counts).toMatchObject({ rows: 5, 'rows-of-quota/math': 5 })
    })

    test('as rows with their tokens, in files of the size that the recipe gives', async () => {
      expect(manifest).toMatchObject({ rows: 4, rejected: 3, overLength: 1 })
      expect(manifest.tokens).toEqual({
        total: 40,
        longest: 10,
        cutoffLength: 128,
        model: digestOf('model'),
      })
      const files = ['00000', '00001'].map((name) => `jsonl/train/${name}.jsonl`)
      const lines = (await Promise.all(files.map((file) => text(file)))).map((file) =>
        file.trimEnd().split('\n'),
      )
      expect(lines.map((file) => file.length)).toEqual([2, 2])
      const rows = lines.flat().map((line) => ReleasedRow.parse(JSON.parse(line)))
      expect(rows.map(({ tokens }) => tokens)).toEqual([10, 10, 10, 10])
    })

    test('with the rejected rows beside them, the verdict, its reason and the answer that was judged', async () => {
      const lines = (await text('jsonl/rejected/00000.jsonl')).trimEnd().split('\n')
      for (const line of lines) {
        expect(ReleasedRejectedRow.parse(JSON.parse(line))).toMatchObject({
          verdict: 'wrong',
          reason: 'different',
          profile: 'strict',
          profileVersion: 1,
          extracted: '5',
          tokens: 10,
        })
      }
    })

    test('without the rows over the cut-off, which are listed with their lengths', async () => {
      const [line = ''] = (await text('over-length.jsonl')).trimEnd().split('\n')
      expect(JSON.parse(line)).toMatchObject({ source: 'sums', tokens: 999 })
      const { responseId } = ReleasedLineageRow.pick({ responseId: true })
        .loose()
        .parse(JSON.parse(line))
      for (const { path } of manifest.files.filter(({ path: each }) =>
        each.startsWith('jsonl/train'),
      )) {
        expect(await text(path)).not.toContain(responseId)
      }
    })

    test('with the digest of every file, and nothing that the manifest does not name', async () => {
      const keys: string[] = []
      for await (const key of store.list(`${record.prefix}/`)) keys.push(key)
      const named = manifest.files.map(({ path }) => `${record.prefix}/${path}`)
      expect(keys.toSorted()).toEqual([...named, `${record.prefix}/manifest.json`].toSorted())
      const listed = (await text('SHA256SUMS')).trimEnd().split('\n')
      const sums = manifest.files.filter(({ path }) => path !== 'SHA256SUMS')
      expect(listed).toEqual(sums.map(({ path, sha256 }) => `${sha256}  ${path}`))
    })

    test('the same again for another run with the same rows, which finds it', async () => {
      const { reused } = await release({ ...order, run: 'second' })
      expect(reused).toBe(true)
      expect(await readRecord('second')).toEqual({ ...record, run: 'second' })
    })

    test('byte for byte the same in another store', async () => {
      const other = await ObjectServer.start()
      try {
        const here = store
        store = other.store()
        const { counts: _, ...run } = await distilledRun(store, recipe)
        const prepared = await preparedStudent(store, { ...run, tooLong: 1 })
        await release({ ...order, ...run, prepared })
        const again = await readRecord('first')
        expect(await text('manifest.json', again)).toBe(JSON.stringify(manifest, null, 2) + '\n')
        store = here
      } finally {
        await other[Symbol.asyncDispose]()
      }
    })

    test('with an index that leads from every response to its line', async () => {
      const index = parseJson(
        await store.get(`lineage/${record.prefix.slice('releases/'.length)}/index.json`),
        LineageIndex,
        'index',
      )
      const found = await Promise.all(
        Object.values(index.byResponse).map((ref) => readRows(store, ref, ReleasedLineageRow)),
      )
      const rows = found.flat()
      expect(rows).toHaveLength(12)
      const count = (fate: string) => rows.filter((row) => row.fate === fate).length
      expect(['row', 'left-out', 'rejected', 'set-aside'].map(count)).toEqual([5, 1, 3, 3])
      for (const { place, responseId } of rows) {
        if (place === null) continue
        const lines = (await text(place.file)).split('\n')
        expect(lines[place.line - 1]).toContain(responseId)
      }
      expect(rows.filter(({ place }) => place !== null)).toHaveLength(7)
      expect(rows.filter(({ overLength }) => overLength)).toHaveLength(1)
    })
  },
)
