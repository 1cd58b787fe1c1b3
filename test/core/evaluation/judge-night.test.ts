import { describe, expect, test } from 'vitest'
import { judgeNight } from '../../../core/evaluation/judge-night.ts'
import type { NightOutcomes } from '../../../core/evaluation/night-outcomes.ts'
import type { ProblemOutcomes } from '../../../core/statistics/problem-outcomes.ts'
import { drawNight, judgeEach, judgeLast, settings } from './simulated-nights.ts'

const goodNights = [1, 2, 3].map((seed) => drawNight(seed, 0.8))

describe('a night against the earlier ones', () => {
  test('is steady where nothing changed, with the figures that say so', () => {
    const verdict = judgeLast([...goodNights, drawNight(4, 0.8)])
    expect(verdict).toMatchObject({ kind: 'steady', level: 0.01 })
    if (verdict.kind === 'undecided') throw new Error(verdict.explanation)
    expect(verdict.interval.low).toBeLessThan(verdict.difference)
    expect(verdict.interval.high).toBeGreaterThan(verdict.difference)
    expect(verdict.p).toBeGreaterThan(0.01)
    // Three standard errors of 400 samples against 1,200.
    expect(verdict.smallestDetectable).toBeCloseTo(0.073, 1)
  })

  test('is a drop, or a rise, where the model is far worse, or better', () => {
    expect(judgeLast([...goodNights, drawNight(4, 0.65)])).toMatchObject({ kind: 'drop' })
    expect(judgeLast([...goodNights, drawNight(4, 0.95)])).toMatchObject({ kind: 'rise' })
  })

  test('is steady where the drop is significant but below what would be found reliably', () => {
    const verdicts = Array.from({ length: 30 }, (_, at) =>
      judgeLast([...goodNights, drawNight(100 + at, 0.75)]),
    ).filter((verdict) => verdict.kind !== 'undecided')
    const trifles = verdicts.filter(
      ({ p, difference, smallestDetectable }) => p <= 0.01 && -difference <= smallestDetectable,
    )
    expect(trifles.length).toBeGreaterThan(0)
    expect(trifles.every(({ kind }) => kind === 'steady')).toBe(true)
  })

  test('gets the same verdict again, whatever came between', () => {
    const nights = [...goodNights, drawNight(4, 0.75)]
    expect(judgeLast(nights)).toEqual(judgeLast(nights))
  })
})

describe('the yardstick', () => {
  test('does not hold nights that were reported as drops, so that a lasting drop stays one', () => {
    const bad = Array.from({ length: 10 }, (_, at) => drawNight(20 + at, 0.6))
    const kinds = judgeEach([...goodNights, ...bad]).map(({ kind }) => kind)
    expect(kinds.slice(3)).toEqual(bad.map(() => 'drop'))
  })

  test('outlives a first bad night that nothing was known to be compared with', () => {
    // The bad night is pooled with the good ones after it.
    const nights = [drawNight(30, 0.6), ...goodNights, drawNight(5, 0.8), drawNight(6, 0.6)]
    expect(judgeLast(nights)).toMatchObject({ kind: 'drop' })
  })

  test('is the last nights of the window, not older ones', () => {
    const older = Array.from({ length: 7 }, (_, at) => drawNight(40 + at, 0.95))
    const newer = Array.from({ length: 7 }, (_, at) => drawNight(50 + at, 0.7))
    const earlier = [...older, ...newer].map((night) => ({
      ...night,
      verdict: { kind: 'undecided', reason: 'no-baseline', explanation: '', level: 0.01 } as const,
    }))
    const [verdict] = judgeNight([{ tonight: drawNight(60, 0.7), earlier }], settings)
    expect(verdict).toMatchObject({ kind: 'steady' })
    expect(() =>
      judgeNight([{ tonight: drawNight(60, 0.7), earlier }], { ...settings, window: 0 }),
    ).toThrow('window is 0: pool one earlier night or more')
  })
})

