import { expect, test } from 'vitest'
import {
  filesInFlight,
  largestFileBytes,
  transferMemoryBytes,
  transferPlan,
} from '../../core/transfer-plan.ts'

const MiB = 1024 * 1024
const GB = 1e9

test.each([
  ['nothing', 0],
  ['one byte', 1],
  ['one part', 8 * MiB],
  ['a byte more than one part', 8 * MiB + 1],
  ['a gibibyte', 1024 * MiB],
  ['a shard of weights', 4.9 * GB],
  ['a shard of the optimizer', 49.1 * GB],
  ['a whole checkpoint in one file', 459 * GB],
  ['a file of 10,000 large parts and a byte', 10_000 * 64 * MiB + 1],
  ['the largest', largestFileBytes],
])('%s is cut without a gap, within the limits of S3 and of the memory', (_, bytes) => {
  const { partBytes, parts, partsInFlight } = transferPlan(bytes)
  const ends = parts.map(({ offset, length }) => offset + length)
  expect(parts.map(({ offset }) => offset)).toEqual([0, ...ends.slice(0, -1)])
  expect(ends.at(-1)).toBe(bytes)
  expect(parts.map(({ number }) => number)).toEqual(parts.map((_part, at) => at + 1))
  expect(parts.length).toBeLessThanOrEqual(10_000)
  expect(partBytes).toBeGreaterThanOrEqual(5 * MiB)
  expect(partBytes).toBeLessThanOrEqual(5 * 1024 * MiB)
  expect(partsInFlight).toBeGreaterThanOrEqual(1)
  expect(filesInFlight * partsInFlight * partBytes).toBeLessThanOrEqual(transferMemoryBytes)
})

test.each([
  ['a shard of the optimizer', 49.1 * GB, 732],
  ['a whole checkpoint in one file', 459 * GB, 6840],
])('%s goes in parts of 64 MiB, eight at once', (_, bytes, count) => {
  const plan = transferPlan(bytes)
  expect(plan).toMatchObject({ partBytes: 64 * MiB, partsInFlight: 8 })
  expect(plan.parts).toHaveLength(count)
})

test('a process holds 2 GiB of parts at most', () => {
  expect(transferMemoryBytes).toBe(2048 * MiB)
})

test('a file that is too large is refused with the limit and the mend', () => {
  expect(() => transferPlan(largestFileBytes + 1)).toThrow(/the most is \d+; save it in shards/)
})
