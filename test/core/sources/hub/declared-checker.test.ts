import { expect, test } from 'vitest'
import type { CodeTests } from '../../../../core/problem.ts'
import { withChecker } from '../../../../core/sources/hub/declared-checker.ts'

const printed: CodeTests = { kind: 'stdin', cases: [{ input: '1', output: '1' }] }
const returned: CodeTests = {
  kind: 'call',
  function: 'f',
  cases: [{ arguments: [1], expected: 1 }],
}

test.each([
  ['The absolute or relative error must not be larger than 10^{-6}.', 1e-6, 1e-6],
  ['It is right if its absolute or relative error does not exceed 10^{ - 9}.', 1e-9, 1e-9],
  ['An absolute error of at most $10^{-4}$ is allowed.', 1e-4, 0],
  ['The relative error should be below 1e-5.', 0, 1e-5],
  ['Its error from the true value must be at most 10^{-3}.', 1e-3, 0],
  ['Answers within 10^-5 of the actual value count.', 1e-5, 0],
  ['Print it with an error of at most 0.001.', 1e-3, 0],
])('%j declares a tolerance', (statement, absolute, relative) => {
  const checker = { kind: 'tolerance', absolute, relative }
  expect(withChecker(printed, statement)).toEqual({ ...printed, checker })
  expect(withChecker(returned, statement)).toEqual({ ...returned, checker })
})

test.each([
  'If there are several answers, print any of them.',
  'Output any valid arrangement.',
  'If there are multiple solutions, you may give any.',
  'Print the names in any order.',
])('%j lets several outputs be right, and no checker tells which', (statement) => {
  expect(withChecker(printed, statement)).toEqual({ ...printed, checker: { kind: 'none' } })
})

test('a list that is returned in any order is compared so', () => {
  expect(withChecker(returned, 'Return all of these pairs in any order.')).toEqual({
    ...returned,
    checker: { kind: 'unordered-items' },
  })
})

test.each([
  'Print the number of ways modulo 10^9 + 7.',
  'You may do the moves in any order. Print the least number of moves.',
  'Print -1 if the data has an error. The numbers are up to 10^6.',
  'Is there any string in the list? Print YES or NO.',
])('%j declares nothing', (statement) => {
  expect(withChecker(printed, statement)).toBe(printed)
})
