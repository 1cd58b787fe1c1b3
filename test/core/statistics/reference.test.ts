import { expect, test } from 'vitest'
import { z } from 'zod'
import { bootstrapMean } from '../../../core/statistics/bootstrap.ts'
import { detectableDifference } from '../../../core/statistics/detectable-difference.ts'
import { holm } from '../../../core/statistics/holm.ts'
import { exactMcNemar } from '../../../core/statistics/mcnemar.ts'
import { normalCdf, normalQuantile } from '../../../core/statistics/normal.ts'
import { shareCorrect } from '../../../core/statistics/problem-outcomes.ts'
import { quantile } from '../../../core/statistics/quantile.ts'
import { passAtK, passPowerK } from '../../../core/statistics/repeated-samples.ts'
import { seededBits } from '../../../core/statistics/seeded-bits.ts'
import { signFlipTest } from '../../../core/statistics/sign-flip.ts'
import { wilsonBounds } from '../../../core/statistics/wilson-interval.ts'
import { describeWithReference } from './reference.ts'
import { drawOutcomes, spreadRates } from './simulated-outcomes.ts'

const Numbers = z.array(z.number())
const PValues = z.strictObject({ drop: z.number(), rise: z.number(), twoSided: z.number() })

describeWithReference('SciPy and statsmodels compute the same', (ask) => {
  test.each([
    { count: 13, n: 30 },
    { count: 0.568 * 198, n: 198 },
    { count: 0, n: 182 },
    { count: 411.6, n: 500 },
  ])("Wilson's interval of $count of $n", async ({ count, n }) => {
    const expected = await ask({ kind: 'wilson', count, n }, Numbers)
    const { low, high } = wilsonBounds(count / n, n)
    expect([low, high]).toEqual(close(expected, 12))
  })

  test('the normal distribution and its quantiles', async () => {
    const zs = [-7.5, -3, -1.96, -0.1, 0, 0.5, 1, 2.5758, 6]
    const ps = [1e-6, 0.001, 0.025, 0.2, 0.5, 0.8, 0.99, 0.999999]
    const schema = z.strictObject({ cdf: Numbers, quantile: Numbers })
    const expected = await ask({ kind: 'normal', z: zs, p: ps }, schema)
    expect(zs.map(normalCdf)).toEqual(close(expected.cdf, 14))
    expect(ps.map(normalQuantile)).toEqual(close(expected.quantile, 9))
  })

  test('quantiles', async () => {
    const values = [3, 7, 12, 45, 45, 99, 1024]
    const shares = [0, 0.05, 0.25, 0.5, 0.95, 1]
    const expected = await ask({ kind: 'quantiles', values, shares }, Numbers)
    const ours = shares.map((share) => quantile(values, share))
    expect(ours).toEqual(close(expected, 12))
  })

  // As fractions of whole numbers, exactly.
  test.each([
    { correct: 0, n: 16, k: 8 },
    { correct: 3, n: 16, k: 1 },
    { correct: 3, n: 16, k: 4 },
    { correct: 250, n: 400, k: 100 },
    { correct: 16, n: 16, k: 16 },
  ])('pass@$k and pass^$k of $correct in $n', async ({ correct, n, k }) => {
    const schema = z.strictObject({ any: z.number(), all: z.number() })
    const expected = await ask({ kind: 'passAtK', correct, n, k }, schema)
    const ours = [passAtK(correct, n, k), passPowerK(correct, n, k)]
    expect(ours).toEqual(close([expected.any, expected.all], 12))
  })

  test.each([
    { lost: 5, won: 2 },
    { lost: 1, won: 9 },
    { lost: 4, won: 4 },
    { lost: 0, won: 3 },
    { lost: 700, won: 640 },
    { lost: 1800, won: 1700 },
  ])('the exact McNemar test of $lost lost and $won won', async ({ lost, won }) => {
    const expected = await ask({ kind: 'mcnemar', lost, won }, PValues)
    expect(exactMcNemar({ lost, won })).toEqual({
      method: 'mcnemar',
      drop: expect.closeTo(expected.drop, 11),
      rise: expect.closeTo(expected.rise, 11),
      twoSided: expect.closeTo(expected.twoSided, 11),
    })
  })

  test('every sign flip of a few differences', async () => {
    const differences = [0.25, -0.5, 0.75, 0.5, 0.25, 0, -0.125, 0.3, -0.7, 0.1]
    const expected = await ask({ kind: 'signFlips', differences, resamples: 2000 }, PValues)
    expect(signFlipTest(differences, 1)).toEqual({
      method: 'sign-flips-enumerated',
      drop: expect.closeTo(expected.drop, 12),
      rise: expect.closeTo(expected.rise, 12),
      twoSided: expect.closeTo(expected.twoSided, 12),
    })
  })

  test('drawn sign flips of many differences, to what is left to chance', async () => {
    const differences = simulatedShares(60, 0.5).map((share) => share - 0.46)
    const expected = await ask({ kind: 'signFlips', differences, resamples: 49_999 }, PValues)
    const { method, ...ours } = signFlipTest(differences, 1)
    expect(method).toBe('sign-flips-drawn')
    for (const side of ['drop', 'rise', 'twoSided'] as const) {
      // Four standard errors of the difference of 9,999 and 49,999 draws.
      const chance = Math.sqrt(expected[side] * (1 - expected[side]) * (1 / 9999 + 1 / 49_999))
      expect(Math.abs(ours[side] - expected[side])).toBeLessThan(4 * chance)
    }
  })

  test.each([
    { name: 'thirty problems', values: simulatedShares(30, 0.4) },
    { name: 'rates near 1', values: simulatedShares(200, 0.97) },
    { name: 'differences', values: simulatedShares(500, 0.6).map((share) => share - 0.5) },
  ])('the bootstrap interval of $name, to what is left to chance', async ({ values }) => {
    const [low = NaN, high = NaN] = await ask({ kind: 'bootstrap', values }, Numbers)
    const ours = bootstrapMean(values, 1)
    const width = high - low
    expect(Math.abs(ours.low - low)).toBeLessThan(0.03 * width)
    expect(Math.abs(ours.high - high)).toBeLessThan(0.03 * width)
  })

  test("Holm's correction", async () => {
    const ps = [0.011, 0.02, 0.04, 0.013, 0.9, 0.0004, 0.0004]
    const expected = await ask({ kind: 'holm', ps }, Numbers)
    expect(holm(ps)).toEqual(close(expected, 15))
  })

  test.each([
    { n: 500, level: 0.01, power: 0.8, sides: 1 },
    { n: 30, level: 0.05, power: 0.9, sides: 2 },
  ] as const)('the power to find the detectable difference of $n at $level', async (asked) => {
    // Of observations that scatter by one.
    const difference = detectableDifference(1 / Math.sqrt(asked.n), asked)
    const { power, ...rest } = asked
    const expected = await ask({ kind: 'power', difference, ...rest }, z.number())
    expect(expected).toBeCloseTo(power, 6)
  })
})

function simulatedShares(problems: number, rate: number): number[] {
  return shareCorrect(drawOutcomes(spreadRates(problems, rate), 16, seededBits(problems)))
}

/** Matches the same numbers, each to so many digits behind the point. */
function close(expected: readonly number[], digits: number) {
  return expected.map((each): unknown => expect.closeTo(each, digits))
}
