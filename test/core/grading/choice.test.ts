import { expect, test } from 'vitest'
import { gradeChoice, legacyChoiceOutcome } from '../../../core/grading/choice.ts'

test.each([
  ['\\boxed{B}', 'B'],
  ['\\boxed{(B)}', 'B'],
  ['\\boxed{\\text{(B)}}', 'B'],
  ['\\boxed{\\textbf{B}}', 'B'],
  ['\\boxed{b}', 'B'],
  ['\\boxed{\\textbf{(D)}\\ 12}', 'D'],
  ['\\boxed{B) Paris}', 'B'],
  ['\\boxed{Option B}', 'B'],
  ['\\boxed{[B]}', 'B'],
  ['\\boxed{\\text{(B)}~12}', 'B'],
  ['The answer is (b).', 'B'],
  ['The answer is B, A is too small.', 'B'],
  ['A looks right, but the answer is \\boxed{C}.', 'C'],
  ['The correct answer is (D).', 'D'],
  ['The correct answer is **C**.', 'C'],
  ['Answer: B', 'B'],
  ['**Answer:** B', 'B'],
  ['**Final Answer: (A)**', 'A'],
  ['The answer is A.', 'A'],
  ['The answer is option B, a mammal.', 'B'],
  ['The answer is A because nothing else fits.', 'A'],
  ['B is correct. Or maybe C is correct.', 'C'],
  ['So (D) is the correct one, a bird.', 'D'],
  ['We compare the options.\n\n**B**', 'B'],
  ['First A, then B.\n(C)\n', 'C'],
  ['The answer is A. No: the answer is E.', 'E'],
])('%j chooses %s', (response, letter) => {
  expect(gradeChoice({ letter, response })).toMatchObject({
    outcome: 'accepted',
    reason: 'equal',
    tier: 'choice',
    extracted: letter,
  })
})

test.each([
  ['This is a mammal.'],
  ['the answer is a prime number'],
  ['The answer is A prime number.'],
  ['Answer: A triangle has three sides.'],
  ['Option A is tempting and B as well.'],
  ['Vitamin C and hepatitis B were discussed.'],
  ['\\boxed{42}'],
  ['\\boxed{A or B}'],
  ['The answer is B. \\boxed{B, C}'],
  ['Answer: B or C'],
  ['The answer is (B) and (C).'],
  ['The answer is not B.'],
  ['Answer: B, C.'],
  ['\\boxed{'],
  [''],
])('%j chooses no letter', (response) => {
  for (const letter of ['A', 'B', 'C', 'D']) {
    expect(gradeChoice({ letter, response })).toMatchObject({
      outcome: 'wrong',
      reason: 'no-answer',
      extracted: null,
    })
  }
})

test('a letter other than the reference is wrong', () => {
  expect(gradeChoice({ letter: 'A', response: '\\boxed{B}' })).toMatchObject({
    outcome: 'wrong',
    reason: 'different',
  })
})

test('a letter inside the thought does not count, and a cut-off response is undecided', () => {
  const response = '<|begin_of_thought|> the answer is B.'
  expect(gradeChoice({ letter: 'B', response }).reason).toBe('no-answer')
  expect(gradeChoice({ letter: 'B', response, finishReason: 'length' })).toMatchObject({
    outcome: 'undecided',
    reason: 'truncated',
  })
})

test.each([
  ['the answer is \\boxed{B}', 'B', 'accepted'],
  ['\\boxed{B} is a fine choice', 'A', 'accepted'],
  ['\\boxed{B} is a fine choice', 'B', 'wrong'],
  ['\\boxed{E}', 'E', 'wrong'],
  ['no letter', 'A', 'wrong'],
  ['E.', 'E', 'accepted'],
])('the published rule says of %j for %s: %s', (response, letter, outcome) => {
  expect(legacyChoiceOutcome(response, letter)).toBe(outcome)
})
