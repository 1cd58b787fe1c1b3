import type { z } from 'zod'
import type { Domain, Reference } from '../../problem.ts'

/** A row of a data set as its file holds it: columns by their names. */
export type HubRow = Readonly<Record<string, unknown>>

/** Why a row cannot become a problem. Holds nothing of the row, so that equal faults count as one. */
export type RowFault = { readonly fault: string }

/** What a row says, before it is a problem of its source. */
export type RowContent = {
  readonly prompt: string
  readonly reference: Reference
  readonly category: string
  /** As a problem's, where the data set tells it. */
  readonly difficulty?: number
  /** Where the reader tells it; else it is the entry's. */
  readonly domain?: Domain
}

/** Reads the rows of one data set. */
export type RowReader = {
  /** A file without one of these is of another schema. */
  readonly columns: readonly string[]
  /** Columns that are read where a file has them. */
  readonly optional: readonly string[]
  /** `seed` is the recipe's: it shuffles the options of a question, and changes nothing else. */
  read(row: HubRow, seed: number): Promise<RowContent | RowFault>
}

/** One data set: which columns are read, and what they mean. */
type RowFormat<Row> = {
  /** Exact on the columns used, blind to all others; optional columns may be missing in a file. */
  readonly row: z.ZodObject & z.ZodType<Row>
  readonly content: (
    row: Row,
    seed: number,
  ) => RowContent | RowFault | Promise<RowContent | RowFault>
}

/** Closes a format over its row type. */
export function rowReader<Row>({ row: schema, content }: RowFormat<Row>): RowReader {
  const names = Object.keys(schema.shape)
  const optional = names.filter((name) => schema.shape[name]?.safeParse(undefined).success)
  return {
    columns: names.filter((name) => !optional.includes(name)),
    optional,
    async read(row, seed) {
      const parsed = schema.safeParse(row)
      if (parsed.success) return content(parsed.data, seed)
      const issue = parsed.error.issues[0]
      return { fault: issue === undefined ? 'unreadable' : describe(issue, row) }
    },
  }
}

function describe({ path, message }: z.core.$ZodIssue, row: HubRow): string {
  const column = String(path[0])
  const value = row[column]
  const isEmpty = value === undefined || value === null || value === ''
  return isEmpty ? `${column}: empty` : `${column}: ${message}`
}
