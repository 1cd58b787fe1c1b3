import { expect, test } from 'vitest'
import { readCodeTests } from '../../../../core/sources/hub/code-tests.ts'

function read(tests: unknown, starterCode = '') {
  return readCodeTests({ text: JSON.stringify(tests), starterCode })
}

test('whole programs keep their inputs and outputs as they are', () => {
  expect(read({ inputs: ['1 2\n', '3\n'], outputs: ['3\n', '3'] })).toEqual({
    kind: 'stdin',
    cases: [
      { input: '1 2\n', output: '3\n' },
      { input: '3\n', output: '3' },
    ],
  })
})

test('inputs and outputs that are lists of lines are joined', () => {
  expect(read({ inputs: [['2', '1 2']], outputs: [['3']] })).toEqual({
    kind: 'stdin',
    cases: [{ input: '2\n1 2', output: '3' }],
  })
})

test('a number of any length is printed as it is written', () => {
  const text = '{"inputs": [["1", 12345678901234567890]], "outputs": [98765432109876543210]}'
  expect(readCodeTests({ text, starterCode: '' })).toEqual({
    kind: 'stdin',
    cases: [{ input: '1\n12345678901234567890', output: '98765432109876543210' }],
  })
})

test('a call from LeetCode keeps its expected value, one from Codewars is taken out of its list', () => {
  const leetcode =
    'class Solution:\n    def findKth(self, arr: List[int], k: int) -> int:\n        '
  expect(read({ fn_name: 'findKth', inputs: [[[2, 3], 5]], outputs: [9] }, leetcode)).toEqual({
    kind: 'call',
    function: 'findKth',
    cases: [{ arguments: [[2, 3], 5], expected: 9 }],
  })
  const codewars = 'def is_prime(n):\n\t'
  expect(
    read({ fn_name: 'is_prime', inputs: [[1], [2]], outputs: [[false], [true]] }, codewars),
  ).toEqual({
    kind: 'call',
    function: 'is_prime',
    cases: [
      { arguments: [1], expected: false },
      { arguments: [2], expected: true },
    ],
  })
})

test('a function that returns a list is expected to return one, also of one item', () => {
  const starter = 'class Solution:\n    def pick(self, n: int) -> List[int]:\n        '
  const tests = read({ fn_name: 'pick', inputs: [[1], [2]], outputs: [[1], [2]] }, starter)
  expect(tests).toMatchObject({ cases: [{ expected: [1] }, { expected: [2] }] })
})

const noName = 'tests call no function that can be named'
const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`

test.each([
  { text: '', fault: 'no tests' },
  { text: '{}', fault: 'no tests' },
  { text: '{"inputs": [], "outputs": []}', fault: 'no tests' },
  { text: '{"inputs": ["1"], "outp', fault: 'tests: not JSON' },
  { text: '[1]', fault: 'tests are no object' },
  { text: 'null', fault: 'tests are no object' },
  { text: '{"fn_name": 5, "inputs": [[1]], "outputs": [1]}', fault: noName },
  { text: '{"fn_name": "a b", "inputs": [[1]], "outputs": [1]}', fault: noName },
  { text: '{"fn_name": "__init__", "inputs": [[1]], "outputs": [1]}', fault: noName },
  { text: '{"inputs": "1", "outputs": "1"}', fault: 'tests have no lists of inputs and outputs' },
  {
    text: '{"inputs": ["1", "2"], "outputs": ["1"]}',
    fault: 'tests without as many outputs as inputs',
  },
  { text: '{"inputs": [null], "outputs": ["1"]}', fault: 'a test is no text' },
  { text: '{"inputs": ["1", "2"], "outputs": ["", "\\n"]}', fault: 'tests expect no output' },
  {
    text: '{"fn_name": "f", "inputs": ["1"], "outputs": [1]}',
    fault: 'the arguments of a test are no list',
  },
  {
    text: '{"fn_name": "f", "inputs": [[{"1": 2}]], "outputs": [1]}',
    fault: 'a test has lost the type of its keys',
  },
  {
    text: `{"fn_name": "f", "inputs": [${deep}], "outputs": [1]}`,
    fault: 'tests: lists nested too deep',
  },
])('tests are set aside with the reason: $fault', ({ text, fault }) => {
  expect(readCodeTests({ text, starterCode: '' })).toEqual({ fault })
})

test('a number that a function is called with keeps all its digits', () => {
  const long = '9'.repeat(400)
  const text = `{"fn_name": "f", "inputs": [[${long}, 2.0]], "outputs": [1e300]}`
  const tests = readCodeTests({ text, starterCode: '' })
  expect(JSON.stringify(tests)).toContain(`"arguments":[${long},2.0],"expected":1e300`)
})

test('starter code is kept where it names the classes of LeetCode', () => {
  const starterCode = 'class Solution:\n    def f(self, head: Optional[ListNode]) -> int:\n'
  expect(read({ fn_name: 'f', inputs: [[[1]]], outputs: [1] }, starterCode)).toMatchObject({
    starterCode,
  })
})
