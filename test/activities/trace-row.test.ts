import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  findLineage,
  findReleases,
  type TracedRelease,
  type Wanted,
} from '../../activities/find-lineage.ts'
import { createReleaseActivities } from '../../activities/release.ts'
import { keepReply } from '../../activities/stored-replies.ts'
import { traceRow } from '../../activities/trace-row.ts'
import { parquetTableFiles } from '../../adapters/parquet-table-files.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { traceLines } from '../../cli/trace-lines.ts'
import { noCost } from '../../core/tally.ts'
import type { ReleasedLineageRow } from '../../core/lineage/lineage-row.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { distilledRun, preparedStudent } from './distilled-run.ts'

const costs = { sample: noCost, reformat: noCost, verify: noCost }

describe.skipIf(objectServerProgram === undefined)(
  'rows of a release in versitygw (SKY_T1_VERSITYGW) are traced',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let release: TracedRelease
    let all: ReleasedLineageRow[]
    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      const workDirectory = await mkdtemp(join(tmpdir(), 'sky-t1-trace-'))
      const { counts: _, ...run } = await distilledRun(store, exampleRecipe)
      const activities = createReleaseActivities({
        store,
        tables: parquetTableFiles,
        workDirectory,
      })
      const order = {
        ...run,
        prepared: await preparedStudent(store, { ...run, tooLong: 0 }),
        costs,
      }
      for (const name of ['first', 'second']) {
        const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
        await environment.run(() => activities.releaseDataset({ ...order, run: name }))
      }
      await rm(workDirectory, { recursive: true })
      const [found] = await findReleases(store, undefined)
      if (found === undefined) throw new Error('nothing was released')
      release = found
      all = await rows({ by: 'source', source: 'sums', revision: undefined })
    })
    afterAll(() => server[Symbol.asyncDispose]())

    async function rows(wanted: Wanted): Promise<ReleasedLineageRow[]> {
      const found: ReleasedLineageRow[] = []
      for await (const row of findLineage(store, release, wanted)) found.push(row)
      return found
    }

    function rowOf(fate: ReleasedLineageRow['fate']): ReleasedLineageRow {
      const row = all.find((each) => each.fate === fate)
      if (row === undefined) throw new Error(`no row is ${fate}`)
      return row
    }

    test('once where several runs have one release, each run named', async () => {
      expect(release.runs).toEqual(['first', 'second'])
      expect(await findReleases(store, undefined)).toHaveLength(1)
    })

    test('by the beginning of their id, and by their problem', async () => {
      const row = rowOf('row')
      const { responseId, problemId } = row
      for (const wanted of [
        { by: 'id', prefix: responseId },
        { by: 'id', prefix: responseId.slice(0, 12) },
        { by: 'id', prefix: problemId.slice(0, 12) },
        { by: 'problem', prefix: problemId },
      ] as const) {
        expect(await rows(wanted)).toEqual([row])
      }
    })

    test('by their source, at all of its revisions or at one', async () => {
      expect(all).toHaveLength(12)
      expect(await rows({ by: 'source', source: 'sums', revision: '1' })).toEqual(all)
      expect(await rows({ by: 'source', source: 'sums', revision: '2' })).toEqual([])
      expect(await rows({ by: 'source', source: 'riddles', revision: undefined })).toEqual([])
    })

    test.each(['abc', 'not-hexadecimal', ''])(
      'but not by %j, which names too much',
      async (prefix) => {
        const failure = await failureOf(rows({ by: 'id', prefix }))
        expect(failure).toMatchObject({ name: 'InvalidInputError' })
      },
    )

    test('to their problem, reply, verdict, quota and line', async () => {
      const row = rowOf('row')
      const before = await traceRow(store, release, row)
      expect(before.sampled).toBeNull()
      const digest = before.response?.request ?? ''
      await keepReply(store, rawReply(digest), 1)
      const traced = await traceRow(store, release, row)
      expect(traced).toMatchObject({
        problem: { id: row.problemId },
        sampled: { digest, reply: { text: 'It is \\boxed{4}.' } },
        reformatted: null,
        verdict: { outcome: 'accepted' },
        deadLetter: null,
      })
      expect(traced.file).toBe(`s3://sky-t1/${release.prefix}/${row.place?.file}`)
      const shown = traceLines(traced).join('\n')
      expect(shown).toContain('chosen in quota math')
      expect(shown).toContain('It is \\boxed{4}.')
      expect(shown).toContain(`line ${row.place?.line}`)
      expect(shown).toContain(`to scripted-teacher at scripted, temperature 0.7`)
    })

    test.each([
      ['left-out', 'the quotas that it fits are full', 'accepted (equal)'],
      ['rejected', 'it was not accepted', 'wrong (different)'],
      ['set-aside', 'it was not accepted', 'not judged'],
    ] as const)('to what became of them: %s', async (fate, mixture, verdict) => {
      const shown = traceLines(await traceRow(store, release, rowOf(fate))).join('\n')
      expect(shown).toContain(mixture)
      expect(shown).toContain(verdict)
    })

    test('in a run that has released none, with a message that says so', async () => {
      const failure = await failureOf(findReleases(store, 'third'))
      expect(failure.message).toContain('run third has released no data set yet')
    })
  },
)

function rawReply(requestDigest: string) {
  const choices = [{ message: { content: 'It is \\boxed{4}.' }, finish_reason: 'stop' }]
  return {
    requestDigest,
    request: {
      endpoint: 'scripted',
      model: 'scripted-teacher',
      messages: [{ role: 'user' as const, content: 'What is 2 + 2?' }],
      temperature: 0.7,
      maxTokens: 100,
      seed: 1,
    },
    via: 'online' as const,
    attempts: 1,
    latencyMs: 5,
    asker: { workflow: 'first', activity: '1' },
    status: 200,
    headers: {},
    ending: 'whole' as const,
    body: new TextEncoder().encode(JSON.stringify({ choices })),
  }
}
