import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow'
import type { TrainerChecks } from '../activities/open-run.ts'
import type { OpenTrainingActivities } from '../activities/open-training.ts'
import type { JoinTrainingActivities } from '../activities/join-training.ts'
import type { PrepareStudentActivities, TrainingOrder } from '../activities/prepare-student.ts'
import type { TrainActivities, TrainedStage } from '../activities/train.ts'
import type { SupervisedTraining } from '../activities/training-launch.ts'
import type { TrainingRequestActivities } from '../activities/training-requests.ts'
import type { TrainingProgress } from '../core/checkpoint.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { TrainInput } from '../core/training/train-input.ts'
import type { StageResult } from '../core/stage-result.ts'
import { trainingDetails } from '../core/report/training-details.ts'
import {
  checkpointNowUpdate,
  progressQuery,
  stopAfterCheckpointUpdate,
  trainingProgressSignal,
} from './messages.ts'
import { doorOptions, options } from './options.ts'

const { prepareStudent } = proxyActivities<PrepareStudentActivities>(options.training)
const { superviseTraining } = proxyActivities<TrainActivities>(options.supervision)
const { joinTraining } = proxyActivities<JoinTrainingActivities>(options.trainingNode)
const { askTraining } = proxyActivities<TrainingRequestActivities>(options.io)
const { openTraining, planTraining } = proxyActivities<OpenTrainingActivities>(options.io)
const { checkTrainer } = proxyActivities<TrainerChecks>({ ...options.training, ...doorOptions })

/** A finished training: the sealed stage, and the models before and after. */
export type TrainResult = {
  readonly baseModel: ObjectRef
  readonly model: ObjectRef
  readonly trained: StageResult
}

/**
 * Trains a student on a data set, over crashes and node losses: on the assembly of a run, or, started
 * by a user, on a release.
 */
export async function train(input: TrainingOrder | TrainInput): Promise<TrainResult> {
  let progress: TrainingProgress | null = null
  setHandler(progressQuery, () => progress, { description: 'How far the training is.' })
  setHandler(trainingProgressSignal, async (reached) => {
    progress = reached
    setCurrentDetails(trainingDetails(reached))
    const { parent } = workflowInfo()
    if (parent === undefined) return
    await getExternalWorkflowHandle(parent.workflowId).signal(trainingProgressSignal, reached)
  })
  const training = openTrainingUpdates(() => progress)
  const order = isOrder(input) ? input : await open(input)
  const prepared = await prepareStudent.executeWithOptions(
    { summary: 'provide the untrained student' },
    [{ ...order, part: 'whole' }],
  )
  const { details, nodes = 1 } = await planTraining.executeWithOptions(
    { summary: 'plan the training' },
    [{ ...order, rows: prepared.rows, trainingTokens: prepared.trainingTokens }],
  )
  setCurrentDetails(details)
  try {
    training.begin()
    const trained = await trainOnNodes({ ...order, ...prepared }, nodes)
    const { model, ...stage } = trained
    return { baseModel: prepared.baseModel, model, trained: stage }
  } finally {
    training.end()
    await condition(allHandlersFinished)
  }
}

/**
 * Supervises a training on one node while all others take part, each the only slot of a worker. They
 * are let go, and waited for, once it is over; one that fails for good ends it.
 */
async function trainOnNodes(order: SupervisedTraining, nodes: number): Promise<TrainedStage> {
  const supervise = () =>
    superviseTraining.executeWithOptions(
      { summary: 'supervise the trainer', activityId: 'train' },
      [order],
    )
  if (nodes === 1) return supervise()
  const supervision = new CancellationScope()
  // A cancelled training still needs them, until its last checkpoint is stored.
  const shield = new CancellationScope({ cancellable: false })
  const others = new CancellationScope({ cancellable: true, parent: shield })
  const trained = supervision.run(supervise)
  let failure: unknown
  const join = async (_: undefined, at: number) => {
    const nodeRank = at + 1
    const summary = `take part in the training, as node ${nodeRank}`
    const activityId = `train-node-${nodeRank}`
    try {
      await joinTraining.executeWithOptions({ summary, activityId }, [{ order, nodeRank }])
    } catch (error) {
      if (isCancellation(error)) return
      failure ??= error
      supervision.cancel()
    }
  }
  const joined = others.run(() => Promise.all(Array.from({ length: nodes - 1 }, join)))
  try {
    return await trained
  } catch (error) {
    throw failure ?? error
  } finally {
    others.cancel()
    await joined
  }
}

/** An input that is no order, and anything else that a user may type, is looked at at the door. */
function isOrder(input: TrainingOrder | TrainInput | null | undefined): input is TrainingOrder {
  return typeof input === 'object' && input !== null && 'assembled' in input
}

/** The door of a training by itself: everything that can be refused is refused before it starts. */
async function open(input: TrainInput): Promise<TrainingOrder> {
  const order = await openTraining.executeWithOptions({ summary: 'validate the input' }, [input])
  await checkTrainer.executeWithOptions({ summary: 'look for the trainer' }, [order.recipe])
  return order
}

/** Opens the updates by which a person asks a running training for a checkpoint. */
function openTrainingUpdates(progress: () => TrainingProgress | null) {
  let isRunning = false
  const mustRun = () => {
    if (isRunning) return
    throw ApplicationFailure.nonRetryable('the training does not run now', 'NotTraining')
  }
  const stored = () => progress()?.lastCheckpoint ?? -1
  const ask = async (stop: boolean) => {
    const from = stored()
    const reached = progress()?.globalStep ?? 0
    const { workflowId, runId } = workflowInfo()
    const to = { workflowId, runId }
    const summary = stop ? 'ask for a checkpoint and the end' : 'ask for a checkpoint'
    await askTraining.executeWithOptions({ summary }, [{ to, id: uuid4(), stop }])
    await condition(() => !isRunning || (stored() > from && stored() >= reached))
    if (stored() > from) return `checkpoint of step ${stored()} is stored`
    return 'the training ended before it wrote another checkpoint'
  }
  setHandler(checkpointNowUpdate, () => ask(false), {
    validator: mustRun,
    description: 'Has the training write a checkpoint now.',
  })
  setHandler(stopAfterCheckpointUpdate, () => ask(true), {
    validator: mustRun,
    description: 'Ends the training behind a checkpoint; started again, it goes on from there.',
  })
  return {
    begin() {
      isRunning = true
    },
    end() {
      isRunning = false
    },
  }
}
