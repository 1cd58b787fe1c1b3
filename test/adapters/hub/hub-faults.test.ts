import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { jsonLines } from '../../../infra/hub/table-bytes.ts'
import type { HubFault } from '../../../infra/hub/faults.ts'
import { commit, hubSource } from '../../core/sources/hub/example-source.ts'
import { openHub, prompts } from './hub-under-test.ts'

const rows = Array.from({ length: 50 }, (_, n) => ({ question: `question ${n}`, answer: `${n}` }))
const files = { 'train.jsonl': jsonLines(rows) }

describe.each([
  { about: 'a small file', name: 'train.jsonl', content: files['train.jsonl'] },
  { about: 'a large one', name: 'train.jsonl.gz', content: gzipSync(files['train.jsonl']) },
])('of $about', ({ name, content }) => {
  test.each([
    ['server-error', 2],
    ['rate-limited', 2],
    ['cut', 2],
    ['truncate', 1],
    ['alter', 1],
  ] as const)('the fault %s is outlasted', async (kind, times) => {
    await using hub = await openHub({ [name]: content }, { faults: [{ kind, path: name, times }] })
    expect(prompts(await hub.rows(hubSource()))).toHaveLength(rows.length)
    expect(await hub.kept()).toHaveLength(1)
  })
})

test('a cut connection is taken up where it ended', async () => {
  const fault: HubFault = { kind: 'cut', path: 'train.jsonl', times: 1 }
  await using hub = await openHub(files, { faults: [fault] })
  await hub.rows(hubSource())
  expect(hub.downloads()).toBe(2)
})

test('a file that stays altered or cut is named with what was expected and what came', async () => {
  const size = files['train.jsonl'].length
  for (const [kind, got] of [
    ['truncate', `expected ${size} bytes, got ${Math.floor(size / 2)}`],
    ['alter', /expected git [0-9a-f]{40}, got [0-9a-f]{40}/],
  ] as const) {
    await using hub = await openHub(files, { faults: [{ kind, path: 'train.jsonl', times: 99 }] })
    const failed = hub.rows(hubSource())
    await expect(failed).rejects.toMatchObject({ name: 'HubUnavailableError' })
    await expect(failed).rejects.toThrow(got)
    await expect(failed).rejects.toThrow(`source set: train.jsonl of org/set at ${commit}`)
    expect(await hub.kept()).toEqual([])
  }
})

test('a Hub that stays down, or is not there, is unavailable', async () => {
  const fault: HubFault = { kind: 'server-error', path: '/api/', times: 99 }
  await using hub = await openHub(files, { faults: [fault] })
  await expect(hub.rows(hubSource())).rejects.toMatchObject({
    name: 'HubUnavailableError',
    message: expect.stringContaining('the Hub answers 503 for org/set'),
  })
})

test('a packed file that ends early is named', async () => {
  await using hub = await openHub({ 'train.jsonl.gz': Buffer.from([0x1f, 0x8b, 8, 0]) })
  await expect(hub.rows(hubSource())).rejects.toThrow(
    /^source set: train\.jsonl\.gz of org\/set cannot be read to its end: unexpected end of file/,
  )
})

test.each([
  ['is not Parquet, whatever its name', 'no Parquet at all'],
  ['has no room for what it says it holds', 'PAR1, and then nothing PAR1'],
  ['is empty', ''],
])('a file that %s is named, at the door as well, and not tried again', async (_, content) => {
  await using hub = await openHub({ 'train.parquet': content })
  for (const read of [() => hub.reader.check(hubSource()), () => hub.rows(hubSource())]) {
    await expect(read()).rejects.toMatchObject({
      name: 'SourceDamagedError',
      message: expect.stringMatching(/^source set: train\.parquet of org\/set cannot be read/),
    })
  }
})

