import { expect, test } from 'vitest'
import { collectProblems } from '../../../../core/report/evaluation/collect-problems.ts'
import { indexProblems, paginate } from '../../../../core/report/evaluation/paginate.ts'
import type { EvaluatedSample } from '../../../../core/score.ts'

test('samples of a problem come together by model and index, however they are read', () => {
  const collection = collectProblems({ gated: false })
  collection.add('b', [sample({ index: 1 }), sample({ problemId: 'two' })])
  collection.add('a', [sample({ index: 0, outcome: 'wrong' })])
  collection.add('b', [sample({ index: 0, outcome: 'undecided' })])
  const problems = collection.problems()
  expect(problems.map(({ problemId }) => problemId)).toEqual(['one', 'two'])
  expect(problems[0]?.samples['b']?.map(({ verdict }) => verdict.index)).toEqual([0, 1])
  const of = { benchmark: 'x', title: 'X', gated: false, models: ['a', 'b'] }
  const { pages } = indexProblems(of, paginate(problems))
  expect(pages[0]?.map(({ attempts }) => attempts)).toEqual([
    [
      { accepted: 0, undecided: 0, samples: 1 },
      { accepted: 1, undecided: 1, samples: 2 },
    ],
    [null, { accepted: 1, undecided: 0, samples: 1 }],
  ])
})

test('of a gated benchmark no text is kept', () => {
  const collection = collectProblems({ gated: true })
  const rule = { outcome: 'wrong', reason: 'different', tier: 'choice' } as const
  const judged = { verdict: 'equal', reason: 'secret', said: 'secret', rule } as const
  collection.add('m', [
    sample({
      prompt: 'secret',
      text: 'secret',
      extracted: 'secret',
      judged: { ...judged, request: 'a'.repeat(64) },
    }),
  ])
  expect(JSON.stringify(collection.problems())).not.toContain('secret')
})

test('a long text is shown by its beginning and its end, and what is left out is counted', () => {
  const collection = collectProblems({ gated: false })
  collection.add('m', [sample({ text: `start${'x'.repeat(100_000)}end` })])
  const text = collection.problems()[0]?.samples['m']?.[0]?.text
  expect(text?.head.startsWith('startx')).toBe(true)
  expect(text?.tail.endsWith('xend')).toBe(true)
  expect((text?.head.length ?? 0) + (text?.omitted ?? 0) + (text?.tail.length ?? 0)).toBe(100_008)
})

test('a page holds 50 problems, and fewer where they are long; none is lost', () => {
  const collection = collectProblems({ gated: false })
  const ids = Array.from({ length: 130 }, (_, at) => `problem ${at}`)
  collection.add(
    'm',
    ids.map((problemId) => sample({ problemId })),
  )
  expect(paginate(collection.problems()).map(({ length }) => length)).toEqual([50, 50, 30])
  const long = Array.from({ length: 64 }, (_, index) => ({ index, text: 'x'.repeat(50_000) }))
  collection.add(
    'm',
    ids.slice(0, 60).flatMap((problemId) => long.map((each) => sample({ problemId, ...each }))),
  )
  const pages = paginate(collection.problems())
  expect(pages.flat().map(({ problemId }) => problemId)).toEqual(ids)
  for (const page of pages) {
    expect(page.length === 1 || JSON.stringify(page).length < 4_000_000).toBe(true)
  }
})

function sample(change: Partial<EvaluatedSample>): EvaluatedSample {
  return {
    traceId: `trace of ${change.index ?? 0}`,
    problemId: 'one',
    index: 0,
    outcome: 'accepted',
    reason: 'equal',
    tier: 'exact',
    profile: 'strict',
    profileVersion: 3,
    extracted: '4',
    legacyOutcome: 'accepted',
    source: 'sums',
    domain: 'math',
    category: 'sums',
    prompt: 'What is 2 + 2?',
    text: 'It is 4.',
    finishReason: 'stop',
    completionTokens: 9,
    repeating: false,
    ...change,
  }
}
