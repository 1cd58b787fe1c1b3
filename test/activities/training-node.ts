import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { ActivityCancellationDetails } from '@temporalio/common'
import { DefaultLogger } from '@temporalio/worker'
import { readRows } from '../../activities/artifacts.ts'
import { outputOf, readManifest } from '../../activities/manifests.ts'
import { createJoinTrainingActivities } from '../../activities/join-training.ts'
import { createTrainActivities, type TrainedStage } from '../../activities/train.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import { findTrainingRecord } from '../../activities/training-records.ts'
import {
  createLlamaFactoryTrainer,
  type TrainerInstallation,
} from '../../adapters/llama-factory-trainer.ts'
import { type TrainingProgress, TrainingStep } from '../../core/checkpoint.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import type { KeptCheckpoint } from '../../core/training/training-record.ts'
import { readTrainerLog } from '../../core/training/trainer-log.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { noBaseModels } from './no-base-models.ts'

const toyTrainer = fileURLToPath(new URL('../infra/trainer/toy-trainer.ts', import.meta.url))

/** How the toy trainer trains, and what goes wrong with it. */
export type ToyControl = {
  readonly steps: number
  readonly stepMs: number
  readonly fault?: {
    readonly kind: 'nan' | 'spike' | 'hang' | 'memory' | 'disk' | 'nccl'
    readonly at: number
  }
}

/** Which attempt of which workflow supervises. */
export type Attempt = {
  readonly workflowId?: string
  readonly attempt?: number
  /** Where telling the workflow fails. */
  readonly unheard?: Error
}

/** A supervision under way. */
export type Supervising = {
  readonly done: Promise<TrainedStage>
  /** What the workflow was told. */
  readonly told: readonly TrainingProgress[]
  readonly beats: readonly TrainingProgress[]
  cancel(by?: End): void
}

/** A node's part in a training under way. */
export type Joining = Pick<Supervising, 'cancel'> & { readonly done: Promise<void> }

/** How an activity is ended from outside: by its workflow, by its worker's, or since the server gave it up. */
type End = keyof typeof ends
const ends = { cancel: 'CANCELLED', shutdown: 'WORKER_SHUTDOWN', lost: 'NOT_FOUND' } as const

/** Where a node is, on its own disk and for the others. */
type NodePlace = { readonly directory: string; readonly nodeAddress?: string | undefined }

/** A machine that trains: its disk, its trainer's program, its supervisor. */
export class TrainingNode {
  readonly directory: string
  readonly #store: ObjectStore
  readonly #outlives: boolean
  readonly #nodeAddress: string | undefined
  readonly #installation: TrainerInstallation

  private constructor(
    store: ObjectStore,
    {
      directory,
      outlives,
      nodeAddress,
      ...installation
    }: TrainerInstallation & NodePlace & { readonly outlives: boolean },
  ) {
    this.directory = directory
    this.#store = store
    this.#outlives = outlives
    this.#nodeAddress = nodeAddress
    this.#installation = installation
  }

  static async start(
    store: ObjectStore,
    {
      steps = 40,
      stepMs = 20,
      outlives = false,
      nodeAddress,
      ...more
    }: Partial<ToyControl> & { outlives?: boolean; nodeAddress?: string } = {},
  ): Promise<TrainingNode> {
    const directory = await mkdtemp(join(tmpdir(), 'sky-t1-node-'))
    const python = join(directory, 'python')
    const place = { directory, outlives, nodeAddress }
    const node = new TrainingNode(store, { ...place, python, programs: directory })
    await node.control({ steps, stepMs, ...more })
    await writeToyPython(directory)
    return node
  }

  /** A node with the real trainer, on a disk that stands already. */
  static withTrainer(
    store: ObjectStore,
    { directory, outlives = false, nodeAddress }: NodePlace & { readonly outlives?: boolean },
  ): TrainingNode {
    const python = process.env['SKY_T1_TRAINER_PYTHON']
    const programs = join(projectRoot, 'infra/trainer')
    return new TrainingNode(store, { directory, outlives, nodeAddress, python, programs })
  }

  /** Changes how the toy trainer goes on. */
  control(control: ToyControl): Promise<void> {
    return writeToyControl(this.directory, control)
  }

  /** Supervises a training as an activity of a worker on this node. */
  supervise(
    order: SupervisedTraining,
    { workflowId = 'run/train', attempt = 1, unheard }: Attempt = {},
  ): Supervising {
    const { environment, end } = this.#activity(order, { workflowId, attempt })
    const told: TrainingProgress[] = []
    const beats: TrainingProgress[] = []
    environment.on('heartbeat', (progress: TrainingProgress) => beats.push(progress))
    const activities = createTrainActivities({
      ...this.#deps(),
      nodeAddress: this.#nodeAddress,
      tell: async (progress) => {
        if (unheard !== undefined) throw unheard
        told.push(progress)
      },
    })
    const done: Promise<TrainedStage> = environment.run(() => activities.superviseTraining(order))
    done.catch(() => undefined) // looked at by whoever awaits it
    return { done, told, beats, cancel: end }
  }