describe('of several files one that cannot be read', () => {
  const damaged = jsonLines(rows.slice(0, 25)).slice(0, -1)
  const parts = {
    'train-0.parquet': 'PAR1, and then nothing PAR1',
    'train-1.jsonl': jsonLines(rows),
    'train-2.jsonl': jsonLines([{ text: 'what?', answer: '1' }]),
  }

  test('is set aside with its name and its share, and stops nothing', async () => {
    await using hub = await openHub(parts)
    await hub.reader.check(hubSource())
    const read = await hub.rows(hubSource())
    expect(prompts(read)).toHaveLength(rows.length)
    const bytes = Object.values(parts).reduce((sum, { length }) => sum + length, 0)
    expect(read.filter(({ kind }) => kind === 'file-set-aside')).toEqual([
      {
        kind: 'file-set-aside',
        row: 0,
        reason: expect.stringMatching(/^source set: train-0\.parquet of org\/set cannot be read/),
        share: parts['train-0.parquet'].length / bytes,
      },
      {
        kind: 'file-set-aside',
        row: rows.length + 1,
        reason: expect.stringMatching(/^source set: train-2\.jsonl has no column question/),
        share: parts['train-2.jsonl'].length / bytes,
      },
    ])
  })

  test('gives the rows before the damage, too', async () => {
    const cut = gzipSync(damaged, { level: 0 }).subarray(0, -200)
    await using hub = await openHub({ 'train-0.jsonl.gz': cut, 'train-1.jsonl': jsonLines(rows) })
    const read = await hub.rows(hubSource())
    expect(new Set(prompts(read)).size).toBe(rows.length)
    expect(prompts(read).length).toBeGreaterThan(rows.length)
    expect(read.filter(({ kind }) => kind === 'file-set-aside')).toHaveLength(1)
  })

  test('stops an evaluation set: its problems would be trained on', async () => {
    await using hub = await openHub(parts)
    const failed = hub.rows(hubSource({ role: 'evaluation' }))
    await expect(failed).rejects.toMatchObject({ name: 'SourceDamagedError' })
  })
})

test.each([
  { about: 'no token', token: undefined, accepted: [] },
  { about: 'a token whose owner has not accepted the terms', token: 'hf_reader', accepted: [] },
])('a gated set with $about says what to do, once, and shows no token', async (given) => {
  const { token, accepted } = given
  await using hub = await openHub(files, {
    gated: ['org/set'],
    accepted,
    ...(token === undefined ? {} : { readerToken: token }),
  })
  const failed = hub.reader.check(hubSource())
  await expect(failed).rejects.toMatchObject({ name: 'InvalidInputError' })
  await expect(failed).rejects.toThrow(
    `accept its terms at ${hub.server.url}/datasets/org/set and set HF_TOKEN`,
  )
  const error: unknown = await failed.catch((cause: unknown) => cause)
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hf_reader')
  expect(hub.downloads()).toBe(1)
})

test('a gated set is read with the token of one who has accepted its terms', async () => {
  await using hub = await openHub(files, {
    gated: ['org/set'],
    accepted: ['org/set'],
    token: 'hf_reader',
    readerToken: 'hf_reader',
  })
  expect(prompts(await hub.rows(hubSource()))).toHaveLength(rows.length)
})

test.each([
  [{ dataset: 'org/sets' }, /shows no org\/sets \(401, RepoNotFound\): correct its name/],
  [{ revision: '0'.repeat(40) }, /field revision: org\/set has no 0{40}/],
  [{ revision: 'v9' }, /field revision: org\/set has no v9/],
  [{ split: 'dev' }, /named after split dev/],
  [{ files: ['train.arrow'] }, /has no file train.arrow; it has train.jsonl/],
])('an entry with %j is refused at once', async (changes, message) => {
  await using hub = await openHub(files)
  const failed = hub.reader.check(hubSource(changes))
  await expect(failed).rejects.toMatchObject({ name: 'InvalidInputError' })
  await expect(failed).rejects.toThrow(message)
})
