import { stringify } from 'yaml'
import type { RenderedTraining } from '../core/training/rendering.ts'

/** The texts of the files that a trainer reads; `deepspeed` is null where none is written. */
export function trainingFiles({ trainer, deepspeed }: RenderedTraining) {
  return {
    // Never folded: a long path stays on its line.
    config: stringify(trainer, { lineWidth: 0 }),
    deepspeed: deepspeed === null ? null : `${JSON.stringify(deepspeed, null, 2)}\n`,
  }
}
