import { afterAll, describe, expect, test } from 'vitest'
import { parseExactJson } from '../../../core/exact-json.ts'
import type { SandboxJob } from '../../../core/ports/code-sandbox.ts'
import { CodeTests } from '../../../core/problem.ts'
import { called, onlyRun, sandbox, verdictOn } from './sandbox-under-test.ts'

afterAll(() => sandbox.close())

/** A job whose cases are JSON text: every number as it is written. */
function calledExactly(code: string, text: string, more: object = {}): SandboxJob {
  const tests = CodeTests.parse({
    kind: 'call',
    function: 'f',
    cases: parseExactJson(text),
    ...more,
  })
  return { ...called(code), tests }
}

const accepted = { reason: 'all-tests-passed' }

describe('the values of a call', () => {
  test('keep every digit, to the function and back', async () => {
    const code = 'def f(n): return n * 10 + 1'
    const text = '[{"arguments": [123456789012345678901], "expected": 1234567890123456789011}]'
    expect(await verdictOn(calledExactly(code, text))).toMatchObject(accepted)
    const other = text.replace('9011', '9012')
    expect(await verdictOn(calledExactly(code, other))).toMatchObject({ reason: 'wrong-output' })
  })

  test('may have more digits than Python prints by itself', async () => {
    const code = 'def f(n): return len(str(10 ** n))'
    expect(await verdictOn(called(code, [{ arguments: [9999], expected: 10_000 }]))).toMatchObject(
      accepted,
    )
  })

  test('are fractions where they are written so', async () => {
    const text =
      '[{"arguments": [2.0, 2, true, null, "2"], "expected": "float int bool NoneType str"}]'
    const code = 'def f(*values): return " ".join(type(each).__name__ for each in values)'
    expect(await verdictOn(calledExactly(code, text))).toMatchObject(accepted)
  })

  test.each([
    ['a tuple is a list', 'return (1, [2], (3,))', [1, [2], [3]], accepted],
    ['True is 1', 'return [True, 1]', [1, true], accepted],
    ['1.0 is 1', 'return 1.0', 1, accepted],
    ['None is null', 'return None', null, accepted],
    ['a set is no list', 'return {1}', [1], { reason: 'wrong-output' }],
    ['text is no number', 'return "1"', 1, { reason: 'wrong-output' }],
    ['nan equals nothing', 'return float("nan")', 0, { reason: 'wrong-output' }],
    ['a dictionary has its keys as text', 'return {1: "a"}', { '1': 'a' }, accepted],
  ])('%s', async (...[, body, expected, verdict]) => {
    const job = called(`def f(): ${body}`, [{ arguments: [], expected }])
    expect(await verdictOn(job)).toMatchObject(verdict)
  })

  test('in place: what the tests name is compared after the call', async () => {
    const code = 'def f(rows):\n  rows.reverse()'
    const text = '[{"arguments": [[1, 2, 3]], "expected": [3, 2, 1]}]'
    const job = calledExactly(code, text, { changedArgument: 0 })
    expect(await verdictOn(job)).toMatchObject(accepted)
    expect(await verdictOn(calledExactly(code, text))).toMatchObject({ reason: 'wrong-output' })
  })
})

describe('the function that is called', () => {
  test.each([
    [
      'has a constructor beside it',
      'class Solution:\n  def __init__(self): self.k = 2\n  def f(self, n): return n * self.k',
    ],
    ['is static', 'class Solution:\n  @staticmethod\n  def f(n): return 2 * n'],
    [
      'calls another of its class',
      'class Solution:\n  def f(self, n): return self.g(n)\n  def g(self, n): return 2 * n',
    ],
    ['is remembered', '@lru_cache(None)\ndef f(n): return 2 * n'],
    ['is a lambda', 'f = lambda n: 2 * n'],
    [
      'begins with its starter code',
      'from typing import *\nclass Solution:\n    def f(self, n: int) -> int:\n        return 2 * n',
    ],
  ])('%s', async (_, code) => {
    const cases = [3, 0].map((n) => ({ arguments: [n], expected: 2 * n }))
    expect(await verdictOn(called(code, cases))).toMatchObject(accepted)
  })
})

