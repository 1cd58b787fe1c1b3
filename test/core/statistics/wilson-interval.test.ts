import { describe, expect, test } from 'vitest'
import {
  countedShare,
  intervalsOverlap,
  wilsonInterval,
} from '../../../core/statistics/wilson-interval.ts'

describe('wilsonInterval', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  test.each([
    { correct: 81, n: 263, low: 0.2553, high: 0.3662 },
    { correct: 15, n: 148, low: 0.0624, high: 0.1605 },
    { correct: 0, n: 20, low: 0, high: 0.1611 },
    { correct: 1, n: 29, low: 0.0061, high: 0.1718 },
  ])('$correct of $n is what Newcombe printed', ({ correct, n, low, high }) => {
    const accuracy = wilsonInterval(correct, n)
    expect(accuracy.low).toBeCloseTo(low, 4)
    expect(accuracy.high).toBeCloseTo(high, 4)
  })

  // scipy.stats.binomtest(correct, n).proportion_ci(0.95, 'wilson'), SciPy 1.17.1.
  test.each([
    { correct: 81, n: 263, low: 0.2552885198782742, high: 0.36620957698280004 },
    { correct: 0, n: 240, low: 0, high: 0.01575391994155881 },
    { correct: 240, n: 240, low: 0.9842460800584412, high: 1 },
    { correct: 1, n: 1, low: 0.20654931437723745, high: 1 },
    { correct: 0, n: 1, low: 0, high: 0.7934506856227626 },
    { correct: 13, n: 30, low: 0.27377485576466526, high: 0.6080269299918639 },
    { correct: 153, n: 240, low: 0.5749573115723355, high: 0.6957103604437357 },
    { correct: 412, n: 500, low: 0.78818582871064, high: 0.854873598670274 },
    { correct: 1, n: 100_000, low: 1.765247730378316e-6, high: 5.664709659040965e-5 },
  ])('$correct of $n is what SciPy computes', ({ correct, n, low, high }) => {
    const accuracy = wilsonInterval(correct, n)
    expect(accuracy.low).toBeCloseTo(low, 12)
    expect(accuracy.high).toBeCloseTo(high, 12)
  })

  test('the published 13 of 30 on AIME24 spans 27 to 61 %', () => {
    const { low, high } = wilsonInterval(13, 30)
    expect([Math.round(100 * low), Math.round(100 * high)]).toEqual([27, 61])
  })

  test('no sample says nothing', () => {
    expect(wilsonInterval(0, 0)).toEqual({ correct: 0, n: 0, value: 0, low: 0, high: 1 })
  })

  test('the bounds stay within 0 and 1 and hold the value, for every count', () => {
    for (let n = 1; n <= 60; n++) {
      for (let correct = 0; correct <= n; correct++) {
        const { low, value, high } = wilsonInterval(correct, n)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low <= value && value <= high).toBe(true)
      }
    }
  })

  test.each([
    [-1, 10],
    [11, 10],
    [0.5, 10],
    [1, Number.NaN],
  ])('%d of %d is refused', (correct, n) => {
    expect(() => wilsonInterval(correct, n)).toThrow(RangeError)
  })
})

describe('intervalsOverlap', () => {
  test.each([
    [{ low: 0, high: 0.1 }, { low: 0.2, high: 0.3 }, false],
    [{ low: 0, high: 0.2 }, { low: 0.2, high: 0.3 }, true],
    [{ low: 0, high: 1 }, { low: 0.4, high: 0.5 }, true],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(intervalsOverlap(a, b)).toBe(expected)
    expect(intervalsOverlap(b, a)).toBe(expected)
  })
})

describe('a share of counted samples', () => {
  test('has Wilson’s interval where every problem has one sample', () => {
    const { correct: _, n: __, ...wilson } = wilsonInterval(12, 500)
    expect(countedShare({ count: 12, samples: 500, problems: 500 })).toEqual(wilson)
  })

  test('is no surer for several samples of a problem than for one', () => {
    const one = countedShare({ count: 3, samples: 30, problems: 30 })
    expect(countedShare({ count: 48, samples: 480, problems: 30 })).toEqual(one)
  })

  test('of no sample says nothing, and a count beyond the samples is refused', () => {
    expect(countedShare({ count: 0, samples: 0, problems: 0 })).toEqual({
      value: 0,
      low: 0,
      high: 1,
    })
    expect(() => countedShare({ count: 5, samples: 4, problems: 4 })).toThrow(RangeError)
  })
})
