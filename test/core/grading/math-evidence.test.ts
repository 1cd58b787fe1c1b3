import { expect, test } from 'vitest'
import { settled } from '../../../core/grading/math-evidence.ts'

test.each([
  ['equal-to-few-digits', 'Round your answer to the nearest cent.', 'equal-when-rounded'],
  ['equal-to-few-digits', 'What is the length?', 'equal-to-few-digits'],
  ['equal-in-other-order', 'List the roots in increasing order.', 'different'],
  ['equal-in-other-order', 'Find a and b, respectively.', 'different'],
  ['equal-in-other-order', 'a, b, c are in increasing order. Find all c.', 'equal-in-other-order'],
  ['equal-in-other-order', 'Find all roots.', 'equal-in-other-order'],
  ['equal-in-other-order', 'For how many ordered pairs? List the sums.', 'equal-in-other-order'],
  ['brackets-differ', 'Give the coordinates of the centre.', 'equal'],
  ['brackets-differ', 'Solve the inequality.', 'brackets-differ'],
  ['base-left-out', 'Write 54 in base 5.', 'equal-but-for-unit'],
  ['different', 'Round to the nearest integer.', 'different'],
] as const)('%s becomes, by %j, %s', (comparison, problem, becomes) => {
  expect(settled(comparison, problem)).toBe(becomes)
})
