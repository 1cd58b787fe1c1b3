import { expect, test } from 'vitest'
import { answerOfReference, withBareAnswerBoxed } from '../../../core/grading/grade-line-answer.ts'

test.each([
  ['42', '42'],
  [' $x = 5$ ', '$x = 5$'],
  ['all real numbers', 'all real numbers'],
  ['The answer is 7', '7'],
  ['Answer: \\[ 9 \\]', '\\[ 9 \\]'],
  ['Therefore $x \\geq 5$ is the solution.', '$x \\geq 5$'],
  ['The sum of both is 55.', '55'],
  ['First we add, then we multiply both sides by two.\n#### 18', '18'],
  [
    `${'We go on and on. '.repeat(40)}\n\nThe final answer is $\\frac{1}{2}$. I hope it is correct.`,
    '$\\frac{1}{2}$.',
  ],
  [`${'We go on and on. '.repeat(40)} Thus the probability that she wins is 2/3.`, '2/3'],
  ['The answer is 5. No, the answer is 6', '6'],
  [
    'The half is \\boxed{200}, the rest 255. Final Answer: The final answer is $1,455$.',
    '$1,455$.',
  ],
  ['We count. Final answer: The train left the station 3 hours ago. I hope it is correct.', '3'],
  ['So we add. Or we do not. So, the pair $(x, y)$ that solves both is $(7, 6)$.', '$(7, 6)$'],
  [`${'We go on. '.repeat(40)} Therefore, there are 12 sequences that meet the conditions.`, '12'],
  ['Final answer: June 20', 'June 20'],
  ['Final answer: Our farmer now has 3 million', 'Our farmer now has 3 million'],
  ['Final answer: It is the cosine of 5', 'It is the cosine of 5'],
])('%j states %j', (response, answer) => {
  expect(withBareAnswerBoxed(response)).toBe(`\\boxed{${answer}}`)
})

test.each([
  [
    'a text that announces nothing',
    'We tried a few numbers, and then some more, but 7 came out once.',
  ],
  ['a text that hedges at its end', `${'We go on. '.repeat(40)} So it may be that x or y is 5.`],
  ['a box', 'The answer is \\boxed{7}'],
  ['a box that ends it', '\\boxed{5}, corrected: the final answer is \\boxed{7}'],
  ['a box, and nothing after it', '\\boxed{12}. Final answer: unknown'],
  ['an open thought', '<think>The answer is 7'],
  ['a trace', '<|begin_of_solution|>\n\nThe answer is 7\n\n<|end_of_solution|>'],
  ['braces that are not balanced', '\\frac{1}{2'],
  ['nothing', ' '],
])('a response with %s is left as it is', (_, response) => {
  expect(withBareAnswerBoxed(response)).toBe(response)
})

test('a reference that is a whole solution stands for the answer in its box', () => {
  expect(answerOfReference('We add: $1+1=\\boxed{2}$.')).toBe('2')
  expect(answerOfReference('2')).toBe('2')
})
