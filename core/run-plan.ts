import type { ObjectRef } from './object-ref.ts'

/** What the door tells the workflow of a recipe: decisions, not content. */
export type RunPlan = {
  /** The canonical recipe in the store. */
  readonly recipe: ObjectRef
  readonly recipeName: string
  readonly recipeDigest: string
  readonly shardsInFlight: number
  /** How reformatting goes through a batch interface; null: online. */
  readonly reformatBatch: { readonly endpoint: string; readonly pollSeconds: number } | null
  readonly benchmarks: readonly string[]
  /** True where one of the models asked is a script. */
  readonly scripted: boolean
  /** True where the recipe's own engine serves the teacher. */
  readonly serving: boolean
  /** True where a model is to rate how hard problems are. */
  readonly labels: boolean
  /** True where a judge is asked about traces that the rules cannot decide. */
  readonly judges: boolean
  /** False where the run ends with the data set: nothing is trained or evaluated. */
  readonly trains: boolean
}
