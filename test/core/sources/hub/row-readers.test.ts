import { describe, expect, test } from 'vitest'
import { readOne } from './example-source.ts'

const appsRow = {
  id: 1,
  question: 'Add the numbers.',
  input_output: '{"inputs": ["1 2\\n"], "outputs": ["3\\n"]}',
  starter_code: '',
  difficulty: 'interview',
}

describe('apps and taco', () => {
  test('ask for a program and carry its tests', async () => {
    expect(await readOne({ name: 'apps' }, appsRow)).toMatchObject({
      prompt: expect.stringContaining('Add the numbers.\n\nWrite a Python program that reads'),
      reference: { kind: 'tests', tests: { kind: 'stdin' } },
      category: 'interview',
    })
  })

  test('show the code that a called function begins with', async () => {
    const starter_code = 'def add(a, b):\n\t'
    const input_output = '{"fn_name": "add", "inputs": [[1, 2]], "outputs": [[3]]}'
    const row = { ...appsRow, starter_code, input_output, difficulty: 'MEDIUM', picture_num: '2' }
    expect(await readOne({ name: 'taco' }, row)).toMatchObject({
      prompt: expect.stringContaining('```python\ndef add(a, b):\n```'),
      category: 'medium',
    })
  })

  test('set aside rows without tests or statement', async () => {
    expect(await readOne({ name: 'apps' }, { ...appsRow, input_output: '' })).toBe('no tests')
    expect(await readOne({ name: 'apps' }, { ...appsRow, input_output: null })).toBe(
      'input_output: empty',
    )
    expect(await readOne({ name: 'apps' }, { ...appsRow, question: '  ' })).toMatch(/^question: /)
  })
})

test('numina-math takes the boxed answer, and sets proofs aside', async () => {
  const row = { source: 'olympiads', problem: 'Add.', solution: 'So $\\boxed{\\frac{1}{2}}$.' }
  expect(await readOne({ name: 'numina-math' }, row)).toMatchObject({
    reference: { kind: 'answer', answer: '\\frac{1}{2}' },
    category: 'olympiads',
  })
  expect(await readOne({ name: 'numina-math' }, { ...row, solution: 'By induction.' })).toBe(
    'no boxed answer in the solution',
  )
})

describe('still-2', () => {
  const trace =
    '<|begin_of_thought|>\n\nOne.\n\nTwo.\n\n<|end_of_thought|>\n\n<|begin_of_solution|>Three.<|end_of_solution|>'

  test('keeps the response as it is, in our spacing, and tells the domain', async () => {
    const row = { question: 'What?', combined_text: trace, domain: 'puzzle' }
    expect(await readOne({ name: 'still-2' }, row)).toMatchObject({
      domain: 'puzzle',
      category: 'puzzle',
      reference: {
        kind: 'trace',
        trace:
          '<|begin_of_thought|>\n\nOne.\n\nTwo.\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\nThree.\n\n<|end_of_solution|>',
      },
    })
    const physics = { ...row, domain: 'physics' }
    expect(await readOne({ name: 'still-2' }, physics)).toMatchObject({ domain: 'science' })
  })

  test.each([
    ['no tags at all', 'the response has not all four tags'],
    [`${trace} and more`, 'the response has text outside its sections'],
    [trace.replace('Three.', ''), 'the solution of the response is empty'],
    [`${trace}${trace}`, 'the response repeats a tag'],
    ['', 'combined_text: empty'],
  ])('sets a response aside that is no trace: %.30s', async (combined_text, reason) => {
    const row = { question: 'What?', combined_text, domain: 'biology' }
    expect(await readOne({ name: 'still-2' }, row)).toBe(reason)
  })
})

test('the evaluation sets of mathematics carry their answers', async () => {
  const math500 = { problem: 'Add.', answer: '3', subject: 'Number Theory', level: 4 }
  expect(await readOne({ name: 'math500' }, math500)).toMatchObject({
    reference: { answer: '3' },
    category: 'number_theory',
    difficulty: 4,
  })
  expect(await readOne({ name: 'math500' }, { ...math500, level: null })).toBe('level: empty')
  expect(
    await readOne({ name: 'aime25' }, { problem: 'Add.', answer: '70', id: '0' }),
  ).toMatchObject({
    reference: { answer: '70' },
    category: 'aime',
  })
  expect(await readOne({ name: 'aime24' }, { problem: 'Add.', answer: '025' })).toMatchObject({
    reference: { answer: '025' },
    category: 'aime',
  })
  expect(await readOne({ name: 'aime24' }, { problem: 'Add.', answer: null })).toBe('answer: empty')
})

