import { setTimeout as wait } from 'node:timers/promises'
import {
  ApplicationFailure,
  activityInfo,
  cancellationDetails,
  cancellationSignal,
  getClient,
  log,
} from '@temporalio/activity'
import type { TrainingProgress } from '../core/checkpoint.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Trainer, TrainingSight } from '../core/ports/trainer.ts'
import { readTrainerLog, reachedLastStep } from '../core/training/trainer-log.ts'
import {
  divergence,
  faultOfLastLines,
  stall,
  type StepTimes,
  type TrainingFault,
} from '../core/training/training-fault.ts'
import { progressOf } from '../core/training/training-progress.ts'
import { mostFruitless, SupersededError } from '../core/training/training-record.ts'
import type { Training } from '../core/training/training.ts'
import { reportProgress } from './progress.ts'
import type { CheckpointUploads } from './training-checkpoints.ts'
import { createTrainingGauges } from './training-metrics.ts'
import { failureOf, type OtherNodes } from './training-muster.ts'
import type { HeldTraining } from './training-records.ts'
import {
  findTrainingRequest,
  forgetTrainingRequest,
  type TrainingRequest,
} from './training-requests.ts'

/** A training under way, and all that it takes to see it to its end. */
export type TrainingWatch = {
  readonly store: ObjectStore
  readonly trainer: Trainer
  readonly training: Training
  /** The job's, on this node. */
  readonly directory: string
  readonly held: HeldTraining
  readonly uploads: CheckpointUploads
  /** That train with this one. */
  readonly others: OtherNodes
  /** On average. */
  readonly tokensPerStep: number
  /** Whether a worker that stops leaves the trainer running for its successor to find. */
  readonly outlives: boolean
  /** Tells the workflow how far the training is. */
  readonly tell: (progress: TrainingProgress) => Promise<void>
  /** Puts the trainer's whole log into the store; gives its address. */
  readonly keepLog: (sight: TrainingSight) => Promise<string>
}

const lookEveryMs = 1_000
/** How often the record is told that the supervisor is there. */
const renewEveryMs = 15_000
const requestsEveryMs = 2_000
const othersEveryMs = 2_000
/** What a worker that is told to stop leaves its trainer: a machine is taken away 30 s after the notice. */
const noticeSeconds = 20
/** How long the store may take to say whose the trainer is, out of the same notice. */
const briefMs = 3_000
/** How often in a training the workflow is told where it is: each telling is an event of its history. */
const tellings = 20

/**
 * Sees a running training to its last step, its checkpoints to the store. Throws ApplicationFailure
 * named by what went wrong, final where another start would end the same way, and SupersededError
 * once another supervisor has taken over; nothing of the training runs here then, unless a successor
 * on this node has it.
 */
