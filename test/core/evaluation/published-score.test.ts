import { describe, expect, test } from 'vitest'
import { compareWithPublished, publishedScore } from '../../../core/evaluation/published-score.ts'

describe('a published score', () => {
  test.each([
    { percent: 82.4, n: 500, correct: 412 },
    { percent: 43.3, n: 30, correct: 13 },
    { percent: 86.3, n: 182, correct: 157 },
    { percent: 56.8, n: 206, correct: 117 },
    { percent: 17.9, n: 123, correct: 22 },
  ])('$percent % of $n stands for $correct', ({ percent, n, correct }) => {
    expect(publishedScore({ percent, n })).toEqual(publishedScore({ correct, n }))
    expect(publishedScore({ percent, n }).value).toBe(correct / n)
  })

  test('that is no count is taken as it is, between the intervals of the counts beside it', () => {
    const gpqa = publishedScore({ percent: 56.8, n: 198 })
    expect(gpqa).toMatchObject({ correct: null, value: 0.568, n: 198 })
    expect(gpqa.low).toBeGreaterThan(publishedScore({ correct: 112, n: 198 }).low)
    expect(gpqa.high).toBeLessThan(publishedScore({ correct: 113, n: 198 }).high)
  })

  test.each([
    { percent: 101, n: 30 },
    { percent: -1, n: 30 },
    { percent: 50, n: 0 },
    { correct: 31, n: 30 },
  ])('%o is refused', (impossible) => {
    expect(() => publishedScore(impossible)).toThrow(RangeError)
  })
})

test('a measured accuracy is within the published interval, above it or below it', () => {
  const aime = publishedScore({ percent: 43.3, n: 30 })
  expect(compareWithPublished(0.3, aime)).toBe('within')
  expect(compareWithPublished(aime.low, aime)).toBe('within')
  expect(compareWithPublished(aime.high, aime)).toBe('within')
  expect(compareWithPublished(0.2, aime)).toBe('below')
  expect(compareWithPublished(0.7, aime)).toBe('above')
})