describe('livecodebench', () => {
  const row = {
    question_content: 'Double it.',
    difficulty: 'hard',
    starter_code: '',
    public_test_cases: '[{"input": "1", "output": "2", "testtype": "stdin"}]',
    private_test_cases: '[{"input": "2", "output": "4", "testtype": "stdin"}]',
    metadata: '{}',
  }

  test('joins public and hidden tests', async () => {
    expect(await readOne({ name: 'livecodebench' }, row)).toMatchObject({
      reference: { tests: { cases: [{ input: '1' }, { input: '2', output: '4' }] } },
      category: 'livecodebench-hard',
    })
  })

  test('unpacks hidden tests that Python has pickled and compressed', async () => {
    // base64(zlib(pickle.dumps('[{"input": "[1, 2]\n3", "output": "6"}]'))), as Python 3.12 makes it
    const packed = 'eJxrYJmqzQABPerR1UqZeQWlJUpWCkrRhjoKRrExecZKOgpK+aUlUGEzpdrYKXoAX1YN9Q=='
    const metadata = '{"func_name": "sum"}'
    const calling = { ...row, public_test_cases: '[]', private_test_cases: packed, metadata }
    const problem = await readOne({ name: 'livecodebench' }, calling)
    expect(problem).toMatchObject({
      reference: { tests: { function: 'sum', cases: [{ arguments: [[1, 2], 3], expected: 6 }] } },
    })
  })

  test.each([
    [{ private_test_cases: 'not base64 at all!' }, 'tests are not readable'],
    [{ private_test_cases: 'AAAA' }, 'tests are not readable'],
    [{ metadata: 'no JSON' }, 'metadata is not JSON'],
    [{ public_test_cases: '[]', private_test_cases: '[]' }, 'no tests'],
    [
      { metadata: '{"func_name": "f"}', public_test_cases: '[{"input": "x", "output": "2"}]' },
      'tests: not JSON',
    ],
  ])('sets aside what it cannot read: %j', async (changes, reason) => {
    expect(await readOne({ name: 'livecodebench' }, { ...row, ...changes })).toBe(reason)
  })
})

describe('columns', () => {
  const base = { name: 'columns', prompt: 'q', difficulty: 'level', category: 'kind' } as const
  const row = { q: 'What?', level: 3, kind: 'easy' }

  test.each([
    ['whole', ' 42 ', '42'],
    ['whole', 42, '42'],
    ['boxed', 'thus \\boxed{42}', '42'],
    ['after-hashes', 'thus\n#### 42', '42'],
  ] as const)('reads an answer of the form %s', async (form, a, answer) => {
    const reference = { kind: 'answer', column: 'a', form } as const
    expect(await readOne({ ...base, reference }, { ...row, a })).toMatchObject({
      prompt: 'What?',
      reference: { kind: 'answer', answer },
      difficulty: 3,
      category: 'easy',
    })
  })

  test.each([
    ['letter', '(b)', 'B'],
    ['index', 2, 'C'],
  ] as const)('reads a choice by its %s', async (form, a, letter) => {
    const reference = { kind: 'choice', column: 'a', form } as const
    expect(await readOne({ ...base, reference }, { ...row, a })).toMatchObject({
      reference: { kind: 'choice', letter },
    })
  })

  test('reads tests', async () => {
    const reference = { kind: 'tests', column: 'a', starterCode: null } as const
    const a = '{"inputs": ["1"], "outputs": ["2"]}'
    expect(await readOne({ ...base, reference }, { ...row, a })).toMatchObject({
      reference: { kind: 'tests' },
    })
  })

  test.each([
    [{ a: null }, 'a: empty'],
    [{ a: 'no hashes' }, 'a: no answer of the form after-hashes'],
    [{ a: '#### 1', q: '' }, 'q: empty'],
    [{ a: '#### 1', level: 11 }, 'level: no number from 1 to 10'],
  ])('sets a row aside without what it needs: %j', async (changes, reason) => {
    const reference = { kind: 'answer', column: 'a', form: 'after-hashes' } as const
    expect(await readOne({ ...base, reference }, { ...row, ...changes })).toBe(reason)
  })
})
