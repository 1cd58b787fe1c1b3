import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import { Problem } from '../../../core/problem.ts'
import { writeExampleSets } from '../../../infra/hub/example-sets.ts'
import { type HubServer, startHubServer } from '../../../infra/hub/hub-server.ts'
import { benchmarkSets } from '../../core/benchmarks/benchmark-files.ts'
import { seed } from '../../core/sources/hub/example-source.ts'
import { collect, openHubFolder } from '../../infra/hub/hub-folder.ts'

const sets = await benchmarkSets()
const rows = 42
const token = 'hf_reader'

let folder: Awaited<ReturnType<typeof openHubFolder>>
let hub: HubServer

beforeAll(async () => {
  folder = await openHubFolder()
  const commits = Object.fromEntries(sets.map(({ dataset, revision }) => [dataset, revision]))
  await writeExampleSets({ directory: folder.directory, rows, commits })
  const gated = sets.filter((set) => set.gated).map(({ dataset }) => dataset)
  hub = await startHubServer({ directory: folder.directory, token, gated, accepted: gated })
})

afterAll(async () => {
  await hub.close()
  await folder[Symbol.asyncDispose]()
})

async function read(id: string) {
  const set = sets.find((each) => each.id === id)
  if (set === undefined) throw new Error(`no benchmark has the set ${id}`)
  const reader = createHubReader({
    endpoint: hub.url,
    token,
    cacheDirectory: join(folder.directory, 'cache'),
    mirror: undefined,
    patience: { retries: 0, firstWaitMs: 1 },
  })
  await reader.check(set)
  const all = await collect(reader.read(set, seed))
  const problems = all.flatMap((row) =>
    row.kind === 'problem' ? [Problem.parse(row.problem)] : [],
  )
  return { problems, others: all.filter(({ kind }) => kind !== 'problem') }
}

test.each([
  ['math500', 'answer', rows],
  ['aime24', 'answer', rows],
  ['aime25', 'answer', rows],
  ['gsm8k', 'answer', rows],
  ['livecodebench-v2', 'tests', 2 * rows],
  ['gpqa-diamond', 'choice', rows],
  ['mmlu-pro', 'choice', rows],
] as const)('the set %s gives every row, each held out', async (id, kind, count) => {
  const { problems, others } = await read(id)
  expect(problems).toHaveLength(count)
  expect(others).toEqual([])
  expect(problems.every(({ reference }) => reference.kind === kind)).toBe(true)
  expect(problems.every(({ origin }) => origin.split === 'held-out')).toBe(true)
})

test('OlympiadBench gives its numbers and expressions, and leaves tuples out', async () => {
  const { problems, others } = await read('olympiadbench')
  expect(problems).toHaveLength(37)
  expect(others).toEqual([
    { kind: 'left-out', by: 'answer_type is one of Numerical, Expression', rows: 5 },
  ])
  expect(problems.find(({ origin }) => origin.row === 0)).toMatchObject({
    prompt: expect.stringMatching(/give all of them\.\n\nGive the answer in this unit, .*: cm$/),
    reference: { kind: 'answer', answer: '$-17000$, $17000$' },
  })
})

test('GSM8K gives the number behind the hashes', async () => {
  const { problems } = await read('gsm8k')
  expect(problems[0]).toMatchObject({ reference: { kind: 'answer', answer: '1,140,000' } })
})

test('MMLU-Pro gives up to ten options, each behind its letter', async () => {
  const { problems } = await read('mmlu-pro')
  const options = problems.map(({ prompt }) => prompt.split('\n\n').at(-1)?.split('\n') ?? [])
  expect(Math.max(...options.map(({ length }) => length))).toBe(10)
  const others = options.flat().filter((line) => !/^[A-J]\. \S/.test(line))
  expect(others).toEqual([])
  expect(options.every((lines) => lines.every((line, at) => line[0] === 'ABCDEFGHIJ'[at]))).toBe(
    true,
  )
})
