import { expect, test } from 'vitest'
import { codeBlocks, extractCode } from '../../../core/grading/code-extraction.ts'

const fence = '```'

test.each([
  ['a Python block', `Here:\n${fence}python\nprint(1)\n${fence}\nDone.`, 'print(1)\n'],
  ['a block without a language', `${fence}\nprint(1)\n${fence}`, 'print(1)\n'],
  ['another spelling', `${fence} Python3\nprint(1)\n${fence}`, 'print(1)\n'],
  ['tildes', '~~~py\nprint(1)\n~~~', 'print(1)\n'],
  ['the last of several', `${fence}python\na\n${fence}\n${fence}python\nb\n${fence}`, 'b\n'],
  ['no sample output after it', `${fence}python\na\n${fence}\n${fence}text\n42\n${fence}`, 'a\n'],
  ['no untagged output after it', `${fence}python\na\n${fence}\n${fence}\n42\n${fence}`, 'a\n'],
  ['Windows line ends', `${fence}python\r\na\r\nb\r\n${fence}\r\n`, 'a\nb\n'],
  [
    'a longer fence around a fence',
    `${fence}\`python\na = '''\n${fence}\n'''\n${fence}\``,
    `a = '''\n${fence}\n'''\n`,
  ],
  [
    'a block in a list',
    `1. So:\n   ${fence}python\n   if a:\n       b()\n   ${fence}`,
    'if a:\n    b()\n',
  ],
])('extractCode takes %s', (_, solution, expected) => {
  expect(extractCode(solution, 'python')).toBe(expected)
})

test.each([
  ['prose', 'The answer is print(1).'],
  ['a block that was cut off', `${fence}python\nprint(1)`],
  ['another language', `${fence}cpp\nint main() {}\n${fence}`],
  ['an empty block', `${fence}python\n\n${fence}`],
])('extractCode finds no program in %s', (_, solution) => {
  expect(extractCode(solution, 'python')).toBeUndefined()
})

test('extractCode takes the block of the problem’s language', () => {
  const text = `${fence}python\na\n${fence}\n${fence}C++\nb\n${fence}\n${fence}\nc\n${fence}`
  expect(extractCode(text, 'cpp')).toBe('b\n')
  expect(extractCode(text, 'python')).toBe('a\n')
})

test.each([
  ['a fence with a long line after it', `${fence}${'a'.repeat(100_000)}\n`],
  ['a long line of backticks', `${fence}a ${'`'.repeat(100_000)}x\n`],
  ['many fences that nothing closes', '~~~a\n'.repeat(20_000)],
])('extractCode reads in linear time: %s', (_, beginning) => {
  const solution = `${beginning}${'b\n'.repeat(500_000)}`
  expect(extractCode(solution, 'python')).toBeUndefined()
})

test('codeBlocks gives every complete block in order, whatever its language', () => {
  const text = `${fence}python\na\n${fence}\n${fence}text\nb\n${fence}\n${fence}python\ncut off`
  expect(codeBlocks(text)).toEqual(['a\n', 'b\n'])
})
