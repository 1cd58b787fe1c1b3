import { cp, link, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cancellationSignal, log } from '@temporalio/activity'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { TrainingSight } from '../core/ports/trainer.ts'
import { lastLoggedStep } from '../core/training/trainer-log.ts'
import { type KeptCheckpoint, retained, SupersededError } from '../core/training/training-record.ts'
import type { Training } from '../core/training/training.ts'
import { CorruptObjectError, keyOf } from './artifacts.ts'
import { type AwaitedParts, MissingPartError, stepPrefix } from './checkpoint-parts.ts'
import { fetchModel, filesIn, removeModel, uploadModel } from './model-objects.ts'
import { readModel } from './prepare-student.ts'
import type { HeldTraining } from './training-records.ts'

/** The file that keeps the trainer's log beside each checkpoint, so that a lost disk loses no curve. */
const logName = 'trainer_log.jsonl'

/** The first wait after an upload that failed, and the longest; the training goes on meanwhile. */
const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** Where the checkpoints of one training go. */
export type CheckpointPlace = {
  readonly store: ObjectStore
  readonly held: HeldTraining
  /** Of this training on this node, or of one launch on several: what two write never mixes. */
  readonly prefix: string
  /** What the other nodes of the training store of it. */
  readonly parts: AwaitedParts
  /** On the node, for what is being sent. */
  readonly outbox: string
  readonly rule: Training['checkpoints']
}

/** Sends checkpoints to the store while the training goes on. */
export type CheckpointUploads = {
  /** Sees to it that every finished checkpoint is sent, one after the other. */
  consider(sight: Pick<TrainingSight, 'alive' | 'checkpoints' | 'log'>): Promise<void>
  /** Resolves when all is sent of a trainer that has ended. Throws SupersededError. */
  settled(): Promise<void>
  /** The same, but what cannot be sent now is given up: the training ends here anyway. */
  finish(): Promise<void>
}

/**
 * Uploads in the background. What the store refuses is sent again until it takes it; what the trainer
 * removes in the meantime is still there, since files are linked first.
 */
export function createCheckpointUploads(place: CheckpointPlace): CheckpointUploads {
  const patience = new AbortController()
  const begun = new Set(place.held.record().checkpoints.map(({ globalStep }) => globalStep))
  let line = Promise.resolve()
  let superseded: SupersededError | undefined
  const settled = async () => {
    place.parts.hurry()
    await line
    if (superseded !== undefined) throw superseded
  }
  return {
    async consider({ alive, checkpoints, log: trainerLog }) {
      for (const { step, directory } of checkpoints) {
        // Records come a little late, and the checkpoint takes the log of all its steps along.
        const isLogged = !alive || lastLoggedStep(trainerLog) >= step
        if (begun.has(step) || !isLogged) continue
        begun.add(step)
        const copy = join(place.outbox, `step-${step}`)
        if (!(await linked(directory, copy))) continue
        // A half-written last line would be glued to the resumed trainer's first.
        const whole = trainerLog.slice(0, trainerLog.lastIndexOf('\n') + 1)
        await writeFile(join(copy, logName), whole)
        line = line
          .then(() => send(place, { step, directory: copy }, patience.signal))
          .catch((error: unknown) => {
            if (!(error instanceof SupersededError)) throw error
            superseded = error
          })
      }
    },
    settled,
    finish() {
      patience.abort()
      return settled()
    },
  }
}

/** Fills a directory with hard links to another's files; false where that one is being removed. */
async function linked(directory: string, copy: string): Promise<boolean> {
  await rm(copy, { recursive: true, force: true })
  try {
    for (const name of await filesIn(directory)) {
      const path = join(copy, name)
      await mkdir(dirname(path), { recursive: true })
      await link(join(directory, name), path)
    }
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return false
  }
}

async function send(
  place: CheckpointPlace,
  { step, directory }: { readonly step: number; readonly directory: string },
  patience: AbortSignal,
): Promise<void> {
  const { store, held, prefix, parts, rule } = place
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      const files = await filesIn(directory)
      const target = stepPrefix(prefix, step)
      const others = () => parts.of(target)
      const model = { directory, files, globalStep: step, others }
      const { ref } = await uploadModel(store, target, model)
      await held.keep({ globalStep: step, manifest: ref })
      await rm(directory, { recursive: true, force: true })
      await dropOld(place, rule)
      return
    } catch (error) {
      if (error instanceof SupersededError) throw error
      const isGivenUp = patience.aborted || error instanceof MissingPartError
      log.warn('a checkpoint could not be stored', { step, isGivenUp, error })
      if (isGivenUp) return
      await wait(waitMs, undefined, { signal: patience }).catch(() => undefined) // tried once more
    }
  }
}

/** Forgotten first: what is no longer whole is not gone on from. */
async function dropOld({ store, held }: CheckpointPlace, rule: Training['checkpoints']) {
  for (const { globalStep, manifest } of retained(held.record().checkpoints, rule).dropped) {
    await held.forget(globalStep)
    await removeModel(store, keyOf(store, manifest).replace(/\/manifest\.json$/, ''))
  }
}

/** Where a checkpoint is laid for a trainer to go on from. */
export type RestorePlace = { readonly staging: string; readonly output: string }

/**
 * Leaves in the output directory the newest checkpoint that is whole, its log, and nothing
 * half-written; undefined where the training begins. A checkpoint that is damaged or gone no longer
 * counts, and the one before it is taken.
 */
export async function restoreCheckpoint(
  { store, held }: Pick<CheckpointPlace, 'store' | 'held'>,
  place: RestorePlace,
): Promise<KeptCheckpoint | undefined> {
  for (;;) {
    const newest = held.record().checkpoints.at(-1)
    try {
      await layCheckpoint(store, newest, place)
      return newest
    } catch (error) {
      if (newest === undefined || !isDamage(error)) throw error
      const { globalStep } = newest
      log.warn('a checkpoint is damaged; the one before it is taken', { globalStep, error })
      await held.forget(globalStep)
    }
  }
}

/** Leaves in the output directory one checkpoint and its log, or nothing where there is none. */
export async function layCheckpoint(
  store: ObjectStore,
  checkpoint: KeptCheckpoint | undefined,
  { staging, output }: RestorePlace,
): Promise<void> {
  await rm(output, { recursive: true, force: true })
  if (checkpoint === undefined) return
  const model = await readModel(store, checkpoint.manifest)
  await fetchModel(store, model, { directory: staging, signal: cancellationSignal() })
  const directory = checkpointDirectory(output, checkpoint)
  await mkdir(directory, { recursive: true })
  await cp(staging, directory, { recursive: true })
  await cp(join(directory, logName), join(output, logName))
  await rm(join(directory, logName))
}

/** Where a checkpoint lies in a trainer's output directory. */
export function checkpointDirectory(output: string, { globalStep }: KeptCheckpoint): string {
  return join(output, `checkpoint-${globalStep}`)
}

/** Passing faults of the store are no damage: the checkpoint is there when it is asked again. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof CorruptObjectError ||
    (error instanceof Error && error.name === 'ObjectMissingError')
  )
}
