import { expect, test } from 'vitest'
import type { RecordedFile } from '../../../../core/sources/recorded/formats.ts'
import { readEntries } from '../../../../core/sources/recorded/read-entries.ts'

const skythought = {
  model: 'Qwen2.5-32B-Instruct',
  prompt_style: 'still2_sys_zero',
  benchmark: 'MATH500',
  problem: 'What is $1+1$?',
  answer: '2',
  unique_id: 'test/prealgebra/1.json',
  response: '<|begin_of_thought|>…',
  correctness: true,
  reason: '',
  completion_tokens: 10,
  prompt_tokens: 20,
  a_column_nobody_reads: null,
}

const mip = {
  model: 'QwQ-32B',
  benchmark: 'GSM8K subset',
  problem: 'How many?',
  gold: '3',
  response: 'Let me see.\n</think>\n\\boxed{3}',
  label: null,
  eval_result: null,
}

const stdin = {
  type: 'stdin',
  question_content: 'Echo the line.',
  difficulty: 'easy',
  starter_code: '',
  several_valid_outputs: false,
  tests: [{ input: 'a\n', output: 'a\n', origin: 'statement sample' }],
  solutions: [
    {
      model: 'o1-mini-2024-09-12',
      raw_output: '```python\nprint(input())\n```',
      graded_by_lcb: false,
      lcb_error: 'Wrong Answer',
      label: 'wrong-not-shown-by-included-tests',
      verdict_on_included_tests: 'AC',
    },
  ],
}

const call = {
  ...stdin,
  type: 'functional',
  question_content: 'Add the numbers.',
  starter_code: 'class Solution:\n    def add(self, a: int, b: int) -> int:\n        ',
  fn_name: 'add',
  tests: [{ input: '[1, 2]', output: '3' }],
}

async function* linesOf(rows: readonly unknown[]) {
  for (const row of rows) yield typeof row === 'string' ? row : JSON.stringify(row)
}

function read(file: RecordedFile, ...rows: readonly unknown[]) {
  return readEntries(file, linesOf(rows))
}

test('a row becomes a question with its reference and the recorded output', async () => {
  const { entries, rejected } = await read('skythought_qwen32b_results', skythought)
  expect(rejected).toEqual([])
  expect(entries).toMatchObject([
    {
      row: 0,
      benchmark: 'MATH500',
      category: 'prealgebra',
      prompt: 'What is $1+1$?',
      reference: { kind: 'answer', answer: '2' },
      recordings: [
        {
          model: 'Qwen2.5-32B-Instruct',
          finishReason: 'stop',
          usage: { promptTokens: 20, completionTokens: 10 },
          label: { correct: true, reason: 'Solution is correct.' },
        },
      ],
    },
  ])
})

test('an output that filled the context ends with `length`', async () => {
  const long = { ...skythought, prompt_tokens: 768, completion_tokens: 32_001 }
  const { entries } = await read('skythought_qwen32b_results', long)
  expect(entries[0]?.recordings[0]?.finishReason).toBe('length')
})

test('of several prompt styles one goes by the name of the model, the others by their own, too', async () => {
  const other = { ...skythought, prompt_style: 'sys_one_short', response: 'another' }
  const { entries, rejected } = await read('skythought_qwen32b_results', other, skythought)
  expect(entries.flatMap(({ recordings }) => recordings.map(({ model }) => model))).toEqual([
    'Qwen2.5-32B-Instruct/sys_one_short',
    'Qwen2.5-32B-Instruct',
  ])
  expect(rejected).toEqual([])
})

test('a second recording of one model on one problem is set aside', async () => {
  const again = { ...skythought, problem: 'what is  $1+1$? ' }
  const { entries, rejected } = await read('skythought_qwen32b_results', skythought, again)
  expect(entries).toHaveLength(1)
  expect(rejected).toEqual([
    {
      file: 'skythought_qwen32b_results',
      row: 1,
      reason: 'an earlier row records the same model and problem',
    },
  ])
})

test('malformed rows are named and set aside, and never stop the rest', async () => {
  const { answer: _, ...unanswered } = skythought
  const { entries, rejected } = await read(
    'skythought_qwen32b_results',
    '{"cut',
    unanswered,
    { ...skythought, benchmark: 'GPQA' },
    '',
    skythought,
  )
  expect(entries.map(({ row }) => row)).toEqual([4])
  expect(rejected.map(({ row, reason }) => [row, reason.split(':')[0]])).toEqual([
    [0, 'is not JSON'],
    [1, 'answer'],
    [2, 'benchmark'],
    [3, 'is not JSON'],
  ])
})

