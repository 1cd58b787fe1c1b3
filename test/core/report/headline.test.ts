import { expect, test } from 'vitest'
import { headlineOf } from '../../../core/report/headline.ts'
import type { Score } from '../../../core/score.ts'
import { exampleScore } from '../example-score.ts'
import { wilsonInterval } from '../../../core/statistics/wilson-interval.ts'

test.each([
  {
    before: 1,
    after: 153,
    change: 'rose',
    sentence:
      'The student learned: accuracy on held-out rose from 0.4% (n=240) to 63.8% (n=240); the 95% intervals do not overlap.',
  },
  {
    before: 153,
    after: 1,
    change: 'fell',
    sentence:
      'The student got worse: accuracy on held-out fell from 63.8% (n=240) to 0.4% (n=240); the 95% intervals do not overlap.',
  },
  {
    before: 10,
    after: 14,
    change: 'unclear',
    sentence:
      'No change is shown: accuracy on held-out went from 4.2% (n=240) to 5.8% (n=240); the 95% intervals overlap.',
  },
])('$before, then $after correct of 240: $change', ({ before, after, change, sentence }) => {
  const headline = headlineOf([score('base', before), score('student', after)])
  expect(headline).toMatchObject({ change, sentence })
})

test.each([
  [[], 'either model'],
  [[score('base', 3)], 'the student'],
  [[score('student', 3)], 'the base model'],
  [[score('base', 3), { ...score('student', 0), accuracy: wilsonInterval(0, 0) }], 'the student'],
])('gives no verdict without both scores (%#)', (scores, missing) => {
  const headline = headlineOf(scores)
  expect(headline.change).toBe('unknown')
  expect(headline.sentence).toBe(`No verdict: this run has no score of ${missing}.`)
})

test('speaks of the first benchmark only', () => {
  const other = { ...score('student', 240), benchmark: 'math500' }
  expect(headlineOf([score('base', 1), other, score('student', 2)]).student?.correct).toBe(2)
})

function score(model: Score['model'], correct: number): Score {
  return exampleScore({ model, accuracy: wilsonInterval(correct, 240) })
}
