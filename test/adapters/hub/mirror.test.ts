import { expect, test } from 'vitest'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import { jsonLines } from '../../../infra/hub/table-bytes.ts'
import { commit, hubSource, seed } from '../../core/sources/hub/example-source.ts'
import { collect, openHubFolder } from '../../infra/hub/hub-folder.ts'
import { prompts } from './hub-under-test.ts'

const content = jsonLines([{ question: 'q', answer: '1' }])

function readerOf(mirror: string) {
  return createHubReader({
    endpoint: 'http://127.0.0.1:9',
    token: undefined,
    cacheDirectory: `${mirror}/cache`,
    mirror,
    patience: { retries: 0, firstWaitMs: 1 },
  })
}

test.each([
  { place: 'right in its folder', path: 'datasets/org/set/data/train.jsonl' },
  { place: 'in the folder of its commit', path: `datasets/org/set/${commit}/data/train.jsonl` },
])('reads a data set that lies $place, without the Hub', async ({ path }) => {
  await using mirror = await openHubFolder({ [path]: content })
  const reader = readerOf(mirror.directory)
  await reader.check(hubSource())
  const rows = await collect(reader.read(hubSource(), seed))
  expect(prompts(rows)).toEqual(['q'])
  expect(rows[0]).toMatchObject({ problem: { revision: commit } })
})

test('a branch is the commit that the mirror writes beside it', async () => {
  await using mirror = await openHubFolder({
    [`datasets/org/set/${commit}/train.jsonl`]: content,
    'datasets/org/set/refs/main': `${commit}\n`,
  })
  const reader = readerOf(mirror.directory)
  expect(await reader.pin(hubSource({ revision: 'main' }))).toMatchObject({ revision: commit })
  expect(prompts(await collect(reader.read(hubSource({ revision: 'main' }), seed)))).toEqual(['q'])
})

test('says where to put what it does not have', async () => {
  await using mirror = await openHubFolder({ 'datasets/org/set/train.jsonl': content })
  const reader = readerOf(mirror.directory)
  await expect(reader.pin(hubSource({ revision: 'main' }))).rejects.toThrow(
    /the mirror does not say which commit main of org\/set is; write it into .*refs\/main/,
  )
  await expect(reader.check(hubSource({ dataset: 'org/none' }))).rejects.toThrow(
    /the mirror has no org\/none at .*; put its files into .*datasets\/org\/none/,
  )
})
