import { z } from 'zod'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { findJson, writeJson } from './artifacts.ts'

/** What a person asks of a running training. */
export const TrainingRequest = z.strictObject({
  /** Tells one asking from the next. */
  id: z.string(),
  /** Whether the training ends once its checkpoint is stored. */
  stop: z.boolean(),
})
export type TrainingRequest = z.infer<typeof TrainingRequest>

/** The run of a workflow whose training is meant. */
export type TrainingRun = { readonly workflowId: string; readonly runId: string }
/** A request, and whom it is made to. */
export type TrainingRequestOrder = TrainingRequest & { readonly to: TrainingRun }
export type TrainingRequestActivities = ReturnType<typeof createTrainingRequestActivities>

/** Passes on what workflows are asked by updates. */
export function createTrainingRequestActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** Lays a request down where the supervisor of the workflow's training finds it. */
    async askTraining({ to, id, stop }: TrainingRequestOrder): Promise<void> {
      await writeJson(store, requestKey(to), { id, stop })
    },
  }
}

/** The last request that was not obeyed, or undefined where there is none. */
export function findTrainingRequest(
  store: ObjectStore,
  run: TrainingRun,
): Promise<TrainingRequest | undefined> {
  return findJson(store, requestKey(run), TrainingRequest)
}

/** Lets a request that was obeyed be forgotten. */
export function forgetTrainingRequest(store: ObjectStore, run: TrainingRun): Promise<void> {
  return store.remove(requestKey(run))
}

function requestKey({ workflowId, runId }: TrainingRun): string {
  return `trainings/requests/${encodeURIComponent(workflowId)}/${runId}.json`
}
