import { digestOf } from '../core/digest.ts'
import { parseInput } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { BaseModels } from '../core/ports/base-models.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { overlay } from '../core/recipe-overrides.ts'
import type { ProfileShelf } from '../core/recipe-profile.ts'
import { expectedMarkdown } from '../core/training/expected-figures.ts'
import { planTraining } from '../core/training/planned-training.ts'
import { architectureOf } from '../core/training/student.ts'
import { TrainInput, type TrainingRecipe } from '../core/training/train-input.ts'
import { checkTraining } from '../core/training/training-plan.ts'
import { TrainingProfile } from '../core/training/training-profile.ts'
import { writeJson } from './artifacts.ts'
import { readTrainingRecipe, refusing } from './open-run.ts'
import type { PreparedStudent, TrainingOrder } from './prepare-student.ts'
import { takeUpRelease } from './take-up-release.ts'

/** A training that is about to start. */
export type TrainingToPlan = TrainingOrder & Pick<PreparedStudent, 'rows' | 'trainingTokens'>

/** What a training is expected to take. */
export type ShownPlan = {
  /** What the trainer is told, and all figures. */
  readonly plan: ObjectRef
  /** The figures, as a table for the workflow's page. */
  readonly details: string
  /** On how many nodes it trains; absent: one. */
  readonly nodes?: number
}
export type OpenTrainingActivities = ReturnType<typeof createOpenTrainingActivities>

/** The door of a training by itself, and the plan of every training. */
export function createOpenTrainingActivities(deps: {
  readonly store: ObjectStore
  readonly baseModels: Pick<BaseModels, 'pin'>
  readonly profiles: ProfileShelf
}) {
  const { store, baseModels, profiles } = deps
  return {
    /** Validates a training's input and takes its data set up; all that can be refused is refused here. */
    async openTraining(input: unknown): Promise<TrainingOrder> {
      return refusing(async () => {
        const { profile, dataset, overrides = {}, seed } = parseInput(TrainInput, input, 'input')
        const document = typeof profile === 'string' ? await profiles(profile) : profile
        const wanted = parseInput(TrainingProfile, overlay(document, overrides), 'profile')
        checkTraining(wanted.training, architectureOf(wanted.student))
        await store.check()
        const student =
          wanted.student.kind === 'pretrained'
            ? await baseModels.pin(wanted.student)
            : wanted.student
        const name = typeof profile === 'string' ? profile : 'sky-t1'
        const recipe: TrainingRecipe = { name, ...wanted, student, seed }
        return {
          recipe: await writeJson(store, `recipes/${digestOf(recipe)}.json`, recipe),
          assembled: await takeUpRelease(store, dataset),
        }
      })
    },
    /** Stores what a training will be told and is expected to take, before it starts. */
    async planTraining({ recipe: ref, ...order }: TrainingToPlan): Promise<ShownPlan> {
      const recipe = await readTrainingRecipe(store, ref)
      const { rows, trainingTokens, assembled } = order
      const plan = planTraining(recipe.name, recipe, {
        from: `assembly ${assembled}`,
        rows,
        tokensPerRow: trainingTokens / Math.max(1, rows),
        leftOut: 0,
        lengths: 'stated',
      })
      const stored = await writeJson(store, `trainings/plans/${digestOf(plan)}.json`, plan)
      const { cluster } = recipe.training
      const details = expectedMarkdown(plan, cluster, stored.uri)
      return { plan: stored, details, ...(cluster.nodes > 1 ? { nodes: cluster.nodes } : {}) }
    },
  }
}
