import { describe, expect, test } from 'vitest'
import { majorityCorrect, majorityRate } from '../../../core/statistics/majority-vote.ts'
import {
  passAtK,
  passAtKRate,
  passPowerK,
  passPowerKRate,
} from '../../../core/statistics/repeated-samples.ts'

describe('pass@k and pass^k', () => {
  test('are the share of all draws of k samples with one right, and with all right', () => {
    // Of the six pairs of two right and two wrong samples, five hold a right one and one two.
    expect(passAtK(2, 4, 2)).toBeCloseTo(5 / 6, 12)
    expect(passPowerK(2, 4, 2)).toBeCloseTo(1 / 6, 12)
  })

  test('of one sample are both the share that is right', () => {
    expect(passAtK(3, 16, 1)).toBeCloseTo(3 / 16, 12)
    expect(passPowerK(3, 16, 1)).toBeCloseTo(3 / 16, 12)
  })

  test('do not overflow at numbers of samples whose binomials would', () => {
    expect(passAtK(1, 5000, 2500)).toBeCloseTo(0.5, 10)
    expect(passPowerK(4999, 5000, 2500)).toBeCloseTo(0.5, 10)
  })

  test('are averaged over problems, those with more samples weighing no more', () => {
    const problems = [
      { problemId: 'a', outcomes: [true, false] },
      { problemId: 'b', outcomes: [false, false, false, false] },
      { problemId: 'c', outcomes: [true, true, true] },
    ]
    const ofTwo = { k: 2, seed: 1 }
    expect(passAtKRate(problems, ofTwo)).toMatchObject({ value: 2 / 3, problems: 3 })
    expect(passPowerKRate(problems, ofTwo).value).toBeCloseTo(1 / 3, 12)
    expect(passAtKRate(problems, ofTwo)).toEqual(passAtKRate(problems, ofTwo))
  })

  test('of more samples than a problem has are refused, naming it', () => {
    const problems = [{ problemId: 'aime-7', outcomes: [true, false] }]
    const message = 'problem aime-7 has 2 samples, fewer than k = 3: lower k, or sample more'
    expect(() => passAtKRate(problems, { k: 3, seed: 1 })).toThrow(message)
    expect(() => passPowerKRate(problems, { k: 3, seed: 1 })).toThrow(message)
  })

  test.each([
    [1, 4, 0],
    [1, 4, 5],
    [5, 4, 1],
    [1, 4, 1.5],
  ])('%d right of %d with k = %d is refused', (correct, n, k) => {
    expect(() => passAtK(correct, n, k)).toThrow(RangeError)
    expect(() => passPowerK(correct, n, k)).toThrow(RangeError)
  })
})

describe('majority@n', () => {
  const right = { answer: '42', correct: true }
  const wrong = { answer: '41', correct: false }
  const otherWrong = { answer: '40', correct: false }
  const none = { answer: null, correct: false }

  test.each([
    ['the answer given most often decides', [right, right, wrong], 1],
    ['a wrong majority is wrong', [right, wrong, wrong], 0],
    [
      'the most frequent answer need not have half of the votes',
      [right, right, wrong, otherWrong, none],
      1,
    ],
    ['of two answers that tie either is drawn', [right, wrong], 1 / 2],
    ['of three answers that tie each is drawn', [right, wrong, otherWrong], 1 / 3],
    ['samples without an answer do not vote together', [right, right, none, none, none], 1],
    ['a sample without an answer ties as a wrong vote of its own', [right, none, none], 1 / 3],
    ['without any answer the vote is wrong', [none, none], 0],
    [
      'one answer judged both ways is right in proportion',
      [right, { ...right, correct: false }],
      1 / 2,
    ],
  ])('%s', (_, votes, expected) => {
    expect(majorityCorrect(votes)).toBeCloseTo(expected, 12)
  })

  test('is averaged over problems', () => {
    const problems = [
      { problemId: 'a', votes: [right, right, wrong] },
      { problemId: 'b', votes: [wrong, none] },
    ]
    expect(majorityRate(problems, 1)).toMatchObject({ value: 1 / 2, problems: 2 })
  })

  test('of a problem without votes is refused, naming it', () => {
    expect(() => majorityRate([{ problemId: 'gpqa-3', votes: [] }], 1)).toThrow(
      'problem gpqa-3 has no vote',
    )
  })
})
