import { expect, test } from 'vitest'
import { bootstrapMean } from '../../../core/statistics/bootstrap.ts'
import { clusteredAccuracy, clusteredRate } from '../../../core/statistics/clustered-rate.ts'
import { seededBits } from '../../../core/statistics/seeded-bits.ts'
import { wilsonInterval } from '../../../core/statistics/wilson-interval.ts'
import { drawOutcomes, spreadRates } from './simulated-outcomes.ts'

const values = [0, 0.25, 0.5, 1, 1, 0.75, 0.25, 1, 0]

test('the same seed gives the same interval, another seed nearly the same', () => {
  const first = bootstrapMean(values, 7)
  expect(bootstrapMean(values, 7)).toEqual(first)
  const other = bootstrapMean(values, 8)
  expect(other).not.toEqual(first)
  expect(other.low).toBeCloseTo(first.low, 1)
  expect(other.high).toBeCloseTo(first.high, 1)
})

test('the interval holds the mean and stays within the values', () => {
  const { low, high } = bootstrapMean(values, 1)
  expect(low).toBeGreaterThanOrEqual(0)
  expect(low).toBeLessThan(4.75 / 9)
  expect(high).toBeGreaterThan(4.75 / 9)
  expect(high).toBeLessThanOrEqual(1)
})

test('samples of one problem that always agree tell no more than one', () => {
  const single = drawOutcomes(spreadRates(50, 0.6), 1, seededBits(4))
  const copied = single.map(({ problemId, outcomes }) => ({
    problemId,
    outcomes: Array.from({ length: 16 }, () => outcomes[0] === true),
  }))
  expect(clusteredAccuracy(copied, 1)).toEqual(clusteredAccuracy(single, 1))
})

test('a model that solves no problem, or every one, gets the interval of Wilson over problems', () => {
  const { low, high } = wilsonInterval(0, 30)
  expect(clusteredRate(Array<number>(30).fill(0), 1)).toEqual({ value: 0, problems: 30, low, high })
  expect(clusteredRate(Array<number>(30).fill(1), 1)).toMatchObject({
    value: 1,
    low: 1 - high,
    high: 1,
  })
})

test('the interval holds the true accuracy in about 95 of 100 evaluations', () => {
  const random = seededBits(11)
  const evaluations = 400
  const held = Array.from({ length: evaluations }, (_, seed) => {
    // Problems are drawn too: a third of them each at 0.1, 0.5 and 0.9.
    const rates = Array.from({ length: 60 }, () => 0.1 + 0.4 * ((random.next() >>> 0) % 3))
    const { low, high } = clusteredAccuracy(drawOutcomes(rates, 4, random), seed)
    return low <= 0.5 && 0.5 <= high
  }).filter(Boolean).length
  expect(held / evaluations).toBeGreaterThan(0.92)
  expect(held / evaluations).toBeLessThan(0.98)
})

test('a problem without samples, a problem that comes twice and no problem at all are refused', () => {
  const solved = { problemId: 'math-1', outcomes: [true] }
  expect(() => clusteredAccuracy([solved, { problemId: 'math-2', outcomes: [] }], 1)).toThrow(
    'problem math-2 has no sample: leave it out, or sample it',
  )
  expect(() => clusteredAccuracy([solved, solved], 1)).toThrow('problem math-1 is there twice')
  expect(() => clusteredAccuracy([], 1)).toThrow(RangeError)
})
