import { z } from 'zod'
import { Domain } from '../problem.ts'
import { HubSource } from './hub/hub-source.ts'

const sourceId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)

/** Problems made by a seeded family: exact ground truth, nothing downloaded. */
export const GeneratedSource = z.strictObject({
  kind: z.literal('generated'),
  id: sourceId,
  family: z.enum(['arithmetic', 'programs', 'puzzles', 'choices', 'calculations']),
  domain: Domain,
  /** Problems for training, and problems kept for evaluation; no prompt is in both. */
  train: z.int().nonnegative(),
  heldOut: z.int().nonnegative(),
})
export type GeneratedSource = z.infer<typeof GeneratedSource>

/** Of the problems of a side: so many, or as many as there are. */
const Wanted = z.union([z.literal('all'), z.int().nonnegative()])

/** Real problems with recorded model outputs, read from the deployment's data folder. */
export const RecordedSource = z.strictObject({
  kind: z.literal('recorded'),
  id: sourceId,
  file: z.enum([
    'skythought_qwen32b_results',
    'mip_reasoning_outputs',
    'lcb_code_outputs',
    'skyt1_outputs',
  ]),
  /** The file's own benchmark name where it holds several; `all` takes every row. */
  benchmark: z.string().min(1),
  /** The recorded model, as the file names it; asked of the replay endpoint. */
  model: z.string().min(1),
  /** Other models that must have answered a problem, too: those that are to be compared on it. */
  alsoRecorded: z.array(z.string().min(1)).optional(),
  domain: Domain,
  train: Wanted,
  heldOut: Wanted,
})
export type RecordedSource = z.infer<typeof RecordedSource>

/** One entry of a recipe's sources. */
export const Source = z.discriminatedUnion('kind', [GeneratedSource, RecordedSource, HubSource])
export type Source = z.infer<typeof Source>

/** What a recorded output was labelled by those who recorded it. Never truth; compared with our verdict. */
export const RecordedLabel = z.strictObject({
  problemId: z.string(),
  source: z.string(),
  correct: z.boolean(),
  reason: z.string(),
})
export type RecordedLabel = z.infer<typeof RecordedLabel>

/** A label of one of the models that a problem was put to. */
export const ModelLabel = z.strictObject({ ...RecordedLabel.shape, model: z.string() })
export type ModelLabel = z.infer<typeof ModelLabel>
