import { z } from 'zod'
import { Domain } from '../problem.ts'
import { Outcome, Tier } from '../verdict.ts'

const conversation = {
  system: z.string(),
  conversations: z.tuple([
    z.strictObject({ from: z.literal('user'), value: z.string() }),
    z.strictObject({ from: z.literal('assistant'), value: z.string() }),
  ]),
}

const origin = {
  problemId: z.string(),
  responseId: z.string(),
  domain: Domain,
  category: z.string(),
  source: z.string(),
  sourceRevision: z.string(),
  /** AoPS scale; null where it is not known. */
  difficulty: z.number().nullable(),
  /** Digests of the teacher's and the reformatter's requests. */
  request: z.string(),
  reformatting: z.string(),
}

/** What a trainer reads of a row, and what identifies it; the other columns are left where they are. */
export const ConversationRow = z.object({
  ...conversation,
  responseId: z.string(),
  source: z.string(),
})
export type ConversationRow = z.infer<typeof ConversationRow>

/** A training row in ShareGPT form, with the columns that trace it back. */
export const DatasetRow = z.strictObject({
  ...conversation,
  ...origin,
  /** Which grader accepted it. */
  tier: Tier,
  /** The quota of the mixture that it counts in. */
  quota: z.string(),
})
export type DatasetRow = z.infer<typeof DatasetRow>

/** A trace that was not accepted, in the same form, with the verdict on it. */
export const RejectedRow = z.strictObject({
  ...conversation,
  ...origin,
  verdict: Outcome,
  reason: z.string(),
  tier: Tier,
  /** The rules by which it was judged, and their version. */
  profile: z.string(),
  profileVersion: z.int().positive(),
  /** The answer or the code that was judged, shortened; null where nothing could be extracted. */
  extracted: z.string().nullable(),
})
export type RejectedRow = z.infer<typeof RejectedRow>
