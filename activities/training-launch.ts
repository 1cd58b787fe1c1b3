import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { cancellationSignal } from '@temporalio/activity'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Trainer, TrainingJob } from '../core/ports/trainer.ts'
import type { TrainingRecipe } from '../core/training/train-input.ts'
import { datasetInfo } from '../core/training/trainer-config.ts'
import { learningOf } from '../core/training/training.ts'
import { parseText, readRows } from './artifacts.ts'
import { assembledShards, contentDigest } from './assembled-shards.ts'
import { readManifest } from './manifests.ts'
import { fetchModel } from './model-objects.ts'
import {
  OverLengthRow,
  type PreparedStudent,
  readModel,
  type TrainingDeps,
  type TrainingOrder,
  writeRowsForTrainer,
} from './prepare-student.ts'

/** A training to supervise. */
export type SupervisedTraining = TrainingOrder & PreparedStudent

/** What decides a training's weights: the identity of its stage. */
export async function identityOf(
  store: ObjectStore,
  order: SupervisedTraining,
  { training, seed }: TrainingRecipe,
) {
  const base = await readModel(store, order.baseModel)
  return {
    stage: 'train',
    inputs: [contentDigest(await trainingRows(store, order)), base.digest, order.overLength.sha256],
    config: { training: learningOf(training), seed },
    codeVersion: 2,
  } as const
}

/** Where a node keeps what belongs to the training of a key. */
export function jobDirectory(
  { workDirectory }: Pick<TrainingDeps, 'workDirectory'>,
  key: string,
): string {
  return join(workDirectory, 'trainings', key)
}

/** Brings base model and data set to this node: all that a launch needs but the checkpoint. */
export async function bringJob(
  store: ObjectStore,
  directory: string,
  { order, recipe }: { readonly order: SupervisedTraining; readonly recipe: TrainingRecipe },
): Promise<TrainingJob> {
  const { name, training, seed } = recipe
  const modelDirectory = join(directory, 'base')
  const datasetDirectory = join(directory, 'dataset')
  const baseModel = await readModel(store, order.baseModel)
  await fetchModel(store, baseModel, { directory: modelDirectory, signal: cancellationSignal() })
  await mkdir(datasetDirectory, { recursive: true })
  const tooLong = await readRows(store, order.overLength, OverLengthRow)
  const leftOut = new Set(tooLong.map(({ responseId }) => responseId))
  const path = join(datasetDirectory, 'train.jsonl')
  const written = await writeRowsForTrainer(store, await trainingRows(store, order), {
    path,
    leftOut,
  })
  const info = JSON.stringify(datasetInfo('train.jsonl'))
  await writeFile(join(datasetDirectory, 'dataset_info.json'), info)
  return { directory, name, training, seed, rows: written.length, modelDirectory, datasetDirectory }
}

/** The objects whose rows are trained on, the too long ones among them. */
async function trainingRows(store: ObjectStore, order: TrainingOrder): Promise<ObjectRef[]> {
  const dataset = await readManifest(store, 'assemble', order.assembled)
  return (await assembledShards(store, dataset)).map(({ train }) => train)
}

/** As what a node takes, or last took, part in a training of several nodes. */
const NodeLaunch = z.strictObject({
  launch: z.int().positive(),
  nodeRank: z.int().nonnegative(),
  /** The step that it went on from. */
  from: z.int().nonnegative(),
})
export type NodeLaunch = z.infer<typeof NodeLaunch>

/** What this node launched last for a job; undefined where it trained alone, or nothing. */
export async function findNodeLaunch(directory: string): Promise<NodeLaunch | undefined> {
  const path = nodeLaunchFile(directory)
  if (!existsSync(path)) return undefined
  return parseText(await readFile(path, 'utf8'), NodeLaunch, path)
}

/** Starts the trainer of one of several nodes, or, where `meeting` is undefined, of the only one. */
export async function launchNode(
  trainer: Trainer,
  job: TrainingJob,
  meeting: (NodeLaunch & { readonly address: string }) | undefined,
): Promise<void> {
  if (meeting === undefined) {
    await forgetNodeLaunch(job.directory)
    return trainer.launch(job)
  }
  const { address, ...launch } = meeting
  await noteNodeLaunch(job.directory, launch)
  const { nodeRank } = launch
  const id = `launch-${launch.launch}`
  await trainer.launch({ ...job, rendezvous: { address, id, nodeRank } })
}

/** Noted before the start: what then runs is known, whenever the worker is killed. */
async function noteNodeLaunch(directory: string, launch: NodeLaunch): Promise<void> {
  const path = nodeLaunchFile(directory)
  // Renamed when whole: a torn note could not be read again.
  await writeFile(`${path}.new`, JSON.stringify(launch))
  await rename(`${path}.new`, path)
}

/** Lets what was launched here count no more: its files are about to go. */
export async function forgetNodeLaunch(directory: string): Promise<void> {
  await rm(nodeLaunchFile(directory), { force: true })
}

function nodeLaunchFile(directory: string): string {
  return join(directory, 'launch.json')
}
