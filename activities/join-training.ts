import { activityInfo } from '@temporalio/activity'
import { stageKey } from '../core/stage-key.ts'
import { readTrainingRecipe } from './open-run.ts'
import type { SupervisionDeps } from './train.ts'
import { identityOf, type SupervisedTraining } from './training-launch.ts'
import { TrainingMember } from './training-member.ts'

/** A training that a node takes part in, beside the one where it is supervised. */
export type JoinedTraining = {
  readonly order: SupervisedTraining
  /** From 1 on: 0 is the supervisor's. */
  readonly nodeRank: number
}
export type JoinTrainingActivities = ReturnType<typeof createJoinTrainingActivities>

/** The other nodes of a training over several. */
export function createJoinTrainingActivities(deps: Omit<SupervisionDeps, 'nodeAddress' | 'tell'>) {
  return {
    /**
     * Lends this node to a training: launches its trainer whenever the supervisor has called all
     * nodes, stores its part of checkpoints, and says how it is. It ends when it is cancelled, and
     * fails, to be tried again, where nobody calls it for long.
     */
    async joinTraining({ order, nodeRank }: JoinedTraining): Promise<void> {
      const recipe = await readTrainingRecipe(deps.store, order.recipe)
      const key = stageKey(await identityOf(deps.store, order, recipe))
      const { workflowExecution, attempt } = activityInfo()
      const runId = workflowExecution?.runId ?? 'none'
      const membership = { ...deps, order, recipe, key, nodeRank, runId, attempt }
      await new TrainingMember(membership).serve()
    },
  }
}