describe('a night is undecided', () => {
  test('with no earlier night, yet later nights are measured by it', () => {
    const [first, second] = judgeEach(goodNights)
    expect(first).toEqual({
      kind: 'undecided',
      reason: 'no-baseline',
      explanation: 'there is no earlier good night to compare with',
      level: 0.01,
    })
    expect(second).toMatchObject({ kind: 'steady' })
  })

  test('where more than a tenth of problems lack more than half of their samples', () => {
    const verdict = judgeLast([...goodNights, without(drawNight(4, 0.8), { samples: 3, of: 11 })])
    expect(verdict).toMatchObject({
      kind: 'undecided',
      reason: 'missing-samples',
      explanation:
        'tonight 89 of 100 problems have half of their samples or more, and 90 % are needed',
    })
  })

  test('and is then no yardstick, not even as the first night', () => {
    const short = without(drawNight(4, 0.5), { samples: 4, of: 50 })
    const verdicts = judgeEach([short, ...goodNights, short, drawNight(5, 0.8)])
    expect(verdicts.map((each) => ('reason' in each ? each.reason : each.kind))).toEqual([
      'missing-samples',
      'no-baseline',
      'steady',
      'steady',
      'missing-samples',
      'steady',
    ])
  })

  test('but not where half of the samples are left, or a tenth of the problems is gone', () => {
    const halved = without(drawNight(4, 0.8), { samples: 2, of: 100 })
    expect(judgeLast([...goodNights, halved])).toMatchObject({ kind: 'steady' })
    const fewer = without(drawNight(4, 0.8), { samples: 4, of: 10 })
    expect(judgeLast([...goodNights, fewer])).toMatchObject({ kind: 'steady' })
  })

  test('where the problems are others, until the new ones have a night', () => {
    const others = [7, 8].map((seed) => ({ ...drawNight(seed, 0.5), problemsDigest: 'second-set' }))
    const [first, second] = judgeEach([...goodNights, ...others]).slice(3)
    expect(first).toMatchObject({
      kind: 'undecided',
      reason: 'other-problems',
      explanation: 'the 3 earlier good nights had other problems',
    })
    expect(second).toMatchObject({ kind: 'steady' })
  })

  test('and a digest that lies about the problems is refused, naming one that is missing', () => {
    const [night] = goodNights
    const lacking = { ...drawNight(4, 0.8), problems: drawNight(4, 0.8).problems.slice(1) }
    expect(() => judgeLast([night ?? lacking, lacking])).toThrow('problem-0 missing after')
    expect(() => judgeLast([{ ...lacking, problems: [] }])).toThrow('0 problems are no benchmark')
  })

  test('where tonight and the earlier night lack too many problems between them', () => {
    const [night = drawNight(1, 0.8)] = goodNights
    const earlier = without(night, { samples: 4, of: 10 })
    const tonight = { ...earlier, problems: drawNight(2, 0.8).problems.map(emptyFromNinety) }
    expect(judgeLast([earlier, tonight])).toMatchObject({
      reason: 'missing-samples',
      explanation: expect.stringMatching(/^tonight and earlier 80 of 100 problems/),
    })
  })
})

test("over several benchmarks each verdict is held to Holm's correction, undecided ones not counted", () => {
  const earlier = judgeEach(goodNights).map((verdict, at) => ({
    ...(goodNights[at] ?? drawNight(at, 0.8)),
    verdict,
  }))
  const falling = { tonight: drawNight(4, 0.7), earlier }
  const steady = { tonight: drawNight(5, 0.8), earlier }
  const first = { tonight: drawNight(6, 0.8), earlier: [] }
  const p = (night: typeof falling, among: readonly (typeof falling)[]) => {
    const verdict = judgeNight(among, settings)[among.indexOf(night)]
    return verdict === undefined || verdict.kind === 'undecided' ? NaN : verdict.p
  }
  const alone = p(falling, [falling])
  expect(p(falling, [falling, steady])).toBeCloseTo(2 * alone, 12)
  expect(p(falling, [falling, first])).toBe(alone)
  expect(judgeNight([first, falling, steady], settings).map(({ kind }) => kind)).toEqual([
    'undecided',
    'drop',
    'steady',
  ])
})

/** The night without so many samples of so many of its problems. */
function without(
  night: NightOutcomes,
  { samples, of }: { readonly samples: number; readonly of: number },
): NightOutcomes {
  return {
    ...night,
    problems: night.problems.map(({ problemId, outcomes }, at) => ({
      problemId,
      outcomes: at < of ? outcomes.slice(samples) : outcomes,
    })),
  }
}

function emptyFromNinety(problem: ProblemOutcomes, at: number): ProblemOutcomes {
  return at < 90 ? problem : { ...problem, outcomes: [] }
}
