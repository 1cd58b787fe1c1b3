import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRowFiles } from '../../activities/release-rows.ts'
import { parquetTableFiles } from '../../adapters/parquet-table-files.ts'
import { cardFrontMatter } from '../../core/dataset/card-front-matter.ts'
import {
  type Column,
  rejectedColumns,
  releasedColumns,
  ReleasedRejectedRow,
  ReleasedRow,
} from '../../core/dataset/released-row.ts'
import { rejectedRow, trainingRow } from '../../core/dataset/training-row.ts'
import { datasetInfo } from '../../core/training/trainer-config.ts'
import {
  exampleProblem,
  exampleResponse,
  exampleTrace,
  exampleVerdict,
} from '../core/example-rows.ts'

const trainerPython = process.env['SKY_T1_TRAINER_PYTHON']

/** A first row without what the others have: readers that guess types are led astray by it. */
const problems = [undefined, 3, 4.5, 9].map((difficulty, at) =>
  exampleProblem({
    prompt: `What is “${at}”?\n\u2028 🎉 | ${'long '.repeat(at * 1000)}`,
    ...(difficulty === undefined ? {} : { difficulty }),
  }),
)
const judged = problems.map((problem) => {
  const trace = exampleTrace(exampleResponse(problem))
  return { problem, trace, verdict: exampleVerdict(trace) }
})
const rows = judged.map((each, at) => ({
  ...trainingRow(each, 'math'),
  tokens: (at + 1) * 1000,
}))
const rejected = judged.slice(0, 2).map((each, at) => {
  const verdict = { ...each.verdict, outcome: 'wrong' as const, extracted: at === 0 ? null : '5' }
  return { ...rejectedRow({ ...each, verdict }), tokens: 7 }
})

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sky-t1-released-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

type Written = {
  readonly kind: 'train' | 'rejected'
  readonly columns: readonly Column[]
  readonly content: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const train: Written = { kind: 'train', columns: releasedColumns, content: rows }

async function write({ kind, columns, content }: Written, rowsPerFile: number) {
  const files = createRowFiles({ directory, kind, columns, rowsPerFile, tables: parquetTableFiles })
  for (const row of content) await files.write(row)
  return files.close()
}

async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(join(directory, path))
  const read = await parquetReadObjects({ file })
  return read.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? Number(value) : value,
      ]),
    ),
  )
}

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(directory, path)))
    .digest('hex')
}

describe('the files of a release', () => {
  test('hold the same rows as JSON Lines and as Parquet', async () => {
    await write(train, 3)
    const numbers = ['00000', '00001']
    const lines = await Promise.all(
      numbers.map((name) => readFile(join(directory, `jsonl/train/${name}.jsonl`), 'utf8')),
    )
    const parsed = lines.flatMap((text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => ReleasedRow.parse(JSON.parse(line))),
    )
    expect(parsed).toEqual(rows)
    const tables = await Promise.all(
      numbers.map((name) => readParquet(`data/train/${name}.parquet`)),
    )
    expect(tables.flat()).toEqual(rows)
  })

  test('hold rejected rows with their verdicts', async () => {
    await write({ kind: 'rejected', columns: rejectedColumns, content: rejected }, 10)
    const read = await readParquet('data/rejected/00000.parquet')
    expect(read.map((row) => ReleasedRejectedRow.parse(row))).toEqual(rejected)
  })

  test('have the same bytes whenever they are written', async () => {
    await write(train, 10)
    const first = await Promise.all(
      ['data/train/00000.parquet', 'jsonl/train/00000.jsonl'].map(digest),
    )
    await write(train, 10)
    expect(
      await Promise.all(['data/train/00000.parquet', 'jsonl/train/00000.jsonl'].map(digest)),
    ).toEqual(first)
  })

  test('take more rows than a row group holds, in bounded memory', async () => {
    const content = Array.from({ length: 1203 }, (_, at) => ({ ...rows[1], tokens: at + 1 }))
    await write({ ...train, content }, 5000)
    const read = await readParquet('data/train/00000.parquet')
    expect(read.map(({ tokens }) => tokens)).toEqual(content.map(({ tokens }) => tokens))
  })

  test('are none where there are no rows', async () => {
    expect(await write({ ...train, content: [] }, 10)).toEqual([])
  })
})

const Found = z.object({
  arrow: z.object({ rows: z.int(), types: z.record(z.string(), z.string()) }),
  frame: z.object({ rows: z.int(), unrated: z.int() }),
  train: z.array(z.unknown()),
  rejected: z.array(z.unknown()),
  aligned: z.array(
    z.object({
      system: z.string(),
      prompt: z.array(z.object({ role: z.string(), content: z.string() })),
      response: z.array(z.object({ role: z.string(), content: z.string() })),
    }),
  ),
})

describe.skipIf(trainerPython === undefined)(
  'a release is read by those it is for (SKY_T1_TRAINER_PYTHON)',
  () => {
    test('pyarrow, pandas, datasets by the card’s configurations, and LLaMA-Factory by dataset_info.json', async () => {
      await write(train, 3)
      await write({ kind: 'rejected', columns: rejectedColumns, content: rejected }, 10)
      const front = { title: 'Sums', licence: 'mit', rows: 4, rejected: 2 }
      await writeFile(join(directory, 'README.md'), `${cardFrontMatter(front)}\n`)
      const info = JSON.stringify(datasetInfo('data/train'))
      await writeFile(join(directory, 'dataset_info.json'), info)
      const found = Found.parse(JSON.parse(await readAsUsersDo()))
      expect(found.arrow).toMatchObject({
        rows: 4,
        types: { difficulty: 'double', tokens: 'int64', problemId: 'string' },
      })
      expect(found.frame).toEqual({ rows: 4, unrated: 1 })
      expect(found.train).toEqual(rows)
      expect(found.rejected).toEqual(rejected)
      expect(found.aligned.map(({ prompt, response }) => [prompt, response])).toEqual(
        rows.map(({ conversations: [asked, answered] }) => [
          [{ role: 'user', content: asked.value }],
          [{ role: 'assistant', content: answered.value }],
        ]),
      )
      expect(found.aligned[0]?.system).toBe(rows[0]?.system)
    }, 300_000)
  },
)

async function readAsUsersDo(): Promise<string> {
  const program = fileURLToPath(new URL('read_release.py', import.meta.url))
  const env = { PATH: process.env['PATH'], HF_HOME: join(directory, 'cache'), HF_HUB_OFFLINE: '1' }
  const { stdout } = await promisify(execFile)(trainerPython ?? '', [program, directory], {
    env,
    cwd: directory,
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout.slice(stdout.indexOf('{'))
}
