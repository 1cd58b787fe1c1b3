import { describe, expect, test } from 'vitest'
import { askedOf } from '../../core/benchmarks/question.ts'
import { joinSamples, scoredOf, scoreOf } from '../../core/score-samples.ts'
import { EvaluatedSample, Score } from '../../core/score.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import { exampleScore } from './example-score.ts'
import { exampleProblem, exampleResponse, exampleVerdict } from './example-rows.ts'

const problems = [
  exampleProblem({ prompt: 'a' }),
  exampleProblem({ prompt: 'b', domain: 'code' }),
  exampleProblem({ prompt: 'c', domain: 'code' }),
]
const responses = problems.map((problem, at) =>
  exampleResponse(problem, at === 2 ? { finishReason: 'length' } : {}),
)
const verdicts = responses.map((response, at) =>
  exampleVerdict(
    response,
    [
      {},
      { outcome: 'wrong', reason: 'wrong-output' } as const,
      { outcome: 'undecided', reason: 'truncated', tier: 'none', extracted: null } as const,
    ][at],
  ),
)
const questions = problems.flatMap((problem) => {
  const asked = askedOf(problem)
  return asked === undefined ? [] : [{ ...asked, shard: 0 }]
})
const rows = { questions, responses, verdicts }
const { settings } = exampleScore()
const of = {
  model: 'student',
  modelDigest: 'd',
  benchmark: 'held-out',
  title: 'Held out',
  problemsDigest: 'p',
  missing: 0,
  settings,
}
const scoring = { ...of, questions, published: [], seed: 1 }

describe('samples', () => {
  test('are responses with their problem and verdict, whatever the order of the rows', () => {
    const samples = joinSamples({ ...rows, verdicts: verdicts.toReversed() })
    expect(samples.map((sample) => EvaluatedSample.parse(sample))).toEqual(samples)
    expect(
      samples.map(({ prompt, outcome, finishReason }) => [prompt, outcome, finishReason]),
    ).toEqual([
      ['a', 'accepted', 'stop'],
      ['b', 'wrong', 'stop'],
      ['c', 'undecided', 'length'],
    ])
  })

  test.each([
    ['problem', { questions: questions.slice(1) }],
    ['verdict', { verdicts: verdicts.slice(1) }],
  ])('are refused where one has no %s: none is dropped silently', (missing, change) => {
    expect(() => joinSamples({ ...rows, ...change })).toThrow(
      `response ${responses[0]?.id} has no ${missing}`,
    )
  })
})

describe('the score', () => {
  test('counts what is undecided, and not as correct', () => {
    const score = Score.parse(scoreOf(joinSamples(rows).map(scoredOf), scoring))
    expect(score).toMatchObject({
      ...of,
      problems: 3,
      accuracy: wilsonInterval(1, 3),
      byDomain: { code: wilsonInterval(0, 2), math: wilsonInterval(1, 1) },
      undecided: 1,
      truncated: 1,
    })
  })

  test('of no sample says nothing', () => {
    expect(scoreOf([], scoring)).toMatchObject({ accuracy: wilsonInterval(0, 0), byDomain: {} })
  })
})
