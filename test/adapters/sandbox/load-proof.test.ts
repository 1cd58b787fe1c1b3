import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { startBusyLoops } from '../../../bench/load-proof/busy-loops.ts'
import { loadProofPrograms } from '../../../bench/load-proof/programs.ts'
import { stepsPerSecond, verdictsOf } from '../../../bench/load-proof/verdicts.ts'
import { python } from './sandbox-under-test.ts'

/** The whole corpus, at 8 times the load, is for `bench/load-proof.ts`. */
const kinds = [
  'right',
  'wrong output',
  'raises',
  'works for 30 to 80 % of its time',
  'works for 2 to 4 times its time',
  'takes half to 90 % of its memory',
  'sleeps a little',
  'sleeps for ever',
  'works in threads',
]

test('verdicts on a busy machine are those that the programs deserve', async () => {
  const all = loadProofPrograms(100, await stepsPerSecond(python))
  const jobs = kinds.flatMap((kind) => all.filter((job) => job.kind === kind).slice(0, 2))
  const processors = availableParallelism()
  using loops = startBusyLoops(3 * processors)
  const verdicts = await verdictsOf(jobs, { python, parallelism: 4 * processors })
  loops.assertBusy()
  const reasons = verdicts.map((verdict) => verdict.split(' ')[0])
  expect(reasons).toEqual(jobs.map(({ expected }) => expected))
}, 240_000)
