import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { trainPlan } from '../../cli/train-plan.ts'
import type { ReleaseManifest } from '../../core/dataset/release-manifest.ts'
import type { PlannedTraining } from '../../core/training/planned-training.ts'
import { jsonLines } from '../../infra/hub/table-bytes.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'

const conversations = [
  { from: 'user', value: 'How many?' },
  { from: 'assistant', value: 'Two.' },
]
const row = (tokens: number) => ({ system: 'Think.', conversations, source: 'sums', tokens })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-plan-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.restoreAllMocks()
})

/** What `sky-t1 train plan` prints. */
async function printed(...args: readonly string[]): Promise<string> {
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  expect(await trainPlan.run(args)).toBe(0)
  return String(print.mock.calls.at(-1)?.[0])
}

async function planned(...args: readonly string[]): Promise<PlannedTraining & { yaml: string }> {
  return JSON.parse(await printed(...args, '--json'))
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('the plan of a profile is one document, or a text of the same', async () => {
  const plan = await planned('faithful')
  expect(plan).toMatchObject({
    profile: 'faithful',
    dataset: { from: 'profile', rows: 16_401 },
    trainer: { max_steps: 510 },
    deepspeed: { zero_optimization: { stage: 3 } },
    expected: { steps: 510, hours: 19.03, dollars: 455.19, checkpointGB: 458.7, weightsGB: 65.53 },
  })
  expect(parse(plan.yaml)).toEqual(plan.trainer)
  const text = await printed('faithful')
  expect(text).toContain('  max_steps: 510\n')
  expect(text).toContain('  "train_batch_size": "auto"')
  expect(text).toContain(`  ${plan.launch.join(' ')}\n`)
  expect(text).toMatch(/cost +\$455\.19: 8 × \$2\.99 an hour/)
})

test('a profile of one’s own is planned from its file, with settings laid over it', async () => {
  const { training, student } = parse(
    await readFile(new URL('../../recipes/training/lora.yaml', import.meta.url), 'utf8'),
  )
  const path = await file('own.json', JSON.stringify({ student, training }))
  const plan = await planned(path, '--set', 'training.tuning.rank=8')
  expect(plan).toMatchObject({ profile: path, trainer: { lora_rank: 8 }, deepspeed: null })
})

test('rows of a local file are counted, and those over the cut-off left out', async () => {
  const lines = await file('rows.jsonl', jsonLines([row(100), row(300), row(400)]))
  expect(await planned('miniature', '--dataset', lines)).toMatchObject({
    dataset: { from: lines, rows: 2, tokensPerRow: 200, leftOut: 1, lengths: 'stated' },
    expected: { tokens: 2400 },
  })
  const list = await file('rows.json', JSON.stringify([{ system: '', conversations }]))
  const plan = await planned('miniature', '--dataset', list)
  expect(plan.dataset).toMatchObject({ rows: 1, lengths: 'estimated' })
  expect(await printed('miniature', '--dataset', list)).toContain('estimated from characters')
})

test.each([
  [['faithfull'], 'field profile: no profile faithfull; there are faithful, fast'],
  [['nowhere.yaml'], 'nowhere.yaml: no such file'],
  [['faithful', '--set', 'training.lr=1'], 'profile: unknown field training.lr; remove it'],
  [['faithful', '--set', 'training.examplesPerStep=100'], 'make it a multiple of 8'],
  [['faithful', '--set', 'training.cluster.hostMemoryGiB=744'], 'training.cluster.hostMemoryGiB'],
  [['faithful', '--dataset', 'rows.jsonl'], '--dataset rows.jsonl: no such file'],
  [['faithful', '--dataset', 'rows'], '--dataset rows: name a .jsonl or .json file'],
])('%j is refused', async (args, message) => {
  await expect(trainPlan.run(args)).rejects.toThrow(message)
})

test.each([
  ['empty.jsonl', '', 'empty.jsonl: it has no row;'],
  ['torn.jsonl', '{"system": "Th', 'torn.jsonl line 1: is no JSON;'],
  ['alpaca.jsonl', '{"instruction": "q"}', 'alpaca.jsonl line 1: field system: missing,'],
  ['object.json', '{"rows": []}', 'object.json: is no list of rows;'],
  ['human.json', '[{"system":"","conversations":[{"from":"human"}]}]', 'human.json row 1: field'],
])('%s is refused in one line', async (name, text, message) => {
  const path = await file(name, text)
  await expect(trainPlan.run(['miniature', '--dataset', path])).rejects.toThrow(message)
})

describe.skipIf(objectServerProgram === undefined)(
  'a release in versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    const prefix = 'releases/abc'
    beforeAll(async () => {
      server = await ObjectServer.start()
      vi.stubEnv('S3_ENDPOINT', server.endpoint)
      const rows = [row(100), row(300)]
      const put = (path: string, text: string) =>
        server.store().put(`${prefix}/${path}`, Buffer.from(text), 'application/json')
      await put('jsonl/train/00000.jsonl', jsonLines(rows))
      await put('manifest.json', JSON.stringify(manifest))
    })
    afterAll(async () => {
      vi.unstubAllEnvs()
      await server[Symbol.asyncDispose]()
    })

    const place = { sha256: '0'.repeat(64), bytes: 1, rows: 2 }
    const manifest: ReleaseManifest = {
      title: 'Example',
      licence: 'apache-2.0',
      recipe: { name: 'example', digest: 'd', seed: 1 },
      rows: 2,
      rejected: 0,
      overLength: 0,
      tokens: { total: 400, longest: 300, cutoffLength: 384, model: 'm' },
      sources: [],
      files: [{ path: 'jsonl/train/00000.jsonl', ...place }],
    }
    const uri = `s3://sky-t1/${prefix}`

    test('is planned with by its manifest', async () => {
      const { dataset } = await planned('miniature', '--dataset', `${uri}/`)
      expect(dataset).toMatchObject({ rows: 2, tokensPerRow: 200, longestRow: 300, leftOut: 0 })
    })

    test('is counted where rows are over the cut-off of the profile', async () => {
      const shorter = ['--set', 'training.cutoffLength=256']
      const { dataset } = await planned('miniature', '--dataset', uri, ...shorter)
      expect(dataset).toMatchObject({ rows: 1, tokensPerRow: 100, leftOut: 1, lengths: 'stated' })
    })

    test('that is not there is refused by its address', async () => {
      const nowhere = 's3://sky-t1/releases/none'
      await expect(trainPlan.run(['miniature', '--dataset', nowhere])).rejects.toThrow(
        `--dataset ${nowhere}: no manifest.json is there; name the prefix of a release`,
      )
      await expect(trainPlan.run(['miniature', '--dataset', 's3://other/x'])).rejects.toThrow(
        '--dataset s3://other/x: ',
      )
    })
  },
)
