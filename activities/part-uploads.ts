import { rm } from 'node:fs/promises'
import { log } from '@temporalio/activity'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { TrainingSight } from '../core/ports/trainer.ts'
import { launchPrefix, sendPart, stepPrefix } from './checkpoint-parts.ts'
import type { NodeLaunch } from './training-launch.ts'

/** Sends a node's parts of checkpoints to the store while the training goes on. */
export type PartUploads = {
  /** Begins to send the oldest part that is finished, unless one is being sent; false where there is none. */
  consider(own: NodeLaunch | undefined, sight: Pick<TrainingSight, 'checkpoints'>): boolean
  /** Resolves when nothing is being sent. */
  settled(): Promise<void>
}

/**
 * Sends parts one after the other. One that is stored is removed here: no process but the first cares
 * for old ones, and what a training goes on from comes from the store. One that the store refuses is
 * sent again when it is considered again.
 */
export function createPartUploads({
  store,
  key,
  nodeRank,
}: {
  readonly store: ObjectStore
  readonly key: string
  readonly nodeRank: number
}): PartUploads {
  let sending: Promise<void> | undefined
  return {
    consider(own, { checkpoints }) {
      if (sending !== undefined) return true
      const next = checkpoints.find(({ step }) => own !== undefined && step > own.from)
      if (own === undefined || next === undefined) return false
      const { step, directory } = next
      const target = stepPrefix(launchPrefix(key, own.launch), step)
      sending = sendPart(store, target, { directory, nodeRank })
        .then(() => rm(directory, { recursive: true, force: true }))
        .catch((error: unknown) => log.warn('a part is not stored yet', { step, error }))
        .finally(() => (sending = undefined))
      return true
    },
    settled: async () => sending,
  }
}
