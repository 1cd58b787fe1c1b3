import { expect, test } from 'vitest'
import { gradeMath } from '../../../core/grading/math.ts'
import type { AnswerComparison, AnswerPair, MathGrader } from '../../../core/ports/math-grader.ts'

/** Answers every comparison alike, and keeps what it was asked. */
function graderThatSays(comparison: AnswerComparison): MathGrader & { asked: AnswerPair[] } {
  const asked: AnswerPair[] = []
  return {
    asked,
    async compare(pair) {
      asked.push(pair)
      return comparison
    },
    async close() {},
  }
}

const equal = { outcome: 'equal', reason: 'equal' } as const

test('exact rules decide without asking the grader', async () => {
  const grader = graderThatSays(equal)
  const right = await gradeMath({ reference: '\\frac12', response: '\\boxed{0.5}' }, grader)
  const wrong = await gradeMath({ reference: '1', response: '\\boxed{2}' }, grader)
  expect(right).toEqual({
    outcome: 'accepted',
    reason: 'equal',
    tier: 'exact',
    extracted: '0.5',
    legacyOutcome: 'accepted',
  })
  expect(wrong).toMatchObject({ outcome: 'wrong', reason: 'different', tier: 'exact' })
  expect(grader.asked).toEqual([])
})

test.each([
  [equal, 'accepted'],
  [{ outcome: 'different', reason: 'different' }, 'wrong'],
  [{ outcome: 'undecided', reason: 'time-out' }, 'undecided'],
  [{ outcome: 'undecided', reason: 'grader-crashed' }, 'undecided'],
  [{ outcome: 'undecided', reason: 'suspect-reference' }, 'undecided'],
] as const)('what the grader finds (%j) is the verdict: %s', async (comparison, outcome) => {
  const submission = { reference: '\\cot x', response: '\\boxed{$\\dfrac{\\cos x}{\\sin x}$}' }
  const grader = graderThatSays(comparison)
  expect(await gradeMath(submission, grader)).toMatchObject({
    outcome,
    reason: comparison.reason,
    tier: 'math-verify',
  })
  expect(grader.asked).toEqual([{ reference: '\\cot x', answer: '\\frac{\\cos x}{\\sin x}' }])
})

test.each([
  ['5', '5\\text{ quarters}', 'words-differ'],
  ['2\\pi\\text{ cm}', '2\\pi\\text{ cm}^2', 'unit-mismatch'],
  ['7', 'at least \\text{not }7', 'words-differ'],
  ["f'(x)", 'f(x)', 'words-differ'],
  ['5', '5_2', 'words-differ'],
  ['x\\in A', 'A\\in x', 'words-differ'],
  ['\\angle ABC', '\\angle ACB', 'words-differ'],
  ['x<1\\text{ or }x>2', 'x<1\\text{ and }x>2', 'words-differ'],
])(
  'for %j, %j an "equal" that drops a difference does not count',
  async (reference, answer, reason) => {
    const grader = graderThatSays(equal)
    expect(await gradeMath({ reference, response: `\\boxed{${answer}}` }, grader)).toMatchObject({
      outcome: 'undecided',
      reason,
    })
  },
)

test.each([
  ['', '5'],
  ['  ', '5'],
  ['\\text{unclosed', '5'],
  ['$221,$8$', '$221,$8$'],
])(
  'a reference that cannot be read (%j) is suspect, whatever the answer',
  async (reference, answer) => {
    expect(
      await gradeMath({ reference, response: `\\boxed{${answer}}` }, graderThatSays(equal)),
    ).toMatchObject({ outcome: 'undecided', reason: 'suspect-reference' })
  },
)

test('a response without a complete box is wrong, or undecided where the limit cut it', async () => {
  const grader = graderThatSays(equal)
  for (const response of ['it is 5', '\\boxed{5', '<|begin_of_thought|>\\boxed{5}']) {
    const submission = { reference: '5', response }
    expect(await gradeMath(submission, grader)).toMatchObject({
      outcome: 'wrong',
      reason: 'no-answer',
      tier: 'none',
      extracted: null,
    })
    expect(await gradeMath({ ...submission, finishReason: 'length' }, grader)).toMatchObject({
      outcome: 'undecided',
      reason: 'truncated',
    })
  }
})

test('an answer that stands complete before the limit cut the response is judged', async () => {
  const submission = {
    reference: '5',
    response: '\\boxed{5} and so',
    finishReason: 'length',
  } as const
  expect(await gradeMath(submission, graderThatSays(equal))).toMatchObject({ outcome: 'accepted' })
})

test('huge answers are undecided without being compared, unless they are the reference', async () => {
  const grader = graderThatSays(equal)
  const huge = '7'.repeat(1_000_000)
  const other = await gradeMath({ reference: '7', response: `\\boxed{${huge}}` }, grader)
  expect(other).toMatchObject({ outcome: 'undecided', reason: 'too-long' })
  expect(other.extracted?.length).toBe(500)
  expect(await gradeMath({ reference: huge, response: `\\boxed{${huge}}` }, grader)).toMatchObject({
    outcome: 'accepted',
  })
  expect(grader.asked).toEqual([])
})
