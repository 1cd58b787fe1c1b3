import { describe, expect, test } from 'vitest'
import { exactMcNemar } from '../../../core/statistics/mcnemar.ts'
import {
  meanDifference,
  pairedDifferences,
  pairProblems,
} from '../../../core/statistics/paired-outcomes.ts'
import { testPaired } from '../../../core/statistics/paired-test.ts'
import type { ProblemOutcomes } from '../../../core/statistics/problem-outcomes.ts'
import { seededBits } from '../../../core/statistics/seeded-bits.ts'
import { signFlipTest } from '../../../core/statistics/sign-flip.ts'
import { drawOutcomes, spreadRates } from './simulated-outcomes.ts'

const problem = (problemId: string, ...outcomes: boolean[]): ProblemOutcomes => ({
  problemId,
  outcomes,
})

describe('pairing by problem', () => {
  test('takes problems in any order and with unequal numbers of samples', () => {
    const before = [problem('a', true, true, false, false), problem('b', true)]
    const after = [problem('b', false, true), problem('a', true)]
    expect(pairedDifferences(pairProblems(before, after))).toEqual([0.5, -0.5])
  })

  test('refuses problems that are missing on one side, naming them', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => problem(id, true))
    expect(() => pairProblems(all, all.slice(0, 4))).toThrow('e missing after: compare outcomes')
    expect(() => pairProblems(all.slice(0, 1), all)).toThrow('b, c, d and 1 more missing before')
  })

  test('refuses a problem that comes twice, and one without a sample', () => {
    const [one] = [problem('a', true)]
    expect(() => pairProblems([one, one], [one])).toThrow('problem a is there twice')
    expect(() => pairedDifferences(pairProblems([one], [problem('a')]))).toThrow(
      'problem a has no sample',
    )
  })
})

test('the interval of the mean difference holds no change where nothing changed, and not a large one', () => {
  const rates = spreadRates(100, 0.5)
  const random = seededBits(5)
  const before = drawOutcomes(rates, 4, random)
  const same = pairedDifferences(pairProblems(before, drawOutcomes(rates, 8, random)))
  const worse = rates.map((rate) => rate - 0.2)
  const fallen = pairedDifferences(pairProblems(before, drawOutcomes(worse, 8, random)))
  expect(meanDifference(same, 1).low).toBeLessThan(0)
  expect(meanDifference(same, 1).high).toBeGreaterThan(0)
  expect(meanDifference(fallen, 1).high).toBeLessThan(-0.1)
  expect(meanDifference(fallen, 1)).toEqual(meanDifference(fallen, 1))
})

describe('the paired test', () => {
  test('is exact McNemar with one sample a problem', () => {
    const before = [true, true, true, false].map((each, at) => problem(`${at}`, each))
    const after = [false, false, true, true].map((each, at) => problem(`${at}`, each))
    const p = testPaired(pairProblems(before, after), 1)
    expect(p).toEqual(exactMcNemar({ lost: 2, won: 1 }))
    expect(p).toEqual({ method: 'mcnemar', drop: 0.5, rise: 0.875, twoSided: 1 })
  })

  test('by sign flips says the same as McNemar of the same outcomes', () => {
    const differences = [
      ...Array<number>(9).fill(-1),
      ...Array<number>(2).fill(1),
      ...Array<number>(20).fill(0),
    ]
    const { drop, rise, twoSided } = exactMcNemar({ lost: 9, won: 2 })
    const flips = signFlipTest(differences, 1)
    expect(flips.method).toBe('sign-flips-enumerated')
    expect(flips.drop).toBeCloseTo(drop, 12)
    expect(flips.rise).toBeCloseTo(rise, 12)
    expect(flips.twoSided).toBeCloseTo(twoSided, 12)
  })

  test('by drawn sign flips says nearly the same as McNemar, with any number of problems', () => {
    for (const won of [8, 9, 10, 13, 30]) {
      const differences = [...Array<number>(20).fill(-1), ...Array<number>(won).fill(1)]
      const exact = exactMcNemar({ lost: 20, won })
      const flips = signFlipTest(differences, won)
      expect(flips.method).toBe('sign-flips-drawn')
      expect(Math.abs(flips.drop - exact.drop)).toBeLessThan(0.02)
      expect(Math.abs(flips.rise - exact.rise)).toBeLessThan(0.02)
      expect(Math.abs(flips.twoSided - exact.twoSided)).toBeLessThan(0.02)
    }
  })

  test('never gives p = 0, and gives the same p for the same seed', () => {
    const differences = Array<number>(40).fill(-0.25)
    const p = signFlipTest(differences, 3)
    expect(p).toMatchObject({ drop: 1e-4, rise: 1, twoSided: 1e-4 })
    expect(signFlipTest(differences, 3)).toEqual(p)
  })

  test('says nothing where no problem differs', () => {
    const p = signFlipTest([0, 0, 0], 1)
    expect(p).toMatchObject({ drop: 1, rise: 1, twoSided: 1 })
    expect(exactMcNemar({ lost: 0, won: 0 })).toMatchObject({ drop: 1, rise: 1, twoSided: 1 })
  })

  test('gives p of at most 5 % in about 5 of 100 comparisons without a change', () => {
    const random = seededBits(12)
    const rates = spreadRates(40, 0.7)
    const comparisons = 500
    const below = Array.from({ length: comparisons }, (_, seed) => {
      const [before, after] = [drawOutcomes(rates, 16, random), drawOutcomes(rates, 4, random)]
      return testPaired(pairProblems(before, after), seed).drop <= 0.05
    }).filter(Boolean).length
    expect(below / comparisons).toBeGreaterThan(0.02)
    expect(below / comparisons).toBeLessThan(0.08)
  })

  test('refuses counts that are none', () => {
    expect(() => exactMcNemar({ lost: -1, won: 2 })).toThrow(RangeError)
    expect(() => exactMcNemar({ lost: 1.5, won: 2 })).toThrow(RangeError)
  })
})
