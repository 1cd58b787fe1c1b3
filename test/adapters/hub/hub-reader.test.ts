import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import { csvText, jsonLines, parquetBytes } from '../../../infra/hub/table-bytes.ts'
import { commit, hubSource, seed } from '../../core/sources/hub/example-source.ts'
import { collect } from '../../infra/hub/hub-folder.ts'
import { openHub, prompts } from './hub-under-test.ts'

const rows = Array.from({ length: 7 }, (_, n) => ({ question: `question ${n}`, answer: `${n}` }))
const questions = rows.map(({ question }) => question)
const columns = ['question', 'answer'].map((name) => ({ name, type: 'STRING' as const }))

test.each([
  { name: 'train.jsonl', content: jsonLines(rows) },
  { name: 'train.json', content: JSON.stringify(rows, null, 2) },
  { name: 'train.jsonl.gz', content: gzipSync(jsonLines(rows)) },
  { name: 'train.csv', content: csvText(['question', 'answer'], rows) },
  { name: 'train.parquet', content: parquetBytes({ rows, columns, rowGroupSize: 3 }) },
])('reads every row of $name in order', async ({ name, content }) => {
  await using hub = await openHub({ [name]: content })
  const read = await hub.rows(hubSource())
  expect(prompts(read)).toEqual(questions)
  expect(read.at(-1)).toMatchObject({ problem: { revision: commit, origin: { row: 6 } } })
})

test('reads the files of a split one after the other, as one run of rows', async () => {
  await using hub = await openHub({
    'data/train-00000-of-00002.jsonl': jsonLines(rows.slice(0, 4)),
    'data/train-00001-of-00002.jsonl': jsonLines(rows.slice(4)),
    'data/test-00000-of-00001.jsonl': jsonLines(rows),
  })
  const read = await hub.rows(hubSource())
  expect(read.map((row) => row.kind === 'problem' && row.problem.origin.row)).toEqual([
    0, 1, 2, 3, 4, 5, 6,
  ])
})

test('lines that are no rows are set aside by their place, and the rest goes on', async () => {
  const content = `{"question": "a", "answer": "1"}\n\n{"question": "b"\n[1]\n{"question": "c", "answer": "2"}`
  await using hub = await openHub({ 'train.jsonl': content })
  expect(await hub.rows(hubSource())).toMatchObject([
    { kind: 'problem', problem: { prompt: 'a' } },
    { kind: 'set-aside', row: 1, reason: 'not JSON' },
    { kind: 'set-aside', row: 2, reason: 'no row of columns' },
    { kind: 'problem', problem: { prompt: 'c', origin: { row: 3 } } },
  ])
})

test('a row keeps its line separators, and text that is no UTF-8 is set aside', async () => {
  const lines = jsonLines([{ question: 'one\u2028two', answer: 'x' }])
  const content = Buffer.concat([Buffer.from(lines), Buffer.from([0x7b, 0x22, 0xff, 0x0a])])
  await using hub = await openHub({ 'train.jsonl': content })
  expect(await hub.rows(hubSource())).toMatchObject([
    { kind: 'problem', problem: { prompt: 'one\u2028two' } },
    { kind: 'set-aside', reason: 'not JSON' },
  ])
})

test('a file is fetched once, and read again without the Hub', async () => {
  await using hub = await openHub({ 'train.jsonl': jsonLines(rows) })
  await hub.rows(hubSource())
  const reader = createHubReader({ ...hub.settings, endpoint: 'http://127.0.0.1:9' })
  expect(prompts(await collect(reader.read(hubSource(), seed)))).toEqual(questions)
  expect(hub.downloads()).toBe(1)
  expect(await hub.kept()).toHaveLength(1)
})

test('several who read one data set at once do not disturb each other', async () => {
  await using hub = await openHub({ 'train.jsonl': jsonLines(rows) })
  const all = await Promise.all(Array.from({ length: 8 }, () => hub.rows(hubSource())))
  expect(all.map(prompts)).toEqual(all.map(() => questions))
})

test('a first row that lacks a column is a bad row, not another schema', async () => {
  const content = jsonLines([{ question: 'no answer' }, ...rows])
  await using hub = await openHub({ 'train.jsonl': content })
  await hub.reader.check(hubSource())
  expect(await hub.rows(hubSource())).toMatchObject([
    { kind: 'set-aside', row: 0, reason: 'answer: empty' },
    ...questions.map((prompt) => ({ kind: 'problem', problem: { prompt } })),
  ])
})

