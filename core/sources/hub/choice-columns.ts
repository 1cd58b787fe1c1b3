import { choiceContent, shuffledUnlessBound } from './choice-question.ts'
import { columnText } from './column-text.ts'
import type { ExactJson } from '../../exact-json.ts'
import { exactJson, isRawNumber } from './exact-json.ts'
import type { ColumnsReader } from './hub-source.ts'
import type { HubRow, RowContent, RowFault } from './row-reader.ts'

/** How an entry says which option is right, and where the options are. */
export type ChoiceColumns = Extract<ColumnsReader['reference'], { readonly kind: 'choice' }>
type Options = NonNullable<ChoiceColumns['options']>

/** The columns that options stand in. */
export function optionColumns({ options }: ChoiceColumns): readonly string[] {
  if (options === undefined) return []
  return 'column' in options ? [options.column] : options.columns
}

/**
 * What a row asks with the options that its columns hold, and which one is right; or the statement
 * as it is where it lists its options itself.
 */
export function readChoice(
  wanted: ChoiceColumns,
  { statement, row, seed }: { statement: string; row: HubRow; seed: number },
): Pick<RowContent, 'prompt' | 'reference'> | RowFault {
  const { column, form, options: where } = wanted
  const text = columnText(row[column])
  if (text === undefined) return { fault: `${column}: empty` }
  if (where === undefined) {
    const letter = letters[placeOf(text, { form, options: [] })]
    if (letter === undefined) return { fault: `${column}: no ${form} of an option` }
    return { prompt: statement, reference: { kind: 'choice', letter } }
  }
  const options = optionsOf(where, row)
  if ('fault' in options) return options
  const right = placeOf(text, { form, options: options.texts })
  if (options.texts[right] === undefined) return { fault: `${column}: no ${form} of an option` }
  const choice = { question: statement, options: options.texts, right }
  return choiceContent(where.shuffled ? shuffledUnlessBound(choice, seed) : choice)
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The place of the right option, from 0; -1 where the text says none. */
function placeOf(
  text: string,
  { form, options }: { form: ChoiceColumns['form']; options: readonly string[] },
): number {
  switch (form) {
    case 'letter': {
      const letter = /^\(?([A-Za-z])[).:]?$/.exec(text)?.[1]?.toUpperCase()
      return letter === undefined ? -1 : letters.indexOf(letter)
    }
    case 'index':
      return /^\d{1,2}$/.test(text) ? Number(text) : -1
    case 'text':
      return options.indexOf(text)
  }
}

function optionsOf(where: Options, row: HubRow): { readonly texts: readonly string[] } | RowFault {
  const values = 'column' in where ? listIn(row[where.column]) : columnsIn(where.columns, row)
  const texts = values?.map(columnText).filter((text) => text !== undefined)
  const isWhole = texts !== undefined && texts.length === values?.length
  if (isWhole && texts.length >= 2 && texts.length <= letters.length) return { texts }
  const named = 'column' in where ? where.column : where.columns.join(', ')
  return { fault: `${named}: no list of 2 to ${letters.length} options` }
}

/** A list as the file holds it, or JSON text of one. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string') return undefined
  const read = exactJson(value)
  if ('fault' in read || !Array.isArray(read.value)) return undefined
  const list: readonly ExactJson[] = read.value
  return list.map((each) => (isRawNumber(each) ? each.rawJSON : each))
}

/** A question of fewer options leaves the last columns empty; an empty one before would move letters. */
function columnsIn(columns: readonly string[], row: HubRow): readonly unknown[] {
  const last = columns.findLastIndex((column) => columnText(row[column]) !== undefined)
  return columns.slice(0, last + 1).map((column) => row[column])
}
