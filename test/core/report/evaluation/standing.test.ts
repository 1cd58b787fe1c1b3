import { expect, test } from 'vitest'
import { pairOutcome, standingOf } from '../../../../core/report/evaluation/standing.ts'

test.each([
  [{ accepted: 1, undecided: 0, samples: 1 }, 'right'],
  [{ accepted: 0, undecided: 0, samples: 1 }, 'wrong'],
  [{ accepted: 0, undecided: 1, samples: 1 }, 'undecided'],
  [{ accepted: 5, undecided: 0, samples: 8 }, 'right'],
  [{ accepted: 4, undecided: 0, samples: 8 }, 'wrong'],
  [{ accepted: 4, undecided: 1, samples: 8 }, 'undecided'],
  [{ accepted: 3, undecided: 1, samples: 8 }, 'wrong'],
  [{ accepted: 0, undecided: 0, samples: 0 }, null],
])('%o is %s', (attempt, standing) => {
  expect(standingOf(attempt)).toBe(standing)
})

test.each([
  ['right', 'wrong', 'right-wrong'],
  ['wrong', 'wrong', 'wrong-wrong'],
  ['right', 'undecided', 'undecided'],
  [null, 'right', 'undecided'],
] as const)('%s and %s is %s', (first, second, outcome) => {
  expect(pairOutcome(first, second)).toBe(outcome)
})
