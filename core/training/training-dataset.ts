import { z } from 'zod'
import type { ReleaseManifest } from '../dataset/release-manifest.ts'
import { InvalidInputError } from '../invalid-input.ts'
import type { DatasetSize } from './training-plan.ts'
import type { Training } from './training.ts'

const turnsFault =
  'turns of user and assistant, one after the other, the answer last; write them so'

/** What the templates read of a row, in ShareGPT form; further columns are left where they are. */
export const TemplateRow = z.object({
  system: z.string({ error: 'missing, or no text; give every row its system prompt' }),
  conversations: z
    .array(
      z.object({
        from: z.enum(['user', 'assistant'], {
          error: 'not `user` or `assistant`; rename the role',
        }),
        value: z.string({ error: 'missing, or no text; give every turn its text' }),
      }),
      { error: 'missing, or no list; write the turns as {"from": …, "value": …}' },
    )
    .refine((turns) => turns.length > 0 && turns.length % 2 === 0, turnsFault)
    .refine((turns) => turns.every(({ from }, at) => from === roles[at % 2]), turnsFault),
  /** The row's length as the data set states it; released ones do. */
  tokens: z.int({ error: 'no whole number; correct it, or leave it out' }).positive().optional(),
})
export type TemplateRow = z.infer<typeof TemplateRow>

const roles = ['user', 'assistant'] as const

/** A data set to plan with. */
export type PlannedDataset = DatasetSize & {
  /** Its address, or `profile` for the figures that the profile expects. */
  readonly from: string
  /** Rows longer than the cut-off, which are not trained on and not counted in `rows`. */
  readonly leftOut: number
  /** Whether its lengths are stated in it, estimated from characters, or the profile's figure. */
  readonly lengths: 'stated' | 'estimated' | 'profile'
}

/**
 * Characters of a token: what the published data set's 16,364 bytes a row come to at the 4,500 tokens
 * by which the profiles' speeds are reckoned. An error of the one is undone by that of the other.
 */
const charactersPerToken = 16_364 / 4500

/** Counts the rows of a data set that has no manifest. */
export function createDatasetTally(from: string, cutoffLength: number) {
  let seen = 0
  let estimated = 0
  let rows = 0
  let tokens = 0
  let longestRow = 0
  return {
    add(row: TemplateRow): void {
      seen += 1
      if (row.tokens === undefined) estimated += 1
      const length = row.tokens ?? estimatedTokens(row)
      if (length > cutoffLength) return
      rows += 1
      tokens += length
      longestRow = Math.max(longestRow, length)
    },
    /** Throws InvalidInputError where no row can be trained on. */
    close(): PlannedDataset {
      if (seen === 0) {
        throw new InvalidInputError(`${from}: it has no row; name a data set that has some`)
      }
      if (rows === 0) {
        throw new InvalidInputError(
          `${from}: none of its ${seen} rows is within ${cutoffLength} tokens; raise training.cutoffLength`,
        )
      }
      const lengths = estimated === 0 ? 'stated' : 'estimated'
      return { from, rows, tokensPerRow: tokens / rows, longestRow, leftOut: seen - rows, lengths }
    },
  }
}

function estimatedTokens({ system, conversations }: TemplateRow): number {
  const characters = conversations.reduce((sum, { value }) => sum + value.length, system.length)
  return Math.ceil(characters / charactersPerToken)
}

/** A release as its manifest has it; undefined where rows of it are over the cut-off, and must be counted. */
export function releasedDataset(
  from: string,
  { rows, tokens }: Pick<ReleaseManifest, 'rows' | 'tokens'>,
  cutoffLength: number,
): PlannedDataset | undefined {
  if (rows === 0 || tokens.longest > cutoffLength) return undefined
  const tokensPerRow = tokens.total / rows
  return { from, rows, tokensPerRow, longestRow: tokens.longest, leftOut: 0, lengths: 'stated' }
}

/** The data set that a profile expects. */
export function expectedDataset({ expected }: Training): PlannedDataset {
  const { rows, tokensPerRow } = expected
  return { from: 'profile', rows, tokensPerRow, leftOut: 0, lengths: 'profile' }
}
