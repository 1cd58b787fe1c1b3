import { boxedAnswer } from '../../../grading/answer-extraction.ts'
import { codePrompt } from '../../../prompts/code-problem.ts'
import { optionColumns, readChoice } from '../choice-columns.ts'
import { readCodeTests } from '../code-tests.ts'
import { columnText } from '../column-text.ts'
import type { ColumnsReader } from '../hub-source.ts'
import type { HubRow, RowContent, RowFault, RowReader } from '../row-reader.ts'

/** Reads any data set of questions by the columns that an entry names. */
export function columnsReader(entry: ColumnsReader): RowReader {
  const { prompt, reference, difficulty, category } = entry
  const starterCode = reference.kind === 'tests' ? reference.starterCode : null
  const options = reference.kind === 'choice' ? optionColumns(reference) : []
  const named = [prompt, reference.column, ...options, starterCode, difficulty, category]
  return {
    columns: [...new Set(named.filter((column) => column !== null))],
    optional: [],
    async read(row, seed) {
      return readRow(entry, row, seed)
    },
  }
}

function readRow(entry: ColumnsReader, row: HubRow, seed: number): RowContent | RowFault {
  const statement = columnText(row[entry.prompt])
  if (statement === undefined) return { fault: `${entry.prompt}: empty` }
  const difficulty = entry.difficulty === null ? undefined : difficultyOf(row[entry.difficulty])
  if (difficulty === null) return { fault: `${entry.difficulty}: no number from 1 to 10` }
  const asked = askedOf(entry.reference, { statement, row, seed })
  if ('fault' in asked) return asked
  const category = entry.category === null ? undefined : columnText(row[entry.category])
  return {
    ...asked,
    category: category ?? 'none',
    ...(difficulty === undefined ? {} : { difficulty }),
  }
}

/** What a row asks, and by what a response to it is judged. */
function askedOf(
  wanted: ColumnsReader['reference'],
  of: { readonly statement: string; readonly row: HubRow; readonly seed: number },
): Pick<RowContent, 'prompt' | 'reference'> | RowFault {
  const { statement, row } = of
  if (wanted.kind === 'choice') return readChoice(wanted, of)
  const text = columnText(row[wanted.column])
  if (text === undefined) return { fault: `${wanted.column}: empty` }
  if (wanted.kind === 'answer') {
    const answer = answerIn(text, wanted.form)
    if (answer !== undefined) return { prompt: statement, reference: { kind: 'answer', answer } }
    return { fault: `${wanted.column}: no answer of the form ${wanted.form}` }
  }
  const starterCode = starterOf(wanted, row)
  const tests = readCodeTests({ text, starterCode })
  if ('fault' in tests) return tests
  const prompt = codePrompt({ statement, tests, starterCode })
  return { prompt, reference: { kind: 'tests', tests } }
}

function answerIn(text: string, form: 'whole' | 'boxed' | 'after-hashes'): string | undefined {
  if (form === 'whole') return text
  if (form === 'boxed') return boxedAnswer(text)
  const at = text.lastIndexOf('####')
  return at === -1 ? undefined : columnText(text.slice(at + '####'.length))
}

function starterOf(
  wanted: Extract<ColumnsReader['reference'], { readonly kind: 'tests' }>,
  row: HubRow,
): string {
  if (wanted.starterCode === null) return ''
  const code = row[wanted.starterCode]
  return typeof code === 'string' ? code : ''
}

/** Undefined where a row has none; null where it is none. */
function difficultyOf(value: unknown): number | undefined | null {
  if (value === undefined || value === null || value === '') return undefined
  const difficulty = Number(value)
  return difficulty >= 1 && difficulty <= 10 ? difficulty : null
}