function verdictOnGcd(code: string) {
  const cases = [{ arguments: [4, 6], expected: 2 }]
  const tests = CodeTests.parse({ kind: 'call', function: 'gcd', cases })
  return verdictOn({ ...called(code), tests })
}

describe('a function of a library that has the name of the one that is called', () => {
  test('does not stand in for it', async () => {
    expect(await verdictOnGcd('def f(a, b): return 0')).toMatchObject({
      reason: 'missing-function',
    })
  })

  test.each([
    ['by a method of that name', 'class Solution:\n  def gcd(self, a, b): return gcd(a, b)'],
    ['by a program that imports it', 'from math import gcd'],
  ])('may be used %s', async (_, code) => {
    expect(await verdictOnGcd(code)).toMatchObject(accepted)
  })
})

describe('linked lists and trees of LeetCode', () => {
  const reverse = `
  def f(self, head: Optional[ListNode]) -> Optional[ListNode]:
    back = None
    while head: head.next, back, head = back, head, head.next
    return back`
  const lists = [
    { arguments: [[1, 2, 3]], expected: [3, 2, 1] },
    { arguments: [[]], expected: [] },
  ]
  const invert = `
  def f(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
    if root: root.left, root.right = self.f(root.right), self.f(root.left)
    return root`
  const trees = [
    { arguments: [[1, 2, 3, null, 4]], expected: [1, 3, 2, null, null, 4] },
    { arguments: [[]], expected: [] },
  ]
  const own = 'class ListNode:\n  def __init__(self, x):\n    self.val = x\n    self.next = None\n'

  test.each([
    ['a list', `class Solution:${reverse}`, lists],
    ['a list of a class of its own', `${own}class Solution:${reverse}`, lists],
    ['a tree', `class Solution:${invert}`, trees],
    [
      'several lists',
      'class Solution:\n  def f(self, lists: List[Optional[ListNode]]) -> int:\n    return sum(each.val for each in lists if each)',
      [{ arguments: [[[1, 9], [], [2]]], expected: 3 }],
    ],
  ])('are built and written back: %s', async (_, code, cases) => {
    expect(await verdictOn(called(code, cases))).toMatchObject(accepted)
  })

  test('are known by the starter code where a program names no types', async () => {
    const code = 'class Solution:\n  def f(self, head):\n    return head.next'
    const starterCode =
      'class Solution:\n    def f(self, head: Optional[ListNode]) -> Optional[ListNode]:\n        '
    const cases = '[{"arguments": [[1, 2]], "expected": [2]}, {"arguments": [[1]], "expected": []}]'
    expect(await verdictOn(calledExactly(code, cases, { starterCode }))).toMatchObject(accepted)
  })

  test('are empty lists where there are none: in a list, and in an argument', async () => {
    const split =
      'class Solution:\n  def f(self, head: Optional[ListNode]) -> List[Optional[ListNode]]:\n    return [head, None]'
    const parts = [{ arguments: [[1]], expected: [[1], []] }]
    expect(await verdictOn(called(split, parts))).toMatchObject(accepted)
    const flatten = 'def f(root: Optional[TreeNode]) -> None: pass'
    const cases = '[{"arguments": [[]], "expected": []}]'
    const job = calledExactly(flatten, cases, { changedArgument: 0 })
    expect(await verdictOn(job)).toMatchObject(accepted)
  })

  test('that run in a circle are no value', async () => {
    const code = 'def f(head: ListNode) -> ListNode:\n  head.next = head\n  return head'
    const run = await onlyRun({ ...called(code, [{ arguments: [[1]], expected: [1] }]), limits })
    expect(run).toMatchObject({ end: 'finished', output: '' })
  })
})

const limits = { cpuSeconds: 5, memoryMiB: 512, outputKiB: 64 }
