import { deepspeedConfig } from './deepspeed-config.ts'
import { launchLine, type Rendezvous } from './launch-line.ts'
import { totalSteps } from './steps.ts'
import { trainerArguments, type TrainerPaths } from './trainer-config.ts'
import type { Training } from './training.ts'

/** Where a training is launched. Paths are the node's own. */
export type LaunchSite = {
  readonly program: { readonly python: string; readonly entry: string }
  /** The files that are written of the rendering. */
  readonly files: { readonly config: string; readonly deepspeed: string }
  readonly paths: Omit<TrainerPaths, 'deepspeedConfig'>
  /** Null on a node that trains alone. */
  readonly rendezvous: Rendezvous | null
}

/** All that a trainer is told. */
export type RenderedTraining = {
  /** LLaMA-Factory's arguments, the content of `files.config`. */
  readonly trainer: ReturnType<typeof trainerArguments>
  /** The content of `files.deepspeed`; null where no DeepSpeed is used, and no such file is written. */
  readonly deepspeed: ReturnType<typeof deepspeedConfig>
  readonly launch: readonly [command: string, ...args: string[]]
}

/** Renders a training on so many rows; what a run launches and what a plan shows are both from here. */
export function renderTraining(
  training: Training,
  { name, seed, rows }: { readonly name: string; readonly seed: number; readonly rows: number },
  { program, files, paths, rendezvous }: LaunchSite,
): RenderedTraining {
  const deepspeed = deepspeedConfig(training)
  const told = deepspeed === null ? paths : { ...paths, deepspeedConfig: files.deepspeed }
  return {
    trainer: trainerArguments(training, { name, seed, steps: totalSteps(training, rows) }, told),
    deepspeed,
    launch: launchLine(training, { ...program, config: files.config }, rendezvous),
  }
}
