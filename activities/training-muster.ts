import { setTimeout as wait } from 'node:timers/promises'
import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { TrainingFault } from '../core/training/training-fault.ts'
import {
  absent,
  causeAmong,
  hasEnded,
  hasNoMore,
  isCause,
  isLeaving,
  launchedWhenReady,
  lostNode,
  missingNodes,
  Muster,
  otherRanks,
  silent,
} from '../core/training/muster.ts'
import type { KeptCheckpoint } from '../core/training/training-record.ts'
import { findJson, writeJson } from './artifacts.ts'
import { swapDocument } from './swapped-document.ts'
import type { HeldTraining } from './training-records.ts'

/** The other nodes of a training, as its supervisor deals with them. */
export type OtherNodes = {
  /**
   * Calls them to a launch, and lets them go when all are ready. Throws a retryable ApplicationFailure
   * that names those that do not come, and the signal's reason where the activity is cancelled.
   */
  launch(resumeFrom: KeptCheckpoint | undefined): Promise<void>
  /** Tells them that the trainers of an earlier launch go on, or that they have ended. */
  recall(launch: number, stage: 'launched' | 'dismissed'): Promise<void>
  /** Reads what they say now. */
  look(): Promise<void>
  /** Why the training cannot go on with them, by what was read last. */
  fault(moment: { readonly isEnding: boolean }): TrainingFault | undefined
  /** Whether one of them is being taken away. */
  isLeaving(): boolean
  /** What a fault of this node's trainer came from, perhaps on another node. */
  causeOf(fault: TrainingFault): Promise<TrainingFault>
  /** Has their trainers ended, and all stored that these had finished. */
  dismiss(): Promise<void>
  /** Whether a node will store nothing more. */
  hasNoMore(nodeRank: number): Promise<boolean>
}

/** Of a node that trains alone. */
export const noOtherNodes: OtherNodes = {
  launch: async () => {},
  recall: async () => {},
  look: async () => {},
  fault: () => undefined,
  isLeaving: () => false,
  causeOf: async (fault) => fault,
  dismiss: async () => {},
  hasNoMore: async () => true,
}

/** What a muster is called for. */
export type Call = {
  readonly store: ObjectStore
  readonly key: string
  readonly held: HeldTraining
  /** Of the training, all together. */
  readonly nodes: number
  /** `host:port` at which they reach this one. */
  readonly address: string
  /** For how long nodes that do not come are waited for. */
  readonly patienceSeconds: number
}

const lookEveryMs = 1_000
const renewEveryMs = 15_000
/** How long the workers of other nodes may be away, as this one was, before their nodes count as lost. */
const silenceMs = 5 * 60_000
/** How long other nodes are given to say why their trainers ended. */
const causeMs = 10_000

/** The nodes beside the supervisor's, of a training that it has taken over. */
export function createOtherNodes(call: Call): OtherNodes {
  const { store, key, held, nodes, address } = call
  const { token, supervisor } = held.record()
  const at = musterKey(key, token)
  const base = { runId: supervisor.runId, address, resumeFrom: null, words: {} }
  let muster: Muster = { ...base, launch: token, stage: 'dismissed' }
  let isBegun = false
  let calledAt = Number.POSITIVE_INFINITY
  const faultIn = createFaultSearch(call)
  const begin = async (called: Muster) => {
    await writeJson(store, at, called)
    muster = called
    isBegun = true
    calledAt = Date.now()
  }
  const change = async (by: (standing: Muster) => Muster) => {
    muster = await changeMuster(store, at, by)
  }
  const look = async () => {
    muster = (await findJson(store, at, Muster)) ?? muster
  }
  return {
    look,
    async launch(checkpoint) {
      await begin({ ...base, launch: token, resumeFrom: checkpoint ?? null, stage: 'called' })
      log.info('calling the nodes of the training', { nodes, launch: token })
      await allReady(call, async () => {
        await change((standing) => launchedWhenReady(standing, nodes))
        return absent(muster, nodes)
      })
      calledAt = Number.POSITIVE_INFINITY
    },
    recall: (launch, stage) => begin({ ...base, launch, stage }),
    fault: ({ isEnding }) =>
      faultIn(muster, { isEnding, isLate: Date.now() > calledAt + silenceMs }),
    isLeaving: () => isLeaving(muster),
    causeOf: (fault) =>
      awaitCause(call, fault, async () => {
        await look()
        return muster
      }),
    async dismiss() {
      if (!isBegun) return
      await change((standing) => ({ ...standing, stage: 'dismissed' })).catch((error: unknown) =>
        log.warn('the other nodes could not be told that the trainer has ended', { error }),
      )
    },
    async hasNoMore(nodeRank) {
      await look()
      return hasNoMore(muster, nodeRank)
    },
  }
}

