import { describe, expect, test } from 'vitest'
import {
  detectableDifference,
  plannedDetectableDifference,
} from '../../../core/statistics/detectable-difference.ts'
import { holm } from '../../../core/statistics/holm.ts'
import { normalCdf, normalQuantile } from '../../../core/statistics/normal.ts'

describe('the smallest detectable difference', () => {
  test('is 2.80 standard errors at 5 % two-sided and a power of 80 %', () => {
    expect(detectableDifference(1, { level: 0.05, sides: 2 })).toBeCloseTo(2.8016, 4)
  })

  const plan = {
    problems: 500,
    samplesBefore: 28,
    samplesAfter: 4,
    sampleVariance: 0.82 * 0.18,
    changeVariance: 0,
  }
  const detection = { level: 0.01, sides: 1 } as const

  test('of MATH500 with four samples against seven nights is below three points', () => {
    expect(plannedDetectableDifference(plan, detection)).toBeCloseTo(0.0291, 4)
  })

  test('falls with more samples only as far as the problems themselves change', () => {
    const many = { ...plan, samplesBefore: 1e9, samplesAfter: 1e9 }
    expect(plannedDetectableDifference(many, detection)).toBeCloseTo(0, 5)
    const uneven = { ...many, changeVariance: 0.01 }
    const floor = detectableDifference(0.1 / Math.sqrt(500), detection)
    expect(plannedDetectableDifference(uneven, detection)).toBeCloseTo(floor, 5)
  })

  test.each([
    [{ problems: 0 }, 'problems is 0'],
    [{ samplesAfter: -1 }, 'samplesAfter is -1'],
    [{ sampleVariance: -0.1 }, 'sampleVariance is -0.1'],
  ])('is refused for %o', (wrong, message) => {
    expect(() => plannedDetectableDifference({ ...plan, ...wrong }, detection)).toThrow(message)
  })

  test.each([
    { level: 0, sides: 1 },
    { level: 0.05, power: 1, sides: 1 },
  ] as const)('is refused at %o', (impossible) => {
    expect(() => detectableDifference(1, impossible)).toThrow(RangeError)
  })
})

describe("Holm's correction", () => {
  test('leaves a single p as it is', () => {
    expect(holm([0.03])).toEqual([0.03])
    expect(holm([])).toEqual([])
  })

  test('multiplies the smallest by all, the next by one fewer, and keeps their order', () => {
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06])
  })

  test('gives no p above 1, and refuses what is no p', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(() => holm([0.5, NaN])).toThrow('NaN is no p-value')
  })
})

test('the quantile undoes the distribution function', () => {
  for (const p of [0.0001, 0.01, 0.3, 0.5, 0.77, 0.999]) {
    expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12)
  }
  expect(() => normalQuantile(0)).toThrow(RangeError)
})
