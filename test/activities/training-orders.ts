import { ApplicationFailure } from '@temporalio/common'
import { expect } from 'vitest'
import { writeJson } from '../../activities/artifacts.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import type { Training } from '../../core/training/training.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import { distilledRun, preparedStudent } from './distilled-run.ts'
import type { TrainingNode } from './training-node.ts'

/** What the toy trainer is waited for on a loaded machine. */
export const patience = { timeout: 60_000, interval: 50 }

/** A training with a checkpoint of every five steps. */
export const quickTraining: Training = {
  ...exampleTraining,
  checkpoints: { everySteps: 5, keepLast: 2, keepEvery: null },
}

let seed = 0

/** A training of its own: each has another seed, which the toy trainer does not look at. */
export async function orderIn(
  store: ObjectStore,
  changes: Partial<Training> = {},
): Promise<SupervisedTraining> {
  seed += 1
  const recipe = { ...exampleRecipe, seed, training: { ...quickTraining, ...changes } }
  const run = await distilledRun(store, recipe, 1)
  const prepared = await preparedStudent(store, { ...run, tooLong: 0 })
  return { ...run, recipe: await writeJson(store, `recipe-${seed}`, recipe), ...prepared }
}

/** When the trainer on a node has logged so many steps. */
export async function reaches(node: TrainingNode, steps: number): Promise<void> {
  await expect.poll(() => node.steps().catch(() => 0), patience).toBeGreaterThanOrEqual(steps)
}

/** When a process has ended. */
export async function ends(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), patience).toBe(false)
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** What the workflow is told of a supervision that failed. */
export async function failure(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await failureOf(work)
  if (error instanceof ApplicationFailure) return error
  throw error
}
