import { z } from 'zod'
import { ObjectRef } from '../object-ref.ts'

/** A file of a release, by its path in it. */
export const ReleasedFile = z.strictObject({
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative().nullable(),
})
export type ReleasedFile = z.infer<typeof ReleasedFile>

/** A source with rows in a release. */
export const ReleasedSource = z.strictObject({
  id: z.string(),
  /** Where it is from, in words or as a Hub id. */
  origin: z.string(),
  revisions: z.array(z.string()),
  licence: z.string(),
  /** Why its rows may not be published; null where they may. */
  forbids: z.string().nullable(),
  rows: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
})
export type ReleasedSource = z.infer<typeof ReleasedSource>

/**
 * What a release is, written last: where it stands, the release is whole. It holds no time, so the
 * same inputs and seed give the same bytes.
 */
export const ReleaseManifest = z.strictObject({
  title: z.string(),
  licence: z.string(),
  recipe: z.strictObject({ name: z.string(), digest: z.string(), seed: z.int() }),
  rows: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  /** Rows that are in no training file because they are longer than the cut-off. */
  overLength: z.int().nonnegative(),
  tokens: z.strictObject({
    total: z.int().nonnegative(),
    longest: z.int().nonnegative(),
    cutoffLength: z.int().positive(),
    /** Digest of the untrained student, whose tokenizer counted. */
    model: z.string(),
  }),
  sources: z.array(ReleasedSource),
  files: z.array(ReleasedFile),
})
export type ReleaseManifest = z.infer<typeof ReleaseManifest>

/** Where the release of a run stands. */
export const ReleaseRecord = z.strictObject({
  run: z.string().min(1),
  /** The prefix of its files in the store. */
  prefix: z.string().min(1),
  manifest: ObjectRef,
  /** The index by which rows are traced. */
  lineage: ObjectRef,
})
export type ReleaseRecord = z.infer<typeof ReleaseRecord>

/** The key of a run's release record. */
export function releaseRecordKey(run: string): string {
  return `runs/${run}/release.json`
}
