import { z } from 'zod'
import { ObjectRef } from '../object-ref.ts'

/** What stands of an evaluation: a score for each model on each benchmark. */
export const EvaluationRecord = z.strictObject({
  name: z.string().min(1),
  finishedAt: z.iso.datetime(),
  scores: z.array(
    z.strictObject({
      model: z.string(),
      benchmark: z.string(),
      /** Key of the scoring, which holds the samples. */
      evaluation: z.string(),
      /** The recipe by which it was made. */
      recipe: ObjectRef,
    }),
  ),
})
export type EvaluationRecord = z.infer<typeof EvaluationRecord>

type Entry = EvaluationRecord['scores'][number]

/**
 * The record with new scores: a score of the same model on the same benchmark takes the place of the
 * one before, the others stay.
 */
export function amended(
  record: EvaluationRecord | undefined,
  { name, now, scores }: { name: string; now: string; scores: readonly Entry[] },
): EvaluationRecord {
  const isReplaced = (entry: Entry) =>
    scores.some(({ model, benchmark }) => model === entry.model && benchmark === entry.benchmark)
  const kept = (record?.scores ?? []).filter((entry) => !isReplaced(entry))
  return {
    name,
    finishedAt: now,
    scores: [...kept, ...scores],
  }
}
