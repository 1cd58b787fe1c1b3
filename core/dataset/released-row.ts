import { z } from 'zod'
import { DatasetRow, RejectedRow } from './dataset-row.ts'

/** Length of the whole row in the student's own tokens. */
const tokens = z.int().positive()

/** A row as it is published. */
export const ReleasedRow = z.strictObject({ ...DatasetRow.shape, tokens })
export type ReleasedRow = z.infer<typeof ReleasedRow>

/** A rejected trace as it is published. */
export const ReleasedRejectedRow = z.strictObject({ ...RejectedRow.shape, tokens })
export type ReleasedRejectedRow = z.infer<typeof ReleasedRejectedRow>

/** A column of a released file. */
export type Column = {
  readonly name: string
  /** `conversations`: a list of `{from, value}`. */
  readonly type: 'string' | 'integer' | 'number' | 'conversations'
  readonly nullable: boolean
}

const common = [
  'system',
  'conversations',
  'problemId',
  'responseId',
  'domain',
  'category',
  'source',
  'sourceRevision',
  'difficulty',
  'request',
  'reformatting',
]

/** The columns of the training files, in their order. */
export const releasedColumns: readonly Column[] = [...common, 'tier', 'quota', 'tokens'].map(
  columnOf,
)

/** The columns of the rejected files, in their order. */
export const rejectedColumns: readonly Column[] = [
  ...common,
  'verdict',
  'reason',
  'tier',
  'profile',
  'profileVersion',
  'extracted',
  'tokens',
].map(columnOf)

function columnOf(name: string): Column {
  return { name, type: typeOf(name), nullable: /^(difficulty|extracted)$/.test(name) }
}

function typeOf(name: string): Column['type'] {
  if (name === 'conversations') return 'conversations'
  if (name === 'difficulty') return 'number'
  return name === 'tokens' || name === 'profileVersion' ? 'integer' : 'string'
}
