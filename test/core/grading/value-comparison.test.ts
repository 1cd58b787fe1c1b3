import { expect, test } from 'vitest'
import { parseExactJson } from '../../../core/exact-json.ts'
import { equalityRule, sameValue } from '../../../core/grading/value-comparison.ts'

/** A value with its numbers as they are written. */
const exact = parseExactJson

test.each([
  ['6', 6, true],
  ['6.0', 6, true],
  ['[1, [2, "a"], null]', [1, [2, 'a'], null], true],
  ['{"b": 1, "a": [2]}', { a: [2], b: 1 }, true],
  ['true', true, true],
  ['1', true, true],
  ['0.30000000000000004', 0.3, true],
  ['-0.0', 0, true],
  ['1e300', 1e300, true],
  ['7', 6, false],
  ['1000000001', 1000000000, false],
  ['0.3001', 0.3, false],
  ['[1, 2]', [2, 1], false],
  ['[1]', [1, 1], false],
  ['{"a": 1}', { a: 1, b: 2 }, false],
  ['{"a": 1, "b": 2}', { a: 1 }, false],
  ['"6"', 6, false],
  ['null', 0, false],
  ['[]', {}, false],
  ['NaN', 0, false],
  ['Infinity', 1e308, false],
  ['', null, false],
  ['{"__proto__": 1}', {}, false],
  ['9007199254740993', exact('9007199254740993'), true],
  ['9007199254740992', exact('9007199254740993'), false],
  ['1180591620717411303424', exact('1180591620717411303424'), true],
  ['1180591620717411303425', exact('1180591620717411303424'), false],
  ['1e18', exact('1000000000000000001'), false],
  ['1e+22', exact('1.0000000000000002e22'), true],
  ['2', exact('2.0'), true],
  ['[2.0, 1]', [exact('2.0'), true], true],
  ['1e-300', 1e-10, false],
  ['1e-17', 0, true],
  ['1000000007.0000001', 1000000007, true],
  ['1000000007.5', 1000000007, false],
  ['1000000007', 1000000007.5, false],
  ['[1000000000000.5]', exact('[1000000000000.0]'), false],
])('sameValue(%j, %j) is %j', (returned, expected, same) => {
  expect(sameValue(returned, expected, equalityRule)).toBe(same)
})

test('a value that is nested without end equals nothing', () => {
  const returned = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  expect(sameValue(returned, [[]], { kind: 'unordered-items' })).toBe(false)
})

const near = { kind: 'tolerance', absolute: 1e-5, relative: 0 } as const
const anyOrder = { kind: 'unordered-items' } as const

test.each([
  ['[0.300001, "a"]', [0.3, 'a'], near, true],
  ['0.3001', 0.3, near, false],
  ['0.30000000000000004', 0.3, { kind: 'exact' }, false],
  ['0.3', 0.3, { kind: 'exact' }, true],
  ['[[2, 1], [1]]', [[1], [2, 1]], anyOrder, true],
  ['[[1, 2], [1]]', [[1], [2, 1]], anyOrder, false],
  ['[2.0, true, 1]', [1, 1, 2], anyOrder, true],
  ['[1, 1, 2]', [1, 2, 2], anyOrder, false],
  ['"ab"', 'ba', anyOrder, false],
] as const)('sameValue(%j, %j) by %j is %j', (...[returned, expected, rule, same]) => {
  expect(sameValue(returned, expected, rule)).toBe(same)
})