test('a kept file that was altered or cut is fetched again', async () => {
  await using hub = await openHub({ 'train.jsonl': jsonLines(rows) })
  await hub.rows(hubSource())
  const [name = ''] = await hub.kept()
  const path = join(hub.keptFolder, name)
  const whole = await readFile(path, 'utf8')
  for (const spoiled of [whole.replace('question 3', 'question X'), whole.slice(0, 50)]) {
    await writeFile(path, spoiled)
    const reader = createHubReader(hub.settings)
    expect(prompts(await collect(reader.read(hubSource(), seed)))).toEqual(questions)
  }
  expect(hub.downloads()).toBe(3)
})

test('a missing column is named with the file and what it has, before anything is fetched', async () => {
  const other = { text: 'what?', answer: '1' }
  const message =
    /^source set: train\.\w+ has no column question; it has (text, answer|answer, text);/
  for (const [name, content] of Object.entries({
    'train.jsonl': jsonLines([other]),
    'train.csv': csvText(['text', 'answer'], [other]),
    'train.parquet': parquetBytes({
      rows: [other],
      columns: [{ name: 'text' }, { name: 'answer' }],
      rowGroupSize: 1,
    }),
  })) {
    await using hub = await openHub({ [name]: content })
    const refused = { name: 'SourceSchemaError', message: expect.stringMatching(message) }
    await expect(hub.reader.check(hubSource())).rejects.toMatchObject(refused)
    await expect(hub.kept()).rejects.toThrow('ENOENT')
    await expect(hub.rows(hubSource())).rejects.toMatchObject(refused)
  }
})

test('a filter on a column that the files do not have is a missing column too', async () => {
  await using hub = await openHub({ 'train.jsonl': jsonLines(rows) })
  const source = hubSource({ filters: [{ column: 'level', min: 1, max: null }] })
  await expect(hub.rows(source)).rejects.toThrow('train.jsonl has no column level')
})

test('looks at a large source without fetching it', async () => {
  const long = { question: 'long', answer: 'x'.repeat(3_000_000) }
  await using hub = await openHub({ 'train.jsonl': jsonLines([...rows, long]) })
  await hub.reader.check(hubSource())
  await expect(hub.kept()).rejects.toThrow('ENOENT')
})

test('a branch is pinned to its commit of now; a commit stays as it is', async () => {
  await using hub = await openHub({ 'train.jsonl': jsonLines(rows) })
  expect(await hub.reader.pin(hubSource({ revision: 'main' }))).toEqual(hubSource())
  expect(await hub.reader.pin(hubSource())).toEqual(hubSource())
  const read = await hub.rows(hubSource({ revision: 'main' }))
  expect(read[0]).toMatchObject({ problem: { revision: commit } })
})

test('the rows are the same whatever the parts are in which a Parquet file is read', async () => {
  const large = Array.from({ length: 90 }, (_, n) => ({
    question: `question ${n}`,
    answer: `${n} `.repeat(250_000),
  }))
  const content = parquetBytes({ rows: large, columns, rowGroupSize: 60 })
  await using hub = await openHub({ 'train.parquet': content })
  const read = await hub.rows(hubSource())
  expect(prompts(read)).toEqual(large.map(({ question }) => question))
})

test('64-bit integers of Parquet become numbers', async () => {
  const content = parquetBytes({
    rows: [{ question: 'q', answer: 5n }],
    columns: [
      { name: 'question', type: 'STRING' },
      { name: 'answer', type: 'INT64' },
    ],
    rowGroupSize: 1,
  })
  await using hub = await openHub({ 'train.parquet': content })
  const [row] = await hub.rows(hubSource({ filters: [{ column: 'answer', equals: 5 }] }))
  expect(row).toMatchObject({ problem: { reference: { answer: '5' } } })
})

test('JSON in a Parquet file stays text', async () => {
  const content = parquetBytes({
    rows: [{ question: 'q', answer: { a: 1 } }],
    columns: [
      { name: 'question', type: 'STRING' },
      { name: 'answer', type: 'JSON' },
    ],
    rowGroupSize: 1,
  })
  await using hub = await openHub({ 'train.parquet': content })
  const [row] = await hub.rows(hubSource())
  expect(row).toMatchObject({ problem: { reference: { answer: '{"a":1}' } } })
})
