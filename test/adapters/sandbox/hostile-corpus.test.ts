import { afterAll, describe, expect, test } from 'vitest'
import { readHostileCorpus } from '../../../adapters/sandbox/hostile/corpus.ts'
import { tryHostile } from '../../../adapters/sandbox/hostile/trial.ts'
import { controlGroupsOf } from './host-traces.ts'
import { sandbox } from './sandbox-under-test.ts'

const corpus = readHostileCorpus()

afterAll(() => sandbox.close())

// A time-out is run again alone, so that each waits for others: minutes on a machine with much to do.
describe.concurrent('the sandbox contains a program that', { timeout: 300_000 }, () => {
  test.each(corpus)('tries $tries ($name)', async (program) => {
    const { seen } = await tryHostile(program, (job) => sandbox.run(job))
    expect(seen).toEqual([])
  })
})

test('no control group is left once all of them have run', () => {
  expect(controlGroupsOf(process.pid)).toEqual([])
})

test('the corpus has what its README and its users count on', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60)
  expect(new Set(corpus.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(15)
  // Those that are always run must meet every wall: outputs, files, memory, processes, network.
  expect(corpus.filter(({ always }) => always).length).toBeGreaterThanOrEqual(8)
})
