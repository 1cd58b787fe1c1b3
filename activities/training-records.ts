import type { ObjectStore } from '../core/ports/object-store.ts'
import {
  type KeptCheckpoint,
  released,
  renewed,
  type Supervisor,
  takenOver,
  TrainingRecord,
  withCheckpoint,
  withoutCheckpoint,
} from '../core/training/training-record.ts'
import { findJson } from './artifacts.ts'
import { swapDocument } from './swapped-document.ts'

/**
 * A training that this supervisor may write of, as long as nobody has taken it over. Every change
 * throws SupersededError once somebody has.
 */
export type HeldTraining = {
  /** The record as it was read or written last. */
  readonly record: () => TrainingRecord
  /** Says that the supervisor is still there. */
  renew(): Promise<void>
  /** Lets any other run go on with the training. */
  release(): Promise<void>
  /** Makes a checkpoint, complete in the store, one that counts. */
  keep(checkpoint: KeptCheckpoint): Promise<void>
  /** Lets a checkpoint no longer count: it is damaged, or not to be kept. */
  forget(globalStep: number): Promise<void>
}

/**
 * Takes a training over: from now on its earlier supervisor can write nothing of it. Throws
 * InvalidInputError while another workflow trains it.
 */
export async function takeOver(
  store: ObjectStore,
  key: string,
  supervisor: Supervisor,
): Promise<HeldTraining> {
  const document = { key: recordKey(key), schema: TrainingRecord }
  let record = await swapDocument(store, document, (standing) =>
    takenOver(standing, supervisor, new Date()),
  )
  const { token } = record
  const update = async (by: (standing: TrainingRecord) => TrainingRecord) => {
    record = await swapDocument(store, document, (standing) => {
      if (standing !== undefined) return by(standing)
      throw new Error(`the record ${store.uri(recordKey(key))} is gone; start the training again`)
    })
  }
  return {
    record: () => record,
    renew: () => update((standing) => renewed(standing, token, new Date())),
    release: () => update((standing) => released(standing, token)),
    keep: (checkpoint) => update((standing) => withCheckpoint(standing, token, checkpoint)),
    forget: (globalStep) => update((standing) => withoutCheckpoint(standing, token, globalStep)),
  }
}

/** The record of a training, or undefined where it was never begun. */
export function findTrainingRecord(
  store: ObjectStore,
  key: string,
): Promise<TrainingRecord | undefined> {
  return findJson(store, recordKey(key), TrainingRecord)
}

function recordKey(key: string): string {
  return `trainings/${key}.json`
}
