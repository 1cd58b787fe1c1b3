import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { writeJson, writeRows } from '../../activities/artifacts.ts'
import { sealOnce } from '../../activities/manifests.ts'
import { filesIn, uploadModel } from '../../activities/model-objects.ts'
import { type OverLengthRow, readModel, type RowTokens } from '../../activities/prepare-student.ts'
import type { TrainedStage } from '../../activities/train.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import { isAlive } from '../../adapters/detached-process.ts'
import type { AssembledShard } from '../../core/dataset/assembled-shard.ts'
import type { ConversationRow } from '../../core/dataset/dataset-row.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { noCost } from '../../core/tally.ts'
import type { Training } from '../../core/training/training.ts'
import { lossesOf, type TrainingNode } from '../activities/training-node.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import { createWorkFolder, makeStudent, sums } from '../infra/trainer/trainer-programs.ts'
import type { Supervision } from './supervising-worker.ts'

const workerProgram = fileURLToPath(new URL('supervising-worker.ts', import.meta.url))
const rows = 24
const training: Training = {
  ...exampleTraining,
  cutoffLength: 256,
  epochs: 5,
  learningRate: 0.003,
  checkpoints: { everySteps: 10, keepLast: 2, keepEvery: null },
  // A trainer that is held is not to count as stalled.
  watch: { ...exampleTraining.watch, leastStallSeconds: 600 },
}

/** Of 24 rows, two a step, five times. */
export const totalSteps = 60
/** How long the real trainer may take to its next step on a loaded machine. */
export const patience = { timeout: 120_000, interval: 10 }

/** What is needed for trainings of a tiny model: all of them are to end with the same weights. */
export async function createOrders(store: ObjectStore, changes: Partial<Training> = {}) {
  const recipe = { ...exampleRecipe, training: { ...training, ...changes } }
  const work = await createWorkFolder()
  const student = join(work.folder, 'model')
  await makeStudent(work.corpus, student)
  const files = await filesIn(student)
  const model = { directory: student, files, globalStep: 0 }
  const { ref: baseModel } = await uploadModel(store, 'models/student', model)
  await work.remove()
  const written = sums.slice(0, rows).map(({ system, conversations }, at) => {
    return { system, conversations, responseId: `response-${at}`, source: 'sums' }
  }) satisfies readonly Pick<ConversationRow, 'responseId'>[]
  const none = await writeRows(store, 'none.jsonl.gz', [])
  const train = await writeRows(store, 'rows.jsonl.gz', written)
  const shard: AssembledShard = { shard: 0, train, rejected: none, lineage: none }
  const { manifest } = await sealOnce(
    store,
    { stage: 'assemble', inputs: [], config: {}, codeVersion: 1 },
    async () => ({
      outputs: { rows: await writeRows(store, 'shards.jsonl.gz', [shard]) },
      counts: {},
      cost: noCost,
    }),
  )
  const shared = {
    recipe: await writeJson(store, 'recipe.json', recipe),
    assembled: manifest.key,
    baseModel,
    tokens: await writeRows(store, 'tokens.jsonl.gz', [] satisfies RowTokens[]),
    rows,
    trainingTokens: rows * 100,
  }
  return async (name: string): Promise<SupervisedTraining> => {
    // A row that is left out, and is not there, makes it a training of its own.
    const leftOut: OverLengthRow[] = [{ responseId: name, source: 'sums', tokens: 999 }]
    return { ...shared, overLength: await writeRows(store, `${name}.jsonl.gz`, leftOut) }
  }
}

/** What a training has come to: equal to the last bit, or not. */
export async function resultOf(store: ObjectStore, { key, model }: TrainedStage) {
  return { losses: await lossesOf(store, key), weights: (await readModel(store, model)).digest }
}

/** A directory that stands for a machine's disk. */
export function createDisk(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sky-t1-disk-'))
}

/** Starts a worker's process of its own that supervises. */
export function startWorker(supervision: Supervision): ChildProcess {
  return spawn(process.execPath, [workerProgram, JSON.stringify(supervision)], { stdio: 'inherit' })
}

/** When the trainer on a node has logged so many steps; it is held there. */
export async function holdAt(node: TrainingNode, steps: number): Promise<void> {
  await expect.poll(() => node.steps().catch(() => 0), patience).toBeGreaterThanOrEqual(steps)
  await node.signalTrainer('SIGSTOP')
  expect(await hasTrainer(node), 'held in time').toBe(true)
}

/** Does something while a worker runs, and kills that then. */
export async function killed(worker: ChildProcess, meanwhile: () => Promise<void>): Promise<void> {
  const ended = once(worker, 'exit')
  try {
    await meanwhile()
  } finally {
    worker.kill('SIGKILL')
    await ended
  }
}

/** Whether the trainer on a node runs, or is held. */
export async function hasTrainer(node: TrainingNode): Promise<boolean> {
  return isAlive(join(await node.job(), 'trainer.json'))
}

/** Kills the trainer on a node; until it has ended, a supervisor would find it running. */
export async function killTrainer(node: TrainingNode): Promise<void> {
  await node.signalTrainer('SIGKILL')
  await expect.poll(() => hasTrainer(node), patience).toBe(false)
}

/** The step from which the trainer on a node was last told to go on, 0 for the beginning. */
export async function resumedFrom(node: TrainingNode): Promise<number> {
  const text = await readFile(join(await node.job(), 'training.yaml'), 'utf8')
  const { resume_from_checkpoint: from } = Told.parse(parse(text))
  return from === undefined ? 0 : Number(from.split('checkpoint-').at(-1))
}

const Told = z.object({ resume_from_checkpoint: z.string().optional() })