/** Finds why a training cannot go on, by musters as they are read one after the other. */
function createFaultSearch({ held, nodes }: Call) {
  let sawEnd = false
  return (
    muster: Muster,
    { isEnding, isLate }: { readonly isEnding: boolean; readonly isLate: boolean },
  ): TrainingFault | undefined => {
    const missing = silent(muster, nodes)
    if (missing.length > 0 && isLate) return missingNodes(missing, nodes)
    const lost = lostNode(muster)
    if (lost !== undefined) return lost
    // Seen twice: the first node's trainer may just be about to say that it has done its last step.
    const ended = hasEnded(muster) && !isEnding
    const isSure = ended && sawEnd
    sawEnd = ended
    const { node } = held.record().supervisor
    return isSure ? causeAmong(muster, { node, fault: undefined }) : undefined
  }
}

/** Looks until the cause is known, or all have said what they know. */
async function awaitCause(
  { held, nodes }: Call,
  fault: TrainingFault,
  look: () => Promise<Muster>,
): Promise<TrainingFault> {
  const deadline = Date.now() + causeMs
  const { node } = held.record().supervisor
  for (;;) {
    const muster = await look()
    const cause = causeAmong(muster, { node, fault }) ?? fault
    const isAll = otherRanks(nodes).every((rank) => hasNoMore(muster, rank))
    if (isCause(cause) || isAll || Date.now() > deadline) return cause
    await wait(lookEveryMs)
  }
}

/** Looks until no node is absent; meanwhile the training is held. */
async function allReady(
  { held, nodes, patienceSeconds }: Call,
  absentNow: () => Promise<readonly number[]>,
): Promise<void> {
  const signal = cancellationSignal()
  const deadline = Date.now() + 1000 * patienceSeconds
  for (let renewAt = 0; ;) {
    const ranks = await absentNow()
    if (ranks.length === 0) return
    const isLate = Date.now() > deadline
    if (signal.aborted || isLate) await held.release()
    signal.throwIfAborted()
    if (isLate) throw failureOf(missingNodes(ranks, nodes))
    if (Date.now() >= renewAt) {
      await held.renew()
      renewAt = Date.now() + renewEveryMs
    }
    await wait(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** A fault as Temporal is told of it. */
export function failureOf({ name, message, isFinal }: TrainingFault): ApplicationFailure {
  return ApplicationFailure.create({ type: `Training-${name}`, nonRetryable: isFinal, message })
}

/** The muster of a training's token, or undefined where it was not called yet. */
export function findMuster(
  store: ObjectStore,
  { key, token }: { readonly key: string; readonly token: number },
): Promise<Muster | undefined> {
  return findJson(store, musterKey(key, token), Muster)
}

/** Changes the muster that stands under a key. */
export function changeMuster(
  store: ObjectStore,
  at: string,
  by: (standing: Muster) => Muster,
): Promise<Muster> {
  return swapDocument(store, { key: at, schema: Muster }, (standing) => {
    if (standing !== undefined) return by(standing)
    throw new Error(`the muster ${store.uri(at)} is gone; start the training again`)
  })
}

/** Where the muster of a training's token stands. */
export function musterKey(key: string, token: number): string {
  return `trainings/musters/${key}/${token}.json`
}

/** Removes the musters of a training that is finished. */
export async function removeMusters(store: ObjectStore, key: string): Promise<void> {
  for await (const each of store.list(`trainings/musters/${key}/`)) await store.remove(each)
}
