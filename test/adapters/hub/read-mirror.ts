import process from 'node:process'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import { hubSource, seed } from '../../core/sources/hub/example-source.ts'

/** Reads the one data set of a mirror to its end, in a process of its own, and says what it took. */
const [, , mirror = ''] = process.argv
const reader = createHubReader({
  endpoint: 'http://127.0.0.1:9',
  token: undefined,
  cacheDirectory: `${mirror}/cache`,
  mirror,
  patience: { retries: 0, firstWaitMs: 1 },
})
let problems = 0
let peakBytes = 0
for await (const row of reader.read(hubSource(), seed)) {
  if (row.kind === 'problem') problems += 1
  // Sampled: the system's own maximum counts the process that started this one.
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}
process.stdout.write(JSON.stringify({ problems, peakBytes }))
