import type { ObjectRef } from '../object-ref.ts'

/** Where a model is, once the door has found it. */
export type ModelSite =
  /** Weights in the store, by their manifest. */
  | { readonly kind: 'weights'; readonly manifest: ObjectRef }
  /** On the Hub, at a commit. */
  | { readonly kind: 'hub'; readonly model: string; readonly revision: string }
  /** Served by others. */
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly model: string }

/** A model and the name that its scores are shown under. */
export type NamedModel = { readonly name: string; readonly site: ModelSite }

/** Models to evaluate on benchmarks of a recipe. */
export type EvaluationOrder = {
  readonly recipe: ObjectRef
  /** Names of the recipe's benchmarks. */
  readonly benchmarks: readonly string[]
  readonly models: readonly NamedModel[]
  /** Samples of one occasion are drawn once: `evaluation`, or `night-DATE`. */
  readonly occasion: string
  /** Key of the curation whose held-out problems are the benchmark `held-out`. */
  readonly curated?: string
}
