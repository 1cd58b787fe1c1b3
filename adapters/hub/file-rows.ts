import { stat } from 'node:fs/promises'
import type { AsyncBuffer } from 'hyparquet'
import { columnsOf, type HubItem } from '../../core/sources/hub/hub-problems.ts'
import type { HubSource } from '../../core/sources/hub/hub-source.ts'
import {
  SourceDamagedError,
  SourceSchemaError,
  HubUnavailableError,
} from '../../core/sources/hub/source-errors.ts'
import { InvalidInputError } from '../../core/invalid-input.ts'
import { csvColumns, csvRows } from './csv-rows.ts'
import type { LocalFile } from './file-chunks.ts'
import { readPart } from './file-part.ts'
import type { HubFile, HubLibrary, Snapshot } from './hub-library.ts'
import { firstColumns, jsonRows } from './json-rows.ts'
import { parquetColumns, parquetMetadata, parquetRows } from './parquet-rows.ts'

/** The files of a source's data set at a commit. */
export type SourceSnapshot = Snapshot & { readonly source: HubSource }

type Format = 'parquet' | 'json' | 'csv'

/** So much of a text file is looked at to learn its columns. */
const headBytes = 1024 * 1024

/** Rows among which every column that a source reads must come. */
const firstRows = 100

/**
 * The rows of a file on this machine. Throws SourceSchemaError where it lacks a column that the
 * source reads, and SourceDamagedError where it cannot be read to its end.
 */
export async function* fileRows(source: HubSource, file: LocalFile): AsyncGenerator<HubItem> {
  const rows = named(source, file, open(source, file))
  if (formatOf(source, file.name) === 'parquet') {
    yield* rows
    return
  }
  yield* ofSchema(source, file.name, rows)
}

/**
 * Rows of a format in which each brings its own columns. One that lacks a column is a bad row; where
 * all of the first ones do, the file is of another schema.
 */
async function* ofSchema(
  source: HubSource,
  file: string,
  rows: AsyncIterable<HubItem>,
): AsyncGenerator<HubItem> {
  const { required } = columnsOf(source)
  const has = new Set<string>()
  const held: HubItem[] = []
  let isKnown = false
  for await (const item of rows) {
    held.push(item)
    if (!isKnown && 'row' in item) for (const column of Object.keys(item.row)) has.add(column)
    isKnown ||= required.every((column) => has.has(column))
    if (!isKnown && held.length < firstRows) continue
    if (!isKnown && has.size > 0) checkColumns(source, file, [...has])
    yield* held.splice(0)
  }
  if (has.size > 0) checkColumns(source, file, [...has])
  yield* held
}

/** Looks at a file's columns without fetching it. Throws SourceSchemaError where one is missing. */
export async function checkSchema(
  library: HubLibrary,
  snapshot: SourceSnapshot,
  file: HubFile,
): Promise<void> {
  const { source } = snapshot
  const columns = await columnsOfFile(library, snapshot, file).catch((cause: unknown) => {
    throw isNamed(cause) ? cause : damaged(source, file.path, cause)
  })
  if (columns !== undefined) checkColumns(source, file.path, columns)
}

async function* open(source: HubSource, file: LocalFile): AsyncGenerator<HubItem> {
  switch (formatOf(source, file.name)) {
    case 'json':
      yield* jsonRows(file)
      return
    case 'csv':
      yield* csvRows(file)
      return
    case 'parquet': {
      const { size } = await stat(file.path)
      const buffer = bufferOf(size, (start, end) => readPart(file.path, start, end))
      const metadata = await parquetMetadata(buffer)
      const has = parquetColumns(metadata)
      checkColumns(source, file.name, has)
      const { required, optional } = columnsOf(source)
      const columns = [...required, ...optional.filter((column) => has.includes(column))]
      yield* parquetRows({ buffer, metadata, columns })
    }
  }
}

/** Says which file it was that could not be read. */
async function* named(
  source: HubSource,
  { name }: LocalFile,
  rows: AsyncGenerator<HubItem>,
): AsyncGenerator<HubItem> {
  try {
    yield* rows
  } catch (cause) {
    throw isNamed(cause) ? cause : damaged(source, name, cause)
  }
}

function isNamed(error: unknown): boolean {
  return [SourceSchemaError, HubUnavailableError, InvalidInputError].some(
    (kind) => error instanceof kind,
  )
}

function damaged({ id, dataset }: HubSource, name: string, cause: unknown): SourceDamagedError {
  return new SourceDamagedError({ source: id, file: `${name} of ${dataset}` }, cause)
}

async function columnsOfFile(
  library: HubLibrary,
  snapshot: SourceSnapshot,
  file: HubFile,
): Promise<readonly string[] | undefined> {
  const format = formatOf(snapshot.source, file.path)
  if (format === 'parquet') {
    const buffer = bufferOf(file.size, (start, end) => library.part(snapshot, file, { start, end }))
    return parquetColumns(await parquetMetadata(buffer))
  }
  const head = await library.part(snapshot, file, { start: 0, end: Math.min(file.size, headBytes) })
  // A packed file shows its columns only when it is read.
  if (file.path.endsWith('.gz')) return undefined
  return format === 'csv' ? csvColumns(head) : firstColumns(head)
}

/** A file as hyparquet reads it: by parts. */
function bufferOf(
  byteLength: number,
  part: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): AsyncBuffer {
  return { byteLength, slice: async (start, end = byteLength) => (await part(start, end)).buffer }
}

function checkColumns(source: HubSource, file: string, has: readonly string[]): void {
  const missing = columnsOf(source).required.find((column) => !has.includes(column))
  if (missing !== undefined)
    throw new SourceSchemaError({ source: source.id, file }, { missing, has })
}

function formatOf({ id, dataset }: HubSource, name: string): Format {
  const ending = name.replace(/\.gz$/, '').split('.').at(-1) ?? ''
  if (ending === 'parquet' && !name.endsWith('.gz')) return 'parquet'
  if (ending === 'csv') return 'csv'
  if (['jsonl', 'ndjson', 'json'].includes(ending)) return 'json'
  throw new InvalidInputError(
    `source ${id}: field files: ${name} of ${dataset} is of no format that is read; ` +
      'name Parquet, JSON Lines, JSON or CSV files',
  )
}
