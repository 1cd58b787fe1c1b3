import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import { Problem } from '../../../core/problem.ts'
import { sourcesOf } from '../../../core/recipe-feasibility.ts'
import { type HubSource, isCommit } from '../../../core/sources/hub/hub-source.ts'
import { writeExampleSets } from '../../../infra/hub/example-sets.ts'
import { type HubServer, startHubServer } from '../../../infra/hub/hub-server.ts'
import { namedRecipe } from '../../../workers/recipe-shelf.ts'
import { collect, openHubFolder } from '../../infra/hub/hub-folder.ts'

const recipe = await namedRecipe('sky-t1-32b-preview')
const sources = sourcesOf(recipe).filter((source) => source.kind === 'hub')
const rows = 40
const token = 'hf_reader'

let folder: Awaited<ReturnType<typeof openHubFolder>>
let hub: HubServer

beforeAll(async () => {
  folder = await openHubFolder()
  const pinned = sources.filter(({ revision }) => isCommit(revision))
  const commits = Object.fromEntries(pinned.map(({ dataset, revision }) => [dataset, revision]))
  await writeExampleSets({ directory: folder.directory, rows, commits })
  const gated = sources.filter((source) => source.gated).map(({ dataset }) => dataset)
  hub = await startHubServer({ directory: folder.directory, token, gated, accepted: gated })
})

afterAll(async () => {
  await hub.close()
  await folder[Symbol.asyncDispose]()
})

function reader() {
  return createHubReader({
    endpoint: hub.url,
    token,
    cacheDirectory: join(folder.directory, 'cache'),
    mirror: undefined,
    patience: { retries: 0, firstWaitMs: 1 },
  })
}

async function read(id: string) {
  const source = sources.find((each) => each.id === id)
  if (source === undefined) throw new Error(`the recipe has no source ${id}`)
  const all = await collect(reader().read(source, recipe.seed))
  const problems = all.flatMap((row) =>
    row.kind === 'problem' ? [Problem.parse(row.problem)] : [],
  )
  const setAside = all.flatMap((row) => (row.kind === 'set-aside' ? [row.reason] : []))
  return { problems, setAside, all }
}

test.each(sources)(
  'the entry $id is there, at its commit, in its schema',
  async (source: HubSource) => {
    await reader().check(source)
    const { revision } = await reader().pin(source)
    expect(isCommit(revision)).toBe(true)
  },
)

test('APPS gives every row of its test split, programs and functions', async () => {
  const { problems } = await read('apps')
  expect(problems).toHaveLength(rows)
  const kinds = problems.map(({ reference }) =>
    reference.kind === 'tests' ? reference.tests.kind : reference.kind,
  )
  expect(new Set(kinds)).toEqual(new Set(['stdin', 'call']))
})

test('TACO gives its MEDIUM rows of every file', async () => {
  const medium = await read('taco-medium')
  expect(medium.problems).toHaveLength((2 * rows) / 5)
  expect(new Set(medium.problems.map(({ category }) => category))).toEqual(new Set(['medium']))
  const all = await read('taco-test')
  expect(all.problems).toHaveLength(rows)
})

test('NuminaMath gives each of its three sources their own rows with a boxed answer', async () => {
  for (const [id, category] of [
    ['numina-math', 'math'],
    ['numina-amc-aime', 'amc_aime'],
    ['numina-olympiads', 'olympiads'],
  ] as const) {
    const { problems, setAside, all } = await read(id)
    expect(problems).toHaveLength(((2 * rows) / 4) * 0.8)
    expect(problems.every((problem) => problem.category === category)).toBe(true)
    expect(setAside).toEqual([])
    const leftOut = all.filter(({ kind }) => kind === 'left-out')
    expect(leftOut).toEqual([
      { kind: 'left-out', by: `source is ${category}`, rows: ((2 * rows) / 4) * 3 },
      { kind: 'left-out', by: 'solution has a boxed answer', rows: ((2 * rows) / 4) * 0.2 },
    ])
  }
})

test('STILL-2 gives its responses on science and puzzles, kept as they are', async () => {
  const { problems } = await read('still-2')
  expect(problems.every(({ reference }) => reference.kind === 'trace')).toBe(true)
  expect(new Set(problems.map(({ domain }) => domain))).toEqual(new Set(['science', 'puzzle']))
})

test.each([
  ['math500', 'answer', rows],
  ['aime24', 'answer', rows],
  ['livecodebench-v2', 'tests', 2 * rows],
  ['gpqa-diamond', 'choice', rows],
] as const)('the evaluation set %s holds its rows out', async (id, kind, count) => {
  const { problems } = await read(id)
  expect(problems).toHaveLength(count)
  expect(problems.every(({ reference }) => reference.kind === kind)).toBe(true)
  expect(problems.every(({ origin }) => origin.split === 'held-out')).toBe(true)
})

test('the published labels rate problems, but for replies that were not readable', async () => {
  const { problems } = await read('numina-difficulty')
  expect(problems.every(({ difficulty = 0 }) => difficulty >= 1 && difficulty <= 10)).toBe(true)
  expect(problems.length).toBeLessThan(2 * rows)
})
