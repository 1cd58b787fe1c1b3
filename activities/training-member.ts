import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  ApplicationFailure,
  cancellationDetails,
  cancellationSignal,
  log,
} from '@temporalio/activity'
import type { TrainingJob, TrainingSight } from '../core/ports/trainer.ts'
import {
  hasSaid,
  type Muster,
  type NodeState,
  type NodeWord,
  withWord,
} from '../core/training/muster.ts'
import { faultOfLastLines, type TrainingFault } from '../core/training/training-fault.ts'
import type { TrainingRecipe } from '../core/training/train-input.ts'
import { SupersededError } from '../core/training/training-record.ts'
import type { JoinedTraining } from './join-training.ts'
import { findManifest, stagePrefix } from './manifests.ts'
import { uploadFile } from './model-objects.ts'
import { createPartUploads, type PartUploads } from './part-uploads.ts'
import { reportProgress } from './progress.ts'
import type { SupervisionDeps } from './train.ts'
import { checkpointDirectory, layCheckpoint } from './training-checkpoints.ts'
import {
  bringJob,
  findNodeLaunch,
  forgetNodeLaunch,
  jobDirectory,
  launchNode,
  type NodeLaunch,
} from './training-launch.ts'
import { changeMuster, findMuster, musterKey } from './training-muster.ts'
import { findTrainingRecord } from './training-records.ts'

/** Of which training a node is a member, and which incarnation of it. */
type Membership = JoinedTraining &
  Omit<SupervisionDeps, 'nodeAddress' | 'tell'> & {
    readonly recipe: TrainingRecipe
    readonly key: string
    /** Of the workflow; musters of other runs are not its own. */
    readonly runId: string
    readonly attempt: number
  }

/** A muster as it was found, and the token that it was called by. */
type Call = { readonly token: number; readonly muster: Muster }

/** What a node finds on its own disk. */
type View = {
  readonly sight: TrainingSight
  /** What was launched here in its rank. */
  readonly own: NodeLaunch | undefined
  /** Whether a part is being sent. */
  readonly sends: boolean
}

const lookEveryMs = 1_000
/** What a machine that is taken away waits for the end of its trainer, which the supervisor asks for. */
const noticeSeconds = 25

/** One of the nodes of a training beside the supervisor's. */
export class TrainingMember {
  readonly #of: Membership
  readonly #directory: string
  readonly #parts: PartUploads
  /** What is ready to be launched, and by which launch. */
  #ready: { readonly launch: number; readonly job: TrainingJob } | undefined
  #job: Promise<TrainingJob> | undefined

  constructor(membership: Membership) {
    this.#of = membership
    this.#directory = jobDirectory(membership, membership.key)
    this.#parts = createPartUploads(membership)
  }

  /** Does what the supervisor asks for until the activity is cancelled, and then throws its reason. */
  async serve(): Promise<never> {
    try {
      return await this.#lookOn()
    } catch (error) {
      const isLost = error instanceof SupersededError && error.successor.node !== this.#of.node
      if (isLost) await this.#of.trainer.kill(this.#directory)
      throw error
    }
  }