export async function watchToEnd(watch: TrainingWatch): Promise<TrainingSight> {
  const { trainer, directory, uploads, others } = watch
  const signal = cancellationSignal()
  const clock = createClock()
  const tell = createTelling(watch)
  const renew = every(renewEveryMs, () => holdOn(watch))
  const people = createObedience(watch)
  const obey = every(requestsEveryMs, () => people.obey())
  const lookAtOthers = every(othersEveryMs, async () => {
    await others.look()
    const sight = await trainer.look(directory)
    const isEnding = !sight.alive || reachedLastStep(sight.log) || people.isStopping()
    return others.fault({ isEnding })
  })
  for (;;) {
    if (signal.aborted) return leave(watch, signal.reason)
    await trainer.attend(directory)
    const sight = await trainer.look(directory)
    const found = assess(watch, sight, clock)
    // Not uploaded before: what a diverged training saves is nothing to go on from.
    if (found.fault !== undefined) return failed(watch, sight, found.fault)
    await uploads.consider(sight)
    if (!sight.alive) {
      await others.dismiss()
      await uploads.settled()
    }
    if (found.progress !== undefined) await tell(found.progress)
    if (!sight.alive) return ended(watch, sight, people)
    await renew()
    await obey()
    const lost = await lookAtOthers()
    if (lost !== undefined) return withoutNode(watch, lost)
    await wait(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Whether there are final weights: a trainer that was asked to stop leaves weights of that step too. */
export function isComplete({ finalModel, log: text }: TrainingSight): boolean {
  return finalModel !== undefined && reachedLastStep(text)
}

/** When steps were seen to be reached by this supervisor. */
type Clock = ReturnType<typeof createClock>

function createClock() {
  const times = { startedAt: Date.now(), reachedAt: [] as number[] }
  let seen = 0
  return {
    times: times as StepTimes,
    /** What was reached before this supervisor came counts as one. */
    note(steps: number): void {
      const fresh = seen === 0 ? Math.min(steps, 1) : steps - seen
      for (let more = 0; more < fresh; more += 1) times.reachedAt.push(Date.now())
      seen = Math.max(seen, steps)
    },
  }
}

type Assessment = { readonly progress?: TrainingProgress; readonly fault?: TrainingFault }

function assess(watch: TrainingWatch, sight: TrainingSight, clock: Clock): Assessment {
  const { training, held, tokensPerStep } = watch
  try {
    const steps = readTrainerLog(sight.log)
    clock.note(steps.length)
    const { checkpoints, heldSeconds } = held.record()
    const lastCheckpoint = checkpoints.at(-1)?.globalStep ?? null
    const { times } = clock
    const moment = { steps, times, tokensPerStep, lastCheckpoint, heldSeconds }
    const stalled = sight.alive ? stall(times, Date.now(), training.watch) : undefined
    const fault = divergence(steps, training.watch.divergence) ?? stalled
    return { progress: progressOf(training, moment), ...(fault === undefined ? {} : { fault }) }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TrainingDivergedError') throw error
    return { fault: { name: 'diverged', message: error.message, isFinal: true } }
  }
}

/** Work that is done when it is due; a store that is away for a while does not end the training. */
function every<Found>(
  periodMs: number,
  work: () => Promise<Found>,
): () => Promise<Found | undefined> {
  let dueAt = 0
  return async () => {
    if (Date.now() < dueAt) return undefined
    dueAt = Date.now() + periodMs
    try {
      return await work()
    } catch (error) {
      if (error instanceof SupersededError) throw error
      log.warn('the store does not answer; the training goes on', { error })
      return undefined
    }
  }
}

async function holdOn({ held, trainer, directory }: TrainingWatch): Promise<void> {
  const { node } = held.record().supervisor
  try {
    await held.renew()
  } catch (error) {
    const isLost = error instanceof SupersededError && error.successor.node !== node
    // What it would save counts for nothing.
    if (isLost) await trainer.kill(directory)
    throw error
  }
}

/** Does what people ask by updates of the workflow, each request once. */
function createObedience({ store, trainer, directory }: TrainingWatch) {
  const { workflowExecution: run = { workflowId: 'none', runId: 'none' } } = activityInfo()
  let obeyed: TrainingRequest | undefined
  return {
    async obey(): Promise<void> {
      const request = await findTrainingRequest(store, run)
      if (request === undefined || request.id === obeyed?.id) return
      await trainer.ask(directory, request)
      obeyed = request
      // Kept until it has stopped: a successor of this supervisor is to know of it.
      if (!request.stop) await forgetTrainingRequest(store, run)
    },
    /** Whether the trainer was asked to end. */
    isStopping: () => obeyed?.stop === true,
    /** Whether a person asked for the end that has come; asked once, it is forgotten. */
    async hasStopped(): Promise<boolean> {
      const request = await findTrainingRequest(store, run)
      if (request?.stop !== true) return false
      await forgetTrainingRequest(store, run)
      return true
    },
  }
}

/** Tells the workflow now and then, and whenever a checkpoint has come. */
function createTelling(watch: TrainingWatch): (progress: TrainingProgress) => Promise<void> {
  let told = { step: 0, checkpoint: null as number | null }
  const setGauges = createTrainingGauges()
  return async (progress) => {
    reportProgress(progress)
    setGauges(progress)
    const { globalStep, totalSteps, lastCheckpoint } = progress
    const isDue = totalSteps > 0 && globalStep >= told.step + Math.ceil(totalSteps / tellings)
    if (!isDue && lastCheckpoint === told.checkpoint) return
    try {
      await watch.tell(progress)
      told = { step: globalStep, checkpoint: lastCheckpoint }
    } catch (error) {
      // Temporal may be away, or that run closed: of the latter a heartbeat's answer tells.
      log.warn('the workflow cannot be told how far the training is; it goes on', { error })
    }
  }
}

/** Signals the run of the workflow whose activity this is, and no later one: a reset run has its own. */
export async function tellWorkflow(progress: TrainingProgress): Promise<void> {
  const { workflowExecution } = activityInfo()
  if (workflowExecution === undefined) return
  const { workflowId, runId } = workflowExecution
  const handle = getClient().workflow.getHandle(workflowId, runId)
  await handle.signal('trainingProgress', progress)
}

/** A worker that only restarts leaves the trainer to its successor; every other end stops it. */
async function leave(watch: TrainingWatch, reason: unknown): Promise<never> {
  const { trainer, training, directory, held, uploads, others, outlives } = watch
  const isRestart = cancellationDetails()?.workerShutdown === true
  if (isRestart && outlives) throw reason
  log.info('the trainer is asked for a checkpoint and its end', { details: cancellationDetails() })
  // Throws where a successor on this node has the trainer: then it is not ours to stop.
  await inBrief(() => holdOn(watch))
  await trainer.stop(directory, isRestart ? noticeSeconds : training.watch.leastStallSeconds)
  await uploads.consider(await trainer.look(directory))
  await uploads.finish()
  await inBrief(() => others.dismiss())
  await inBrief(() => held.release())
  throw reason
}

/** A node that is being taken away leaves a little time; of one that is gone there is nothing to save. */
async function withoutNode(watch: TrainingWatch, fault: TrainingFault): Promise<TrainingSight> {
  const { trainer, directory, uploads, others } = watch
  if (others.isLeaving()) {
    await holdOn(watch)
    await trainer.stop(directory, noticeSeconds)
    await uploads.consider(await trainer.look(directory))
  }
  return failed(watch, await trainer.look(directory), fault)
}

/** What is asked of the store at the end, which a store that is away must not hold up. */
async function inBrief(work: () => Promise<void>): Promise<void> {
  const patience = new AbortController()
  const silence = wait(briefMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`the store has not answered within ${briefMs} ms`)
  })
  try {
    await Promise.race([work(), silence])
  } catch (error) {
    if (error instanceof SupersededError) throw error
    log.warn('the store does not answer; the training is ended without it', { error })
  } finally {
    patience.abort()
    silence.catch(() => undefined)
  }
}

async function ended(
  watch: TrainingWatch,
  sight: TrainingSight,
  people: ReturnType<typeof createObedience>,
): Promise<TrainingSight> {
  if (isComplete(sight)) return sight
  if (!(await people.hasStopped())) {
    return failed(watch, sight, await watch.others.causeOf(faultOfLastLines(sight.tail)))
  }
  const { checkpoints } = watch.held.record()
  await watch.held.release()
  const message =
    `stopped as asked, its checkpoint of step ${checkpoints.at(-1)?.globalStep ?? 0} stored; ` +
    'start the same training again to go on from there'
  throw ApplicationFailure.nonRetryable(message, 'TrainingStopped')
}

async function failed(
  watch: TrainingWatch,
  sight: TrainingSight,
  fault: TrainingFault,
): Promise<never> {
  const { trainer, directory, held, uploads, others } = watch
  await trainer.kill(directory)
  await others.dismiss()
  await uploads.finish()
  const kept = await watch.keepLog(sight)
  const { fruitless } = held.record()
  const isHopeless = fruitless >= mostFruitless
  await held.release()
  const often = isHopeless ? ` (${fruitless} attempts in a row have stored no checkpoint)` : ''
  const message = `${fault.message}${often}; ${whereabouts(sight)}; its whole log: ${kept}; its last lines:\n${sight.tail}`
  throw failureOf({ ...fault, isFinal: fault.isFinal || isHopeless, message })
}

function whereabouts({ log: text }: TrainingSight): string {
  const last = text.trimEnd().split('\n').at(-1)
  return last === undefined || last === '' ? 'it had not made a step' : `its last record: ${last}`
}
