import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { activityInfo, cancellationSignal, log } from '@temporalio/activity'
import type { TrainingProgress } from '../core/checkpoint.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Trainer, TrainingSight } from '../core/ports/trainer.ts'
import { meetingAddress } from '../core/training/launch-line.ts'
import type { TrainingRecipe } from '../core/training/train-input.ts'
import { stageKey } from '../core/stage-key.ts'
import type { StageResult } from '../core/stage-result.ts'
import { noCost } from '../core/tally.ts'
import { readTrainerLog } from '../core/training/trainer-log.ts'
import type { Supervisor } from '../core/training/training-record.ts'
import { readRows, writeRows } from './artifacts.ts'
import { awaitParts, launchPrefix, noParts } from './checkpoint-parts.ts'
import { namingFullDisk } from './full-disk.ts'
import { outputOf, sealOnce, stagePrefix, stageResult } from './manifests.ts'
import { filesIn, uploadFile, uploadModel } from './model-objects.ts'
import { readTrainingRecipe } from './open-run.ts'
import { OverLengthRow, type TrainingDeps } from './prepare-student.ts'
import {
  checkpointDirectory,
  createCheckpointUploads,
  restoreCheckpoint,
} from './training-checkpoints.ts'
import {
  bringJob,
  findNodeLaunch,
  identityOf,
  jobDirectory,
  launchNode,
  type NodeLaunch,
  type SupervisedTraining,
} from './training-launch.ts'
import {
  createOtherNodes,
  noOtherNodes,
  type OtherNodes,
  removeMusters,
} from './training-muster.ts'
import { type HeldTraining, takeOver } from './training-records.ts'
import { isComplete, watchToEnd } from './training-watch.ts'

/** A finished training and its final weights. */
export type TrainedStage = StageResult & { readonly model: ObjectRef }
export type TrainActivities = ReturnType<typeof createTrainActivities>

/** What supervision needs of a node beyond that. */
export type SupervisionDeps = TrainingDeps & {
  /** True where a stopping worker leaves the trainer running for its successor to find. */
  readonly outlives: boolean
  /** Names this node and its work directory among all others. */
  readonly node: string
  /** `host:port` at which other nodes reach this one; undefined where it was not told. */
  readonly nodeAddress: string | undefined
  /** Tells the workflow how far the training is. */
  readonly tell: (progress: TrainingProgress) => Promise<void>
}

/** Sixth stage: the student learns, supervised and not hosted. */
export function createTrainActivities(deps: SupervisionDeps) {
  const { store } = deps
  return {
    /**
     * Sees a training to its end: finds it running, or goes on from the newest complete
     * checkpoint, or starts it; uploads checkpoints as they are finished, and the final weights.
     */
    async superviseTraining(order: SupervisedTraining): Promise<TrainedStage> {
      const recipe = await readTrainingRecipe(store, order.recipe)
      const identity = await identityOf(store, order, recipe)
      const sealed = await sealOnce(store, identity, async (key) => {
        const held = await takeOver(store, key, supervisorOn(deps.node))
        const sight = await namingFullDisk(deps.workDirectory, () =>
          supervise({ deps, order, recipe, key, held }),
        )
        const outputs = await keepResult(store, key, sight)
        const steps = readTrainerLog(sight.log)
        const tooLong = await readRows(store, order.overLength, OverLengthRow)
        // A disk that was full for a while may have lost the trainer records, but no step.
        const lost = (steps.at(-1)?.totalSteps ?? 0) - steps.length
        const counts = {
          steps: steps.length,
          ...(lost > 0 ? { 'steps-not-logged': lost } : {}),
          'over-length': tooLong.length,
        }
        return { outputs, counts, cost: noCost }
      })
      const key = stageKey(identity)
      await rm(jobDirectory(deps, key), { recursive: true, force: true })
      if (recipe.training.cluster.nodes > 1) await removeMusters(store, key)
      return { ...stageResult(sealed), model: outputOf(sealed.manifest, 'model') }
    },
  }
}

function supervisorOn(node: string): Supervisor {
  const { workflowExecution, attempt } = activityInfo()
  const { workflowId = 'none', runId = 'none' } = workflowExecution ?? {}
  return { workflowId, runId, attempt, node }
}

/** One supervised training: the order, and where it stands. */
type Supervision = {
  readonly deps: SupervisionDeps
  readonly order: SupervisedTraining
  readonly recipe: TrainingRecipe
  readonly key: string
  readonly held: HeldTraining
}

