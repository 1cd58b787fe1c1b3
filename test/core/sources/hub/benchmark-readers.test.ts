import { describe, expect, test } from 'vitest'
import { gradeMath } from '../../../../core/grading/math.ts'
import type { MathGrader } from '../../../../core/ports/math-grader.ts'
import type { HubRow } from '../../../../core/sources/hub/row-reader.ts'
import type { RowReaderName } from '../../../../core/sources/hub/row-reader-names.ts'
import { readOne } from './example-source.ts'

const gpqaRow = (n: number) => ({
  Question: `What is ${n}?`,
  'Correct Answer': 'right',
  'Incorrect Answer 1': 'wrong 1',
  'Incorrect Answer 2': 'wrong 2',
  'Incorrect Answer 3': 'wrong 3',
  'High-level domain': 'Physics',
})

const mmluProRow = (n: number) => ({
  question: `What is ${n}?`,
  options: ['wrong 1', 'wrong 2', 'wrong 3', 'right', 'wrong 5'],
  answer: 'D',
  category: 'computer science',
})

async function choiceOf(name: RowReaderName, row: HubRow, seed?: number) {
  const problem = await readOne({ name }, row, seed)
  if (typeof problem !== 'object' || problem.reference.kind !== 'choice') throw new Error('none')
  return { prompt: problem.prompt, letter: problem.reference.letter, category: problem.category }
}

describe.each([
  { name: 'gpqa-diamond', rowOf: gpqaRow, letters: ['A', 'B', 'C', 'D'], category: 'physics' },
  {
    name: 'mmlu-pro',
    rowOf: mmluProRow,
    letters: ['A', 'B', 'C', 'D', 'E'],
    category: 'computer_science',
  },
] as const)('$name', ({ name, rowOf, letters, category }) => {
  test('lists its options by letter, the right one in every place', async () => {
    const counts = new Map<string, number>()
    for (let n = 0; n < 80; n++) {
      const choice = await choiceOf(name, rowOf(n))
      expect(choice.prompt).toContain(`What is ${n}?\n\nA. `)
      expect(choice.prompt).toContain(`\n${choice.letter}. right`)
      expect(choice.category).toBe(category)
      counts.set(choice.letter, (counts.get(choice.letter) ?? 0) + 1)
    }
    expect([...counts.keys()].toSorted()).toEqual(letters)
    expect(Math.max(...counts.values())).toBeLessThan(40)
  })

  test('keeps the order of a seed, and has another for another seed', async () => {
    const prompts = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const choices = Array.from({ length: 8 }, (_, n) => choiceOf(name, rowOf(n), seed))
        return (await Promise.all(choices)).map(({ prompt }) => prompt)
      }),
    )
    expect(prompts[1]).toEqual(prompts[0])
    expect(prompts[2]).not.toEqual(prompts[0])
  })
})

test('the order of the options does not follow from which is right', async () => {
  const asGiven = await choiceOf('mmlu-pro', mmluProRow(1))
  const otherRight = await choiceOf('mmlu-pro', { ...mmluProRow(1), answer: 'A' })
  const otherOrder = await choiceOf('mmlu-pro', {
    ...mmluProRow(1),
    options: mmluProRow(1).options.toReversed(),
    answer: 'B',
  })
  expect(otherRight.prompt).toBe(asGiven.prompt)
  expect(otherOrder).toEqual(asGiven)
})

test.each(['Both A and B', 'All of the above', '(A) or (C)', 'Neither B nor C', 'Options A, B'])(
  'mmlu-pro leaves options in their order where one names others: %s',
  async (other) => {
    const options = ['first', 'second', 'third', other]
    for (const seed of [1, 2, 3]) {
      const row = { ...mmluProRow(1), options, answer: 'D' }
      const { prompt, letter } = await choiceOf('mmlu-pro', row, seed)
      expect(prompt).toBe(`What is 1?\n\nA. first\nB. second\nC. third\nD. ${other}`)
      expect(letter).toBe('D')
    }
  },
)

test('options with words and units that look like letters are shuffled all the same', async () => {
  const options = ['5 A', 'a cat and a dog', 'vitamin C', 'I, the people', 'answer to nothing']
  const row = { ...mmluProRow(1), options, answer: 'A' }
  const prompts = [1, 2, 3, 4].map(async (seed) => (await choiceOf('mmlu-pro', row, seed)).prompt)
  expect(new Set(await Promise.all(prompts)).size).toBeGreaterThan(1)
})

test.each([
  ['gpqa-diamond', { ...gpqaRow(1), 'Incorrect Answer 2': 'right' }, 'two options are the same'],
  [
    'mmlu-pro',
    { ...mmluProRow(1), options: ['right', 'wrong', 'wrong 2', 'right'] },
    'two options are the same',
  ],
  ['mmlu-pro', { ...mmluProRow(1), answer: 'J' }, 'no right option'],
  ['mmlu-pro', { ...mmluProRow(1), options: null }, 'options: empty'],
] as const)(
  '%s sets a row aside of which no single option is right: %j',
  async (name, row, reason) => {
    expect(await readOne({ name }, row)).toBe(reason)
  },
)

describe('olympiadbench', () => {
  const row = {
    question: 'Find all.',
    context: null,
    final_answer: ['$\\frac{1}{2}$'],
    is_multiple_answer: false,
    unit: null,
    error: null,
    subfield: 'Number Theory',
  }
  const read = (changes: HubRow) => readOne({ name: 'olympiadbench' }, { ...row, ...changes })

  test('carries the question, its answer and its field', async () => {
    expect(await read({})).toMatchObject({
      prompt: 'Find all.',
      reference: { kind: 'answer', answer: '$\\frac{1}{2}$' },
      category: 'number_theory',
    })
  })

  test.each([[['$-1$, $1$']], [['$-1$', '$1$']]])(
    'asks for all of several answers, and judges them in any order: %j',
    async (final_answer) => {
      const problem = await read({ final_answer, is_multiple_answer: true })
      if (typeof problem !== 'object') throw new Error('none')
      const { prompt, reference } = problem
      expect(prompt).toBe('Find all.\n\nThere are several answers: give all of them.')
      if (reference.kind !== 'answer') throw new Error('no answer')
      const judged = (response: string) =>
        gradeMath({ reference: reference.answer, problem: prompt, response }, undecided)
      expect(await judged('\\boxed{1, -1}')).toMatchObject({ outcome: 'accepted' })
      expect(await judged('\\boxed{1}')).toMatchObject({ outcome: 'wrong' })
    },
  )

  test('asks for a unit, and says first what several questions share', async () => {
    expect(await read({ unit: 'cm', context: 'Let $n$ be even.' })).toMatchObject({
      prompt:
        'Let $n$ be even.\n\nFind all.\n\nGive the answer in this unit, without writing it: cm',
    })
  })

  test.each([
    [{ error: '1e-2' }, 'its answer is right within a tolerance'],
    [{ error: 0.01 }, 'its answer is right within a tolerance'],
    [{ final_answer: null }, 'final_answer: empty'],
    [{ question: '' }, 'question: empty'],
  ])('sets a row aside that it cannot judge: %j', async (changes, reason) => {
    expect(await read(changes)).toBe(reason)
  })
})

/** Is asked of nothing that rules decide. */
const undecided: MathGrader = {
  compare: () => Promise.reject(new Error('the rules left it undecided')),
  close: () => Promise.resolve(),
}
