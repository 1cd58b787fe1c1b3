import { expect, test } from 'vitest'
import { evaluationLines } from '../../cli/evaluation-lines.ts'
import { evaluationDetails } from '../../core/report/evaluation-details.ts'
import { shortfallsOf } from '../../core/shortfalls.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import { exampleScore } from './example-score.ts'

const score = exampleScore({
  accuracy: wilsonInterval(380, 500),
  undecided: 12,
  unanswered: 5,
  truncated: 25,
  missing: 10,
})

test('each has its count, its n and its interval; what is missing is of all that were asked', () => {
  const shown = shortfallsOf(score).map(({ name, count, n, low, value, high }) => [
    name,
    count,
    n,
    [low, value, high].map((share) => Number(share.toFixed(4))),
  ])
  expect(shown).toEqual([
    ['undecided', 12, 500, [0.0138, 0.024, 0.0415]],
    ['without an answer', 5, 500, [0.0043, 0.01, 0.0232]],
    ['cut off', 25, 500, [0.0341, 0.05, 0.0728]],
    ['repeating', 0, 500, [0, 0, 0.0076]],
    ['missing', 10, 510, [0.0107, 0.0196, 0.0357]],
  ])
})

test('of a score without a sample say nothing', () => {
  const none = exampleScore({ accuracy: wilsonInterval(0, 0), missing: 4 })
  expect(shortfallsOf(none).map(({ value, high }) => [value, high])).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
    [1, 1],
  ])
})

test('stand in the terminal and on the workflow’s page with n and interval', () => {
  expect(evaluationLines([score])[1]).toMatch(
    /12 of 500 undecided: 2\.4% \(1\.4–4\.1%\), 5 of 500 without an answer: 1\.0% \(0\.4–2\.3%\), 25 of 500 cut off: 5\.0% \(3\.4–7\.3%\), 10 of 510 missing: 2\.0% \(1\.1–3\.6%\)$/,
  )
  expect(evaluationDetails([score])).toContain(
    '| 12: 2.4% (1.4–4.1%) | 5: 1.0% (0.4–2.3%) | 25: 5.0% (3.4–7.3%) |',
  )
})
