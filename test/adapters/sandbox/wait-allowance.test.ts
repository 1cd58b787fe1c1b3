import { expect, test } from 'vitest'
import { createWaitAllowance } from '../../../adapters/sandbox/wait-allowance.ts'

test('what a case waited is given to it again, but for the way of any machine', () => {
  const allow = createWaitAllowance(10)
  expect([4_000, 51, 49, 0].map(allow)).toEqual([4_000, 51, 0, 0])
})

test('a case that is kept waiting for ever is given an end', () => {
  const allow = createWaitAllowance(1)
  const given = Array.from({ length: 100 }, () => allow(4_000))
  expect(given.reduce((sum, each) => sum + each)).toBe(60_000)
  expect(given.at(-1)).toBe(0)
})
