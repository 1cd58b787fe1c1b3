import { expect, test } from 'vitest'
import { outcomeLengths } from '../../../../core/report/evaluation/outcome-lengths.ts'

const of = { model: 'm', benchmark: 'b', seed: 1 }
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 90, 91, 127, 128, 129, 181, 182, 32_768]

function sampled(problemId: string, tokens: readonly number[]) {
  return tokens.map((completionTokens) => ({
    problemId,
    outcome: 'wrong' as const,
    completionTokens,
  }))
}

test('bins touch each other and hold every sample once, whatever its length', () => {
  const samples = lengths.map((completionTokens, at) => ({
    problemId: String(at),
    outcome: 'wrong' as const,
    completionTokens,
  }))
  const { bins } = outcomeLengths(of, samples)
  for (const [at, { from, to, wrong }] of bins.entries()) {
    expect(from).toBe(at === 0 ? 0 : bins[at - 1]?.to)
    expect(wrong).toBe(lengths.filter((tokens) => tokens >= from && tokens < to).length)
  }
  expect(bins.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(lengths.length)
})

test('the right and the wrong are told apart; an undecided one is in neither spread', () => {
  const measured = outcomeLengths(of, [
    ...[100, 200, 300].map((completionTokens) => ({
      problemId: String(completionTokens),
      outcome: 'accepted' as const,
      completionTokens,
    })),
    { problemId: 'hard', outcome: 'undecided', completionTokens: 5000 },
  ])
  const { mean: ofAccepted, ...spread } = measured.accepted ?? { mean: null }
  expect(spread).toEqual({ n: 3, problems: 3, p5: 110, p50: 200, p95: 290 })
  expect(ofAccepted?.value).toBe(200)
  expect(measured.all).toMatchObject({ n: 4, problems: 4, mean: { value: 1400 } })
  expect(measured.wrong).toBeNull()
  expect(measured.bins.reduce((sum, { undecided }) => sum + undecided, 0)).toBe(1)
})

test('a mean has the interval of its problems, which weigh the same however many samples they have', () => {
  const many = ['a', 'b', 'c', 'd'].flatMap((id, at) => sampled(id, [100 * at, 100 * at]))
  const { wrong } = outcomeLengths(of, [...many, ...sampled('a', [0, 0, 0])])
  expect(wrong).toMatchObject({ n: 11, problems: 4, mean: { value: 150 } })
  const { low, high } = wrong?.mean.interval ?? { low: 0, high: 0 }
  expect([low >= 0, low < 100, high > 200, high <= 300]).toEqual([true, true, true, true])
  expect(outcomeLengths(of, sampled('a', [5, 7])).wrong?.mean).toEqual({ value: 6, interval: null })
})

test('of no samples there is no bin', () => {
  expect(outcomeLengths(of, [])).toMatchObject({ bins: [], all: null })
})
