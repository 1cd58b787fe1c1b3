import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { TrainingProgress } from '../core/checkpoint.ts'
import type { Cost, Counts, Stage } from '../core/manifest.ts'
import type { RunStatus } from '../core/run-status.ts'

/** How far a stage is, as a child workflow tells its parent. */
export type StageProgress = {
  readonly stage: Stage
  readonly counts: Counts
  readonly cost: Cost
}

/** Where a run stands. */
export const statusQuery = defineQuery<RunStatus>('status')
/** How far a training is. */
export const progressQuery = defineQuery<TrainingProgress | null>('progress')

/** Runs the blocked stage again. */
export const retryUpdate = defineUpdate<string>('retry')
/** Goes on without the blocked stage, where the run can do without it. */
export const skipUpdate = defineUpdate<string>('skip')
/** Raises what the run may spend, in US dollars; null lifts the limit. A run that waits for money goes on. */
export const raiseBudgetUpdate = defineUpdate<string, [{ readonly dollars: number | null }]>(
  'raiseBudget',
)
/** Ends the run; what it has stored stays for the next one. */
export const abortUpdate = defineUpdate<string>('abort')

/** Has a running training write a checkpoint now; answers once it is whole in the store. */
export const checkpointNowUpdate = defineUpdate<string>('checkpointNow')
/** Ends a running training behind a checkpoint; started again, it goes on from there. */
export const stopAfterCheckpointUpdate = defineUpdate<string>('stopAfterCheckpoint')

/** From a child: the tallies of its stages so far. */
export const stageProgressSignal = defineSignal<[readonly StageProgress[]]>('stageProgress')
/** From the training activity: the step it has reached. */
export const trainingProgressSignal = defineSignal<[TrainingProgress]>('trainingProgress')
