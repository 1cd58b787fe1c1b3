import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SchemaElement } from 'hyparquet'
import { exampleBenchmarks } from './example-benchmarks.ts'
import { commitFile } from './repositories.ts'
import { csvText, jsonLines, parquetBytes, type TableRow } from './table-bytes.ts'

/** Files of a data set by their paths. */
type DataSet = Readonly<Record<string, string | Uint8Array>>

const rowGroupSize = 4

/**
 * Writes small data sets under the names, in the files and in the columns of the published sources
 * and benchmarks, so that a Hub of ours can serve a whole recipe. Their content is made up:
 * sums, and programs that add. `commits` names the commit of a data set.
 */
export async function writeExampleSets(options: {
  readonly directory: string
  /** Rows of each split. */
  readonly rows: number
  readonly commits: Readonly<Record<string, string>>
}): Promise<void> {
  for (const [name, files] of Object.entries(exampleSets(options.rows))) {
    const folder = join(options.directory, 'datasets', name)
    const commit = options.commits[name]
    const named = commit === undefined ? files : { ...files, [commitFile]: commit }
    for (const [path, content] of Object.entries(named)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
  }
}

function exampleSets(count: number): Readonly<Record<string, DataSet>> {
  const numbers = (start: number) => Array.from({ length: count }, (_, at) => start + at)
  return {
    ...exampleBenchmarks(count),
    'codeparrot/apps': {
      'train.jsonl': jsonLines(numbers(1000).map(appsRow)),
      'test.jsonl': jsonLines(numbers(2000).map(appsRow)),
    },
    'BAAI/TACO': {
      'ALL/train-00000-of-00002.parquet': strings(tacoColumns, numbers(3000).map(tacoRow)),
      'ALL/train-00001-of-00002.parquet': strings(tacoColumns, numbers(4000).map(tacoRow)),
      'ALL/test-00000-of-00001.parquet': strings(tacoColumns, numbers(5000).map(tacoRow)),
      'train/data-00000-of-00001.arrow': 'another form of the same rows',
    },
    'AI-MO/NuminaMath-CoT': {
      'data/train-00000-of-00002.parquet': numina(numbers(6000).map(numinaRow)),
      'data/train-00001-of-00002.parquet': numina(numbers(7000).map(numinaRow)),
      'data/test-00000-of-00001.parquet': numina(numbers(8000).map(numinaRow)),
    },
    'NovaSky-AI/labeled_numina_difficulty_859K': {
      'data/train-00000-of-00001.parquet': labels([...numbers(6000), ...numbers(7000)]),
    },
    'RUC-AIBOX/long_form_thought_data_5k': {
      'data/train-00000-of-00001.parquet': strings(
        ['question', 'combined_text', 'domain'],
        numbers(9000).map(still2Row),
      ),
    },
    'HuggingFaceH4/MATH-500': { 'test.jsonl': jsonLines(numbers(10_000).map(math500Row)) },
    'HuggingFaceH4/aime_2024': { 'data/train-00000-of-00001.parquet': aime(numbers(11_000)) },
    'livecodebench/code_generation_lite': {
      'test.jsonl': jsonLines(numbers(12_000).map(livecodebenchRow)),
      'test2.jsonl': jsonLines(numbers(13_000).map(livecodebenchRow)),
    },
    'Idavidrein/gpqa': {
      'gpqa_main.csv': csvText(gpqaColumns, numbers(14_000).map(gpqaRow)),
      'gpqa_diamond.csv': csvText(gpqaColumns, numbers(15_000).map(gpqaRow)),
    },
  }
}

/** A row of APPS: whole programs, and a function to call in every third. */
function appsRow(n: number): TableRow {
  return {
    id: n,
    question: `Add ${n} to the number that is given, and say what comes out of it.`,
    solutions: JSON.stringify([`print(int(input()) + ${n})`]),
    input_output: testsOf(n),
    difficulty: ['introductory', 'interview', 'competition'][n % 3],
    url: `https://example.org/${n}`,
    starter_code: n % 3 === 0 ? `def add(x):\n\t` : '',
  }
}

function testsOf(n: number): string {
  const cases = [1, 2, 30]
  return JSON.stringify(
    n % 3 === 0
      ? { fn_name: 'add', inputs: cases.map((x) => [x]), outputs: cases.map((x) => [x + n]) }
      : { inputs: cases.map((x) => `${x}\n`), outputs: cases.map((x) => `${x + n}\n`) },
  )
}

const tacoColumns = [
  'question',
  'solutions',
  'starter_code',
  'input_output',
  'difficulty',
  'raw_tags',
  'name',
  'source',
  'tags',
  'skill_types',
  'url',
  'Expected Auxiliary Space',
  'time_limit',
  'date',
  'picture_num',
  'memory_limit',
  'Expected Time Complexity',
]

function tacoRow(n: number): TableRow {
  const { question, solutions, starter_code, input_output, url } = appsRow(n)
  return {
    question: `${String(question)} Mind that it is task ${n} of its contest.`,
    solutions,
    starter_code,
    input_output,
    difficulty: ['EASY', 'MEDIUM', 'MEDIUM_HARD', 'HARD', 'VERY_HARD'][n % 5],
    raw_tags: '[]',
    source: 'codeforces',
    tags: '[]',
    skill_types: '[]',
    url,
    picture_num: n % 7 === 0 ? '1' : '0',
  }
}

/** Every fifth is a proof, which boxes nothing. */
function numinaRow(n: number): TableRow {
  const problem = `What is the sum of ${n} and ${n + 1}, given that both are whole numbers?`
  const solution =
    n % 5 === 0
      ? 'We prove it by induction.'
      : `It is ${n} + ${n + 1}, which is $\\boxed{${2 * n + 1}}$.`
  return {
    source: ['math', 'amc_aime', 'olympiads', 'orca_math'][n % 4],
    problem,
    solution,
    messages: [
      { content: problem, role: 'user' },
      { content: solution, role: 'assistant' },
    ],
  }
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const

function numina(rows: readonly TableRow[]): Uint8Array {
  const names = ['source', 'problem', 'solution', 'messages']
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: names.length },
    ...names.slice(0, 3).map((name) => ({ name, ...text })),
    { name: 'messages', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
    { name: 'content', ...text },
    { name: 'role', ...text },
  ]
  return parquetBytes({ rows, columns: names.map((name) => ({ name })), schema, rowGroupSize })
}

function labels(numbers: readonly number[]): Uint8Array {
  return parquetBytes({
    rows: numbers.map((n) => {
      const { problem, solution, source } = numinaRow(n)
      const rating = n % 11 === 0 ? -1 : 1 + (n % 10) // not every reply of the rater was readable
      return {
        problem,
        solution,
        source,
        gpt_difficulty: `${rating}`,
        gpt_difficulty_parsed: rating,
      }
    }),
    columns: [
      ...['problem', 'solution', 'source', 'gpt_difficulty'].map((name) => ({
        name,
        type: 'STRING' as const,
      })),
      { name: 'gpt_difficulty_parsed', type: 'DOUBLE' },
    ],
    rowGroupSize,
  })
}

function still2Row(n: number): TableRow {
  const thought = `I add ${n} and 4.\n\nThat is ${n + 4}.`
  const solution = `The answer is ${n + 4}.`
  return {
    question: `A body of ${n} units receives four more. How many has it?`,
    combined_text: `<|begin_of_thought|>\n\n${thought}\n\n<|end_of_thought|>\n\n<|begin_of_solution|>${solution}<|end_of_solution|>`,
    domain: ['puzzle', 'physics', 'chemistry', 'biology', 'math', 'code'][n % 6],
  }
}

function math500Row(n: number): TableRow {
  return {
    problem: `Compute the square of ${n} and subtract one from what you get.`,
    solution: `It is $\\boxed{${n * n - 1}}$.`,
    answer: String(n * n - 1),
    subject: ['Algebra', 'Number Theory'][n % 2],
    level: 1 + (n % 5),
    unique_id: `test/algebra/${n}.json`,
  }
}

function aime(numbers: readonly number[]): Uint8Array {
  return parquetBytes({
    rows: numbers.map((n) => ({
      id: BigInt(n),
      problem: `Find the remainder when ${n} times seven is divided by one thousand.`,
      solution: `It is ${(7 * n) % 1000}.`,
      answer: String((7 * n) % 1000).padStart(3, '0'),
      url: `https://example.org/2024_AIME_I_Problems/${n}`,
      year: '2024',
    })),
    columns: [
      { name: 'id', type: 'INT64' },
      ...['problem', 'solution', 'answer', 'url', 'year'].map((name) => ({
        name,
        type: 'STRING' as const,
      })),
    ],
    rowGroupSize,
  })
}

function livecodebenchRow(n: number): TableRow {
  const isCall = n % 2 === 0
  const testtype = isCall ? 'functional' : 'stdin'
  const cases = [3, 5].map((x) => ({ input: String(x), output: String(x * n), testtype }))
  return {
    question_title: `times ${n}`,
    question_content: `Multiply what you are given by ${n} and give back the product.`,
    platform: isCall ? 'leetcode' : 'atcoder',
    question_id: String(n),
    contest_id: 'contest',
    contest_date: '2023-08-01T00:00:00',
    starter_code: isCall ? 'class Solution:\n    def times(self, x: int) -> int:\n        ' : '',
    difficulty: ['easy', 'medium', 'hard'][n % 3],
    public_test_cases: JSON.stringify(cases.slice(0, 1)),
    private_test_cases: JSON.stringify(cases.slice(1)),
    metadata: JSON.stringify(isCall ? { func_name: 'times' } : {}),
  }
}

const gpqaColumns = [
  'Question',
  'Correct Answer',
  'Incorrect Answer 1',
  'Incorrect Answer 2',
  'Incorrect Answer 3',
  'High-level domain',
  'Subdomain',
  'Record ID',
]

function gpqaRow(n: number): Record<string, string | number> {
  return {
    Question: `A sample holds ${n} particles, "as counted".\nHow many are left when one is taken away?`,
    'Correct Answer': n - 1,
    'Incorrect Answer 1': n,
    'Incorrect Answer 2': n + 1,
    'Incorrect Answer 3': n + 2,
    'High-level domain': ['Physics', 'Chemistry', 'Biology'][n % 3] ?? '',
    Subdomain: 'Counting',
    'Record ID': `rec${n}`,
  }
}

function strings(names: readonly string[], rows: readonly TableRow[]): Uint8Array {
  return parquetBytes({
    rows: rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]))),
    columns: names.map((name) => ({ name, type: 'STRING' as const })),
    rowGroupSize,
  })
}
