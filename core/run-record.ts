import { z } from 'zod'
import { ObjectRef } from './object-ref.ts'

/** What stands of a finished run: where later evaluations find its models and its problems. */
export const RunRecord = z.strictObject({
  run: z.string().min(1),
  recipe: ObjectRef,
  /** Key of the curation, whose held-out problems are the benchmark. */
  curated: z.string(),
  base: ObjectRef,
  student: ObjectRef,
  /** Keys of the scorings of both; none where a person skipped their evaluation. */
  evaluations: z.array(z.string()).default([]),
})
export type RunRecord = z.infer<typeof RunRecord>