  async #lookOn(): Promise<never> {
    const { trainer, recipe } = this.#of
    const signal = cancellationSignal()
    await this.#endStranger()
    // Not beside a trainer that is only being found again: it may be reading those files.
    if (!(await trainer.look(this.#directory)).alive) await this.#bring()
    for (let calledAt = Date.now(); ;) {
      if (signal.aborted) return this.#leave(signal.reason)
      const sight = await trainer.look(this.#directory)
      const own = await this.#ownLaunch()
      const call = await patiently(() => this.#findCall())
      if (call?.muster.stage === 'launched') calledAt = Date.now()
      const sends = this.#parts.consider(own, sight)
      if (call !== undefined) await this.#answer(call, { sight, own, sends })
      if (Date.now() > calledAt + 1000 * recipe.training.watch.firstStepSeconds) throw notCalled()
      await wait(lookEveryMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** The muster of the training's token, where it is of the same run. */
  async #findCall(): Promise<Call | undefined> {
    const { store, key, runId } = this.#of
    const record = await findTrainingRecord(store, key)
    if (record === undefined) return undefined
    const { token } = record
    const muster = await findMuster(store, { key, token })
    return muster?.runId === runId ? { token, muster } : undefined
  }

  async #answer({ token, muster }: Call, { sight, own, sends }: View): Promise<void> {
    const { launch, stage } = muster
    if (stage === 'dismissed') {
      await this.#of.trainer.kill(this.#directory)
      // What it finished at the very end is seen at the next look.
      if (sight.alive || sends) return
      await this.#say(token, muster, own?.launch === launch ? 'done' : 'lacking')
    } else if (stage === 'called') {
      if (this.#ready?.launch !== launch) await patiently(() => this.#prepare(muster))
      if (this.#ready?.launch === launch) await this.#say(token, muster, 'ready')
    } else if (own?.launch === launch) {
      await this.#say(token, muster, sight.alive ? 'running' : 'ended')
    } else if (this.#ready?.launch === launch) {
      await this.#launch(muster, this.#ready.job)
    } else {
      await this.#say(token, muster, 'lacking')
    }
  }

  /** Ends what runs of an earlier launch, and lays down what all go on from. */
  async #prepare({ launch, resumeFrom }: Muster): Promise<void> {
    const { store, trainer } = this.#of
    await trainer.kill(this.#directory)
    const job = await this.#bring()
    const output = trainer.outputDirectory(this.#directory)
    await this.#parts.settled()
    await forgetNodeLaunch(this.#directory)
    const staging = join(this.#directory, 'restored')
    await layCheckpoint(store, resumeFrom ?? undefined, { staging, output })
    const resumed =
      resumeFrom === null ? job : { ...job, resumeFrom: checkpointDirectory(output, resumeFrom) }
    this.#ready = { launch, job: resumed }
  }

  async #launch({ launch, address, resumeFrom }: Muster, job: TrainingJob): Promise<void> {
    const { trainer, nodeRank } = this.#of
    this.#ready = undefined
    log.info('starting the trainer of a node', { nodeRank, launch })
    const from = resumeFrom?.globalStep ?? 0
    await launchNode(trainer, job, { launch, nodeRank, from, address })
  }

  /** Base model, data set and packed rows, brought once. */
  #bring(): Promise<TrainingJob> {
    const { store, order, recipe, trainer } = this.#of
    this.#job ??= bringJob(store, this.#directory, { order, recipe }).then(async (job) => {
      await trainer.prepare(job)
      return job
    })
    this.#job.catch(() => (this.#job = undefined)) // brought again when it is asked for again
    return this.#job
  }

  async #say(token: number, muster: Muster, state: NodeState): Promise<void> {
    const { store, key, nodeRank, node, attempt } = this.#of
    reportProgress({ nodeRank, state, launch: muster.launch })
    const bare = { node, attempt, state, fault: null }
    if (hasSaid(muster, nodeRank, bare)) return
    await patiently(async () => {
      const fault = state === 'ended' || state === 'done' ? await this.#fault(token) : null
      const word: NodeWord = { ...bare, fault }
      await changeMuster(store, musterKey(key, token), (standing) => {
        // Let go in the meantime, or called to another launch: looked at anew.
        const isSame = standing.launch === muster.launch && standing.stage === muster.stage
        return isSame ? withWord(standing, nodeRank, word) : standing
      })
    })
  }

  /** What this node's trainer said at its end; the whole of it is kept. */
  async #fault(token: number): Promise<TrainingFault> {
    const { store, key, trainer, nodeRank } = this.#of
    const { tail, logFile } = await trainer.look(this.#directory)
    const target = `${stagePrefix('train', key)}/logs/${token}-node-${nodeRank}.log`
    const { uri } = await uploadFile(store, target, { path: logFile })
    const fault = faultOfLastLines(tail)
    return { ...fault, message: `${fault.message} (that node's whole log: ${uri})` }
  }

  async #ownLaunch(): Promise<NodeLaunch | undefined> {
    const found = await findNodeLaunch(this.#directory)
    return found?.nodeRank === this.#of.nodeRank ? found : undefined
  }

  /** What another node's trainer, or one that trained alone, left running here. */
  async #endStranger(): Promise<void> {
    if ((await this.#ownLaunch()) === undefined) await this.#of.trainer.kill(this.#directory)
  }

  /** A worker that only restarts leaves the trainer to its successor; every other end stops it. */
  async #leave(reason: unknown): Promise<never> {
    const { trainer, store, key, outlives } = this.#of
    const details = cancellationDetails()
    const isRestart = details?.workerShutdown === true
    if (isRestart && outlives) throw reason
    if (isRestart || details?.paused === true) await this.#giveNotice()
    await trainer.kill(this.#directory)
    await this.#parts.settled()
    this.#parts.consider(await this.#ownLaunch(), await trainer.look(this.#directory))
    await this.#parts.settled()
    const isFinished = (await findManifest(store, 'train', key)) !== undefined
    if (isFinished) await rm(this.#directory, { recursive: true, force: true })
    throw reason
  }

  /** Has the supervisor save and end the training, and waits for that a little. */
  async #giveNotice(): Promise<void> {
    const { trainer } = this.#of
    const call = await patiently(() => this.#findCall())
    if (call?.muster.stage === 'launched') await this.#say(call.token, call.muster, 'leaving')
    const deadline = Date.now() + 1000 * noticeSeconds
    while (Date.now() < deadline && (await trainer.look(this.#directory)).alive) {
      await wait(lookEveryMs)
    }
  }
}

/** What the store refuses is done again at the next look: it is away for a while, the training goes on. */
async function patiently<Found>(work: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SupersededError) throw error
    log.warn('the store does not answer; the node looks again', { error })
    return undefined
  }
}

function notCalled(): ApplicationFailure {
  return ApplicationFailure.retryable(
    'no supervisor has called this node for long; its slot is given up, and taken again',
    'Training-not-called',
  )
}
