import type { SchemaElement } from 'hyparquet'
import { jsonLines, parquetBytes, type TableRow } from './table-bytes.ts'

const rowGroupSize = 4

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const

/**
 * Files of the benchmarks' data sets that no recipe trains against, in the columns of the real ones.
 * `count`: rows of each.
 */
export function exampleBenchmarks(
  count: number,
): Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> {
  const numbers = (start: number) => Array.from({ length: count }, (_, at) => start + at)
  return {
    'math-ai/aime25': { 'test.jsonl': jsonLines(numbers(16_000).map(aimeRow)) },
    'Hothan/OlympiadBench': {
      'OlympiadBench/OE_TO_maths_en_COMP/OE_TO_maths_en_COMP.parquet': table(
        olympiadColumns,
        numbers(17_000).map(olympiadRow),
      ),
      'OlympiadBench/OE_TO_maths_zh_COMP/OE_TO_maths_zh_COMP.parquet': 'in another language',
    },
    'openai/gsm8k': {
      'main/train-00000-of-00001.parquet': table(gsm8kColumns, numbers(18_000).map(gsm8kRow)),
      'main/test-00000-of-00001.parquet': table(gsm8kColumns, numbers(19_000).map(gsm8kRow)),
      'socratic/test-00000-of-00001.parquet': 'the same with questions between the steps',
    },
    'TIGER-Lab/MMLU-Pro': {
      'data/test-00000-of-00001.parquet': table(mmluProColumns, numbers(20_000).map(mmluProRow)),
      'data/validation-00000-of-00001.parquet': table(
        mmluProColumns,
        numbers(21_000).map(mmluProRow),
      ),
    },
  }
}

function aimeRow(n: number): TableRow {
  return {
    problem: `Find the remainder when eleven times ${n} is divided by one thousand.`,
    answer: String((11 * n) % 1000),
    id: String(n),
  }
}

const olympiadColumns = {
  id: 'number',
  question: 'text',
  solution: 'texts',
  final_answer: 'texts',
  context: 'text',
  modality: 'text',
  difficulty: 'text',
  is_multiple_answer: 'flag',
  unit: 'text',
  answer_type: 'text',
  error: 'text',
  question_type: 'text',
  subfield: 'text',
  subject: 'text',
  language: 'text',
} as const

/** Every fourth has two answers, every fifth a unit, every eighth a tuple for its answer. */
function olympiadRow(n: number): TableRow {
  const isTuple = n % 8 === 7
  const hasSeveral = n % 4 === 0
  const answer = hasSeveral ? `$-${n}$, $${n}$` : `$${n}$`
  return {
    id: BigInt(n),
    question: `Which whole number has ${n * n} for its square, or leads to it?`,
    solution: [`It is ${n}.`],
    final_answer: [isTuple ? `$(${n}, ${n})$` : answer],
    context: null,
    modality: 'Text-only',
    difficulty: 'Competition',
    is_multiple_answer: hasSeveral,
    unit: n % 5 === 0 ? 'cm' : null,
    answer_type: isTuple ? 'Tuple' : 'Numerical',
    error: null,
    question_type: 'Open-ended',
    subfield: ['Algebra', 'Number Theory'][n % 2],
    subject: 'Math',
    language: 'English',
  }
}

const gsm8kColumns = { question: 'text', answer: 'text' } as const

function gsm8kRow(n: number): TableRow {
  const [total, shown] = [n * 60, (n * 60).toLocaleString('en-US')]
  return {
    question: `A shelf holds ${n} books of 60 pages each. How many pages are that?`,
    answer: `It holds ${n} * 60 = <<${n}*60=${total}>>${total} pages.\n#### ${shown}`,
  }
}

const mmluProColumns = {
  question_id: 'number',
  question: 'text',
  options: 'texts',
  answer: 'text',
  answer_index: 'number',
  cot_content: 'text',
  category: 'text',
  src: 'text',
} as const

/** From four to ten options; every sixth question has one that speaks of the others. */
function mmluProRow(n: number): TableRow {
  const options = Array.from({ length: 4 + (n % 7) }, (_, at) => `${n + at} grams`)
  const right = n % options.length
  return {
    question_id: BigInt(n),
    question: `Which mass is ${right} grams above ${n} grams?`,
    options: n % 6 === 0 ? [...options.slice(0, -1), 'Both A and B'] : options,
    answer: 'ABCDEFGHIJ'[right],
    answer_index: BigInt(right),
    cot_content: '',
    category: ['computer science', 'law', 'physics'][n % 3],
    src: 'example',
  }
}

type Kind = 'text' | 'texts' | 'number' | 'flag'

function table(columns: Readonly<Record<string, Kind>>, rows: readonly TableRow[]): Uint8Array {
  const names = Object.entries(columns)
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: names.length },
    ...names.flatMap(([name, kind]) => elements(name, kind)),
  ]
  return parquetBytes({ rows, columns: names.map(([name]) => ({ name })), schema, rowGroupSize })
}

function elements(name: string, kind: Kind): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (kind) {
    case 'text':
      return [{ name, ...text }]
    case 'number':
      return [{ ...optional, type: 'INT64' }]
    case 'flag':
      return [{ ...optional, type: 'BOOLEAN' }]
    case 'texts':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', ...text },
      ]
  }
}