async function supervise(supervision: Supervision): Promise<TrainingSight> {
  const { deps, order, recipe, key, held } = supervision
  const { store, trainer, outlives, tell } = deps
  const { training } = recipe
  const directory = jobDirectory(deps, key)
  const others = otherNodesOf(supervision)
  const before = await launchOfBefore(trainer, directory)
  const sight = await trainer.look(directory)
  let uploads = beginUploads(supervision, { launch: before?.launch, others })
  if (before !== undefined) {
    await others.recall(before.launch, sight.alive ? 'launched' : 'dismissed')
  }
  // What a trainer that died had finished is as good as what was stored.
  await uploads.consider(sight)
  if (!sight.alive && !isComplete(sight)) {
    await uploads.settled()
    const launch = await releasingIfEnded(held, () => startOrResume(supervision, directory, others))
    // A checkpoint that was found to be damaged is sent again once it is made again.
    uploads = beginUploads(supervision, { launch, others })
  }
  const keepLog = async ({ logFile }: TrainingSight) => {
    const target = `${stagePrefix('train', key)}/logs/${held.record().token}.log`
    return (await uploadFile(store, target, { path: logFile })).uri
  }
  const { rows, trainingTokens } = order
  const tokensPerStep = (trainingTokens / Math.max(1, rows)) * training.examplesPerStep
  return watchToEnd({
    store,
    trainer,
    training,
    directory,
    held,
    uploads,
    others,
    tokensPerStep,
    outlives,
    tell,
    keepLog,
  })
}

/** Lets another run go on with a training that ends here before its trainer has started. */
async function releasingIfEnded<Result>(
  held: HeldTraining,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // Where the store is away, it is not heard of and counts as released after a while.
    if (cancellationSignal().aborted) await held.release().catch(() => undefined)
    throw error
  }
}

function otherNodesOf({ deps, recipe, key, held }: Supervision): OtherNodes {
  const { store, nodeAddress } = deps
  const { training } = recipe
  const { nodes } = training.cluster
  if (nodes === 1) return noOtherNodes
  const address = meetingAddress(training, nodeAddress)
  const patienceSeconds = training.watch.firstStepSeconds
  return createOtherNodes({ store, key, held, nodes, address, patienceSeconds })
}

/** What node 0 launched here; a trainer that was another node's is ended, and its files are no whole. */
async function launchOfBefore(
  trainer: Trainer,
  directory: string,
): Promise<NodeLaunch | undefined> {
  const found = await findNodeLaunch(directory)
  if (found === undefined || found.nodeRank === 0) return found
  await trainer.kill(directory)
  await rm(trainer.outputDirectory(directory), { recursive: true, force: true })
  return undefined
}

function beginUploads(
  { deps, recipe, key, held }: Supervision,
  { launch, others }: { readonly launch: number | undefined; readonly others: OtherNodes },
) {
  const { store, node } = deps
  const { cluster, checkpoints: rule } = recipe.training
  const { nodes } = cluster
  return createCheckpointUploads({
    store,
    held,
    prefix: launch === undefined ? `checkpoints/${key}/${node}` : launchPrefix(key, launch),
    parts: launch === undefined ? noParts : awaitParts(store, { nodes, others }),
    outbox: join(jobDirectory(deps, key), 'outbox'),
    rule,
  })
}

/** Gives the launch that the nodes have in common, undefined on a node that trains alone. */
async function startOrResume(
  { deps, order, recipe, held }: Supervision,
  directory: string,
  others: OtherNodes,
): Promise<number | undefined> {
  const { store, trainer } = deps
  const job = await bringJob(store, directory, { order, recipe })
  const output = trainer.outputDirectory(directory)
  const place = { staging: join(directory, 'restored'), output }
  const checkpoint = await restoreCheckpoint({ store, held }, place)
  await trainer.prepare(job)
  await others.launch(checkpoint)
  const resumeFrom = checkpoint && checkpointDirectory(output, checkpoint)
  cancellationSignal().throwIfAborted()
  log.info('starting the trainer', { resumeFrom: resumeFrom ?? 'step 0' })
  const resumed = resumeFrom === undefined ? job : { ...job, resumeFrom }
  if (recipe.training.cluster.nodes === 1) {
    await launchNode(trainer, resumed, undefined)
    return undefined
  }
  const { token: launch } = held.record()
  const from = checkpoint?.globalStep ?? 0
  const address = meetingAddress(recipe.training, deps.nodeAddress)
  await launchNode(trainer, resumed, { launch, nodeRank: 0, from, address })
  return launch
}

async function keepResult(store: ObjectStore, key: string, sight: TrainingSight) {
  const steps = readTrainerLog(sight.log)
  if (sight.finalModel === undefined)
    throw new Error('the final weights are missing; the training is taken up again')
  const files = (await filesIn(sight.finalModel)).filter((name) => isWeightFile(name))
  const { ref } = await uploadModel(store, `models/${key}`, {
    directory: sight.finalModel,
    files,
    globalStep: steps.at(-1)?.globalStep ?? 0,
  })
  const curve = await writeRows(store, `${stagePrefix('train', key)}/loss.jsonl.gz`, steps)
  return { model: ref, loss: curve }
}

/** What a model is loaded from; the trainer's own records and checkpoints beside it are not. */
function isWeightFile(name: string): boolean {
  const records = [
    'all_results.json',
    'train_results.json',
    'trainer_state.json',
    'trainer_log.jsonl',
  ]
  return /^[^/]+\.(safetensors|json|jinja|txt|model)$/.test(name) && !records.includes(name)
}