test('an output that nobody judged has no label', async () => {
  const { entries } = await read('mip_reasoning_outputs', mip)
  expect(entries[0]).toMatchObject({ benchmark: 'GSM8K', category: 'gsm8k' })
  expect(entries[0]?.recordings[0]).toMatchObject({ label: null, usage: null })
})

test('a model recorded in the trace format elsewhere goes by another name', async () => {
  const { entries } = await read('mip_reasoning_outputs', { ...mip, model: 'Qwen2.5-32B-Instruct' })
  expect(entries[0]?.recordings[0]?.model).toBe('Qwen2.5-32B-Instruct/missing-premise')
})

test('an answer of the Sky-T1 authors is judged against what the benchmark itself says', async () => {
  const skyt1 = {
    model: 'Sky-T1-math-correct-5K-27B',
    benchmark: 'amc23',
    problem: 'How many miles?',
    gold: '27',
    answer_raw: 27,
    response: 'so \\boxed{27}',
    pred: '27',
    label: true,
  }
  const olympiad = {
    ...skyt1,
    benchmark: 'olympiadbench',
    problem: 'Find all.',
    gold: '69,84',
    answer_raw: null,
    gold_raw: ['$69$', '$84$'],
    label: false,
    pred: '',
  }
  const unanswered = { ...olympiad, problem: 'None.', gold_raw: undefined }
  const { entries, rejected } = await read('skyt1_outputs', skyt1, olympiad, unanswered)
  expect(entries.map(({ benchmark, reference }) => [benchmark, reference])).toEqual([
    ['AMC23', { kind: 'answer', answer: '27' }],
    ['OlympiadBench', { kind: 'answer', answer: '$69$, $84$' }],
  ])
  expect(entries[1]?.recordings[0]?.label).toEqual({
    correct: false,
    reason: "Qwen2.5-Math's grader took no answer, and said wrong",
  })
  expect(rejected).toEqual([
    { file: 'skyt1_outputs', row: 2, reason: 'holds no answer to judge against' },
  ])
})

test('a stdin problem keeps its tests as they are', async () => {
  const { entries } = await read('lcb_code_outputs', stdin)
  expect(entries[0]?.reference).toEqual({
    kind: 'tests',
    tests: { kind: 'stdin', cases: [{ input: 'a\n', output: 'a\n' }] },
  })
  expect(entries[0]?.recordings[0]?.label).toEqual({
    correct: false,
    reason: 'wrong-not-shown-by-included-tests · AC on the included tests · Wrong Answer',
  })
})

test('a functional problem calls its function with JSON arguments, and shows the starter code', async () => {
  const { entries } = await read('lcb_code_outputs', call)
  expect(entries[0]?.reference).toEqual({
    kind: 'tests',
    tests: { kind: 'call', function: 'add', cases: [{ arguments: [1, 2], expected: 3 }] },
  })
  expect(entries[0]?.prompt).toContain('def add(self, a: int, b: int) -> int:\n```')
})

test.each([
  ['arguments that are no list', { tests: [{ input: '7', output: '3' }] }, /^tests\.0\.input: /],
  [
    'text that is no JSON',
    { tests: [{ input: '[1]', output: '3,' }] },
    /^tests\.0\.output: is not JSON$/,
  ],
  [
    'an integer that would be rounded',
    { tests: [{ input: '[1]', output: '[9007199254740993]' }] },
    /too large to be read exactly/,
  ],
  ['no function', { fn_name: null }, /^fn_name: /],
  ['no test', { tests: [] }, /^tests: /],
  ['a flag for several outputs', { several_valid_outputs: true }, /^several outputs are valid/],
  [
    'a statement that accepts any of several outputs',
    { question_content: 'If there are several, print any of them.' },
    /^several outputs are valid/,
  ],
  [
    'a tolerance',
    { question_content: 'The absolute error from the true value is at most 1e-5.' },
    /^several outputs are valid/,
  ],
  [
    'a result in any order',
    { question_content: 'Return the indices in any order.' },
    /^several outputs are valid/,
  ],
])('a functional problem with %s is set aside', async (_, columns, reason) => {
  const { entries, rejected } = await read('lcb_code_outputs', { ...call, ...columns })
  expect(entries).toEqual([])
  expect(rejected[0]?.reason).toMatch(reason)
})

test('"in any order" about the input says nothing about the output', async () => {
  const free = { ...call, question_content: 'You may apply the operations in any order.' }
  expect((await read('lcb_code_outputs', free)).entries).toHaveLength(1)
})
