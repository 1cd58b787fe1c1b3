import { expect, test } from 'vitest'
import { sameOutput, tokenRule } from '../../../core/grading/code-comparison.ts'

test.each([
  ['6\n', '6\n', true],
  ['6', '6\r\n', true],
  ['6  \n\n', '6', true],
  ['1 2\n3\n', '1 2 \r\n3', true],
  ['1\t2', '1 2', true],
  ['', '\n', true],
  ['7', '6', false],
  ['5 5', '5', false],
  ['3', '03', false],
  ['2\n1', '1\n2', false],
  ['YES', 'Yes', false],
  ['1.0', '1', false],
  ['', '6', false],
  ['6', '', false],
  ['66', '6 6', false],
])('sameOutput(%j, %j) is %j', (output, expected, same) => {
  expect(sameOutput(output, expected, tokenRule)).toBe(same)
})

const near = { kind: 'tolerance', absolute: 1e-6, relative: 1e-6 } as const

test.each([
  ['0.3333333', '0.33333333', near, true],
  ['1000000.5', '1000000', near, true],
  ['1e-7', '0', near, true],
  ['0.3334', '0.3333', near, false],
  ['1000002', '1000000', near, false],
  ['yes 1.0', 'yes 1', near, true],
  ['nan', '1', near, false],
  ['0x1', '1', near, false],
  ['1 2', '1', near, false],
  ['b 1\na 2\n', 'a  2\nb 1', { kind: 'unordered-lines' }, true],
  ['a\na\nb', 'a\nb\nb', { kind: 'unordered-lines' }, false],
  ['2 a', 'a 2', { kind: 'unordered-lines' }, false],
  ['a \n b\r\n', 'a \n b', { kind: 'exact' }, true],
  ['a\n\n', 'a', { kind: 'exact' }, false],
  [' a', 'a', { kind: 'exact' }, false],
] as const)('sameOutput(%j, %j) by %j is %j', (...[output, expected, rule, same]) => {
  expect(sameOutput(output, expected, rule)).toBe(same)
})

test('a long token that only begins like a number is read in linear time', () => {
  expect(sameOutput(`${'1'.repeat(1_000_000)}x`, '1', near)).toBe(false)
})

test('what is no UTF-8 equals no character', () => {
  expect(sameOutput('\udcff', '\ufffd', tokenRule)).toBe(false)
})
