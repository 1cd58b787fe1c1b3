import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesIn, uploadModel } from '../../activities/model-objects.ts'
import { createLlamaFactoryTrainer } from '../../adapters/llama-factory-trainer.ts'
import { sha256Hex } from '../../core/digest.ts'
import type { ReleaseManifest } from '../../core/dataset/release-manifest.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { datasetInfo } from '../../core/training/trainer-config.ts'
import { readTrainerLog } from '../../core/training/trainer-log.ts'
import type { Student } from '../../core/training/student.ts'
import type { TrainInput } from '../../core/training/train-input.ts'
import type { Training } from '../../core/training/training.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import {
  makeStudent,
  programPath,
  studentArchitecture,
  sums,
} from '../infra/trainer/trainer-programs.ts'
import { until } from './kills.ts'

const seed = 3
const rows = sums.slice(0, 24)
const training: Training = {
  ...exampleTraining,
  cutoffLength: 256,
  epochs: 50,
  learningRate: 0.003,
  checkpoints: { everySteps: 20, keepLast: 2, keepEvery: null },
  // A trainer that is held is not to count as stalled.
  watch: { ...exampleTraining.watch, leastStallSeconds: 600 },
}

/** Of 24 rows, two a step, fifty times. */
export const smallSteps = 600

/** The files of a training that are wanted before it begins. */
export type SmallTraining = Awaited<ReturnType<typeof prepareSmall>>

/** Makes a student and a data set of a few rows in a folder of their own. */
export async function prepareSmall() {
  const folder = await mkdtemp(join(tmpdir(), 'sky-t1-small-'))
  const datasetDirectory = join(folder, 'dataset')
  const modelDirectory = join(folder, 'model')
  await mkdir(datasetDirectory)
  const corpus = join(datasetDirectory, 'train.jsonl')
  await writeFile(corpus, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const info = JSON.stringify(datasetInfo('train.jsonl'))
  await writeFile(join(datasetDirectory, 'dataset_info.json'), info)
  await makeStudent(corpus, modelDirectory)
  const remove = () => rm(folder, { recursive: true, force: true })
  return { folder, datasetDirectory, modelDirectory, remove }
}

/** Puts the student and a release of the rows into a store; gives a training, as a user types it. */
export async function storeSmall(store: ObjectStore, small: SmallTraining): Promise<TrainInput> {
  const model = await storeStudent(store, small)
  const student: Student = {
    kind: 'pretrained',
    model,
    revision: null,
    architecture: studentArchitecture,
  }
  const prefix = 'releases/sums'
  await putRelease(store, prefix)
  return { profile: { student, training }, dataset: store.uri(prefix), seed }
}

/** Puts the student into a store; gives its address there. */
export async function storeStudent(
  store: ObjectStore,
  { modelDirectory: directory }: Pick<SmallTraining, 'modelDirectory'>,
): Promise<string> {
  const files = await filesIn(directory)
  await uploadModel(store, 'models/student', { directory, files, globalStep: 0 })
  return store.uri('models/student')
}

async function putRelease(store: ObjectStore, prefix: string): Promise<void> {
  const path = 'jsonl/train/rows.jsonl'
  const named = rows.map((row, at) => ({ ...row, responseId: `response-${at}`, source: 'sums' }))
  const lines = named.map((row) => `${JSON.stringify(row)}\n`)
  const bytes = new TextEncoder().encode(lines.join(''))
  const manifest: ReleaseManifest = {
    title: 'Sums',
    licence: 'apache-2.0',
    recipe: { name: 'sums', digest: '0'.repeat(64), seed },
    rows: rows.length,
    rejected: 0,
    overLength: 0,
    tokens: { total: 2400, longest: 100, cutoffLength: 256, model: '0'.repeat(64) },
    sources: [],
    files: [{ path, sha256: sha256Hex(bytes), bytes: bytes.length, rows: rows.length }],
  }
  await store.put(`${prefix}/${path}`, bytes, 'application/jsonl')
  const sealed = new TextEncoder().encode(JSON.stringify(manifest))
  await store.put(`${prefix}/manifest.json`, sealed, 'application/json')
}

/** The losses of the same training by the trainer alone, which nobody supervises. */
export async function trainUndisturbed(small: SmallTraining): Promise<number[]> {
  const { datasetDirectory, modelDirectory } = small
  const directory = join(small.folder, 'job')
  await mkdir(directory)
  const python = process.env['SKY_T1_TRAINER_PYTHON']
  const trainer = createLlamaFactoryTrainer({ python, programs: programPath('.') })
  const paths = { directory, modelDirectory, datasetDirectory }
  await trainer.launch({ ...paths, name: 'undisturbed', training, seed, rows: rows.length })
  await until(async () => !(await trainer.look(directory)).alive)
  return readTrainerLog((await trainer.look(directory)).log).map(({ loss }) => loss)
}