  /** Joins a training as an activity of a worker on this node. */
  join(
    order: SupervisedTraining,
    { nodeRank = 1, workflowId = 'run/train', attempt = 1 }: Attempt & { nodeRank?: number } = {},
  ): Joining {
    const { environment, end } = this.#activity(order, { workflowId, attempt })
    const activities = createJoinTrainingActivities(this.#deps())
    const done: Promise<void> = environment.run(() => activities.joinTraining({ order, nodeRank }))
    done.catch(() => undefined) // looked at by whoever awaits it
    return { done, cancel: end }
  }

  #activity(
    order: SupervisedTraining,
    { workflowId, attempt }: Required<Pick<Attempt, 'workflowId' | 'attempt'>>,
  ) {
    const workflowExecution = { workflowId, runId: runOf(order) }
    const logger = new DefaultLogger('ERROR')
    const environment = new MockActivityEnvironment({ workflowExecution, attempt }, { logger })
    const end = (by: End = 'cancel') => {
      const how = { cancelRequested: by === 'cancel', workerShutdown: by === 'shutdown' }
      environment.cancel(ends[by], new ActivityCancellationDetails(how))
    }
    return { environment, end }
  }

  #deps() {
    return {
      store: this.#store,
      trainer: createLlamaFactoryTrainer(this.#installation),
      baseModels: noBaseModels,
      workDirectory: this.directory,
      outlives: this.#outlives,
      node: this.directory.replaceAll('/', '_'),
    }
  }

  /** The job's directory, where a training is under way. */
  async job(): Promise<string> {
    const [key = ''] = await readdir(join(this.directory, 'trainings'))
    return join(this.directory, 'trainings', key)
  }

  /** The process of the trainer that runs, or ran last. */
  async trainerPid(): Promise<number> {
    const record: unknown = JSON.parse(
      await readFile(join(await this.job(), 'trainer.json'), 'utf8'),
    )
    if (record !== null && typeof record === 'object' && 'pid' in record) return Number(record.pid)
    throw new Error('the trainer was not recorded')
  }

  /** Signals all processes of the trainer; those of torchrun have groups of their own. */
  async signalTrainer(signal: NodeJS.Signals): Promise<void> {
    const pid = await this.trainerPid()
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    for (const each of [pid, ...children.split(' ').filter(Boolean)]) {
      process.kill(-Number(each), signal)
    }
  }

  /** The step that the trainer on this node has come to. */
  async steps(): Promise<number> {
    return (await this.losses()).length
  }

  /** The losses that the trainer on this node has logged, step by step. */
  async losses(): Promise<number[]> {
    const log = join(await this.job(), 'output', 'trainer_log.jsonl')
    const text = await readFile(log, 'utf8').catch(() => '')
    return readTrainerLog(text).map(({ loss }) => loss)
  }

  /** Loses all that is on the disk of the jobs. */
  async loseDisk(): Promise<void> {
    await rm(join(this.directory, 'trainings'), { recursive: true, force: true })
    await mkdir(join(this.directory, 'trainings'), { recursive: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
  }
}

/** Writes the program that stands in for the trainer's Python on a node; gives its path. */
export async function writeToyPython(directory: string): Promise<string> {
  const python = join(directory, 'python')
  const control = join(directory, 'control.json')
  await writeFile(python, `#!/bin/sh\nexec ${process.execPath} ${toyTrainer} ${control} "$@"\n`)
  await chmod(python, 0o755)
  return python
}

/** Says how the toy trainer of a node trains. */
export function writeToyControl(directory: string, control: ToyControl): Promise<void> {
  return writeFile(join(directory, 'control.json'), JSON.stringify(control))
}

/** The run of the workflow that an order is supervised for. */
export function runOf({ recipe }: SupervisedTraining): string {
  return recipe.sha256.slice(0, 8)
}

/** The losses of a finished training, step by step. */
export async function lossesOf(store: ObjectStore, key: string): Promise<number[]> {
  const curve = outputOf(await readManifest(store, 'train', key), 'loss')
  return (await readRows(store, curve, TrainingStep)).map((step) => step.loss)
}

/** Checkpoints that count of the training on a node. */
export async function storedOf(
  store: ObjectStore,
  node: TrainingNode,
): Promise<readonly KeptCheckpoint[]> {
  const record = await findTrainingRecord(store, basename(await node.job()))
  return record?.checkpoints ?? []
}
