import { expect, test } from 'vitest'
import { boxedAnswer, solutionSection } from '../../../core/grading/answer-extraction.ts'
import { formatTrace } from '../../../core/trace.ts'

test.each([
  ['the answer is \\boxed{42}.', '42'],
  ['\\boxed{1} was wrong, so \\boxed{2}', '2'],
  ['\\boxed{\\frac{1}{2}}', '\\frac{1}{2}'],
  ['\\boxed{ \\{1, 2\\} }', '\\{1, 2\\}'],
  ['\\fbox{7}', '7'],
  ['\\boxed {7}', '7'],
  ['an outer box wins: \\boxed{x = \\boxed{3}}', 'x = \\boxed{3}'],
  ['\\boxed{5}. I put it in \\boxed{}.', '5'],
  ['cut off \\boxed{\\frac{1}{2', undefined],
  ['\\boxed{1}, or rather \\boxed{2', undefined],
  ['no box, 42', undefined],
  ['boxed{42}', undefined],
  ['', undefined],
])('boxedAnswer(%j) is %j', (solution, answer) => {
  expect(boxedAnswer(solution)).toBe(answer)
})

test.each([
  ['\\boxed{1} and \\boxed{2}', '1, 2'],
  ['$\\boxed{1}$, $\\boxed{2}$, and $\\boxed{3}$', '1, 2, 3'],
  ['\\[ \\boxed{(1, 2)} \\quad \\text{and} \\quad \\boxed{(3, 4)} \\]', '(1, 2), (3, 4)'],
  ['either \\boxed{6} or \\boxed{8}', '6, 8'],
  ['\\boxed{5}, \\boxed{5}', '5'],
  ['\\boxed{5}\n\n**Answer** \\boxed{6}', '6'],
  ['\\boxed{1}\\,\\boxed{2}', '2'],
  ['buy \\boxed{3} pens and \\boxed{2} books', '3, 2'],
  ['\\boxed{3} is too small, and so \\boxed{5}', '5'],
])('joined boxes are one answer: boxedAnswer(%j) is %j', (solution, answer) => {
  expect(boxedAnswer(solution)).toBe(answer)
})

test.each([
  [formatTrace({ thought: 'maybe \\boxed{1}', solution: 'so \\boxed{2}' }), 'so \\boxed{2}'],
  ['<|begin_of_thought|> t <|end_of_thought|>\nx', 'x'],
  ['<|begin_of_thought|> still thinking of \\boxed{1}', ''],
  ['<|begin_of_solution|> x <|end_of_solution|> (or \\boxed{3})', 'x'],
  ['<|begin_of_solution|> cut off', 'cut off'],
  ['<think>\\boxed{1}</think> \\boxed{2}', '\\boxed{2}'],
  ['thinking without a tag \\boxed{1}</think>', ''],
  ['<think> still thinking', ''],
  ['plain text \\boxed{4}', 'plain text \\boxed{4}'],
])('the thought never counts: solutionSection(%j) is %j', (response, solution) => {
  expect(solutionSection(response)).toBe(solution)
})

test('a megabyte of unclosed boxes is read in linear time', () => {
  expect(boxedAnswer('\\boxed{'.repeat(150_000))).toBeUndefined()
  expect(boxedAnswer('\\boxed{1} and '.repeat(70_000))).toBe('1')
})
