import { z } from 'zod'
import { TrainingFault } from './training-fault.ts'
import { KeptCheckpoint, SupersededError } from './training-record.ts'

/**
 * What a node says of itself: it is `ready` to launch, its trainer is `running` or has `ended`, and it
 * is `done` once all is stored that this had finished; it is `lacking` a trainer that was launched
 * before it came, or `leaving` since its machine is taken away.
 */
const NodeState = z.enum(['ready', 'running', 'ended', 'done', 'lacking', 'leaving'])
export type NodeState = z.infer<typeof NodeState>

/** One of the nodes beside the supervisor's, in its own words. */
const NodeWord = z.strictObject({
  /** Names the machine and its work directory. */
  node: z.string(),
  /** Of the activity that speaks: a later one is another incarnation, perhaps on another machine. */
  attempt: z.int().positive(),
  state: NodeState,
  /** Why its trainer ended; null as long as it has not. */
  fault: TrainingFault.nullable(),
})
export type NodeWord = z.infer<typeof NodeWord>

/**
 * How the nodes of one training come together: one document of each token of the training's record,
 * changed by compare-and-swap. The supervisor calls; every other node says what it is at; when all are
 * ready the supervisor lets all launch.
 */
export const Muster = z.strictObject({
  /** The run of the workflow whose nodes are called. */
  runId: z.string(),
  /** The token under which the trainers were launched, or will be: those of one launch run together. */
  launch: z.int().positive(),
  /** `host:port` of node 0. */
  address: z.string(),
  /** The checkpoint that all go on from; null: step 0. */
  resumeFrom: KeptCheckpoint.nullable(),
  stage: z.enum(['called', 'launched', 'dismissed']),
  /** By node rank, from 1 on. */
  words: z.record(z.string(), NodeWord),
})
export type Muster = z.infer<typeof Muster>

/**
 * The muster with what a node says of itself. Throws SupersededError where a later incarnation of the
 * same node has spoken.
 */
export function withWord(muster: Muster, nodeRank: number, word: NodeWord): Muster {
  const standing = muster.words[nodeRank]
  if (standing !== undefined && standing.attempt > word.attempt) {
    const { node, attempt } = standing
    throw new SupersededError({
      workflowId: `node ${nodeRank}`,
      runId: muster.runId,
      attempt,
      node,
    })
  }
  return { ...muster, words: { ...muster.words, [nodeRank]: word } }
}

/** True where a node has said just that already. */
export function hasSaid(muster: Muster, nodeRank: number, word: NodeWord): boolean {
  const standing = muster.words[nodeRank]
  return (
    standing?.attempt === word.attempt &&
    standing.node === word.node &&
    standing.state === word.state
  )
}

/** The muster let go, where all of so many nodes are ready; else as it is. */
export function launchedWhenReady(muster: Muster, nodes: number): Muster {
  return absent(muster, nodes).length === 0 ? { ...muster, stage: 'launched' } : muster
}

/** Ranks of the nodes that are not ready. */
export function absent({ words }: Muster, nodes: number): number[] {
  return otherRanks(nodes).filter((rank) => words[rank]?.state !== 'ready')
}

/** Ranks of the nodes that have said nothing. */
export function silent({ words }: Muster, nodes: number): number[] {
  return otherRanks(nodes).filter((rank) => words[rank] === undefined)
}

/** Ranks of the nodes beside the supervisor's. */
export function otherRanks(nodes: number): number[] {
  return Array.from({ length: nodes - 1 }, (_, at) => at + 1)
}

/** A node that is no longer there as it was launched, or will not be for long; undefined: all are. */
export function lostNode({ words }: Muster): TrainingFault | undefined {
  for (const [rank, { node, state }] of Object.entries(words)) {
    if (state !== 'lacking' && state !== 'leaving') continue
    const what =
      state === 'lacking' ? 'was lost with its trainer, and came anew' : 'is being taken away'
    return {
      name: 'node-lost',
      message: `node ${rank} (${node}) ${what}; all nodes go on from the last checkpoint`,
      isFinal: false,
    }
  }
  return undefined
}

/** True where a node is being taken away: what its trainer has done can still be saved. */
export function isLeaving({ words }: Muster): boolean {
  return Object.values(words).some(({ state }) => state === 'leaving')
}

/** Nodes that are not there. */
export function missingNodes(ranks: readonly number[], nodes: number): TrainingFault {
  const [which, verb] =
    ranks.length === 1 ? [`node ${ranks.join()}`, 'is'] : [`nodes ${ranks.join(', ')}`, 'are']
  return {
    name: 'node-missing',
    message:
      `${nodes - ranks.length} of ${nodes} nodes came, ${which} ${verb} missing; have a worker of ` +
      'the pool training run on each of them, which trains nothing else',
    isFinal: false,
  }
}

/** True where a node will store nothing more of the launch. */
export function hasNoMore({ words }: Muster, nodeRank: number): boolean {
  const state = words[nodeRank]?.state
  return state === 'done' || state === 'lacking'
}

/** True where a node's trainer is there no more. */
export function hasEnded({ words }: Muster): boolean {
  return Object.values(words).some(({ state }) => state === 'ended')
}

/** What processes say that lost another one: seldom the cause. */
const effects: ReadonlyArray<TrainingFault['name']> = ['communication', 'died']

/** Whether a fault explains itself, rather than that of another process. */
export function isCause({ name }: TrainingFault): boolean {
  return !effects.includes(name)
}

/**
 * The fault that is the cause, where the trainers of several nodes have ended: an out-of-memory on one
 * shows as lost connections on all others, and so does a node that is gone. Names its node; `own` is that of node 0, undefined where its
 * trainer runs.
 */
export function causeAmong(
  muster: Muster,
  own: { readonly node: string; readonly fault: TrainingFault | undefined },
): TrainingFault | undefined {
  const all = [['0', own] as const, ...Object.entries(muster.words)].flatMap(
    ([rank, { node, fault }]) =>
      fault === null || fault === undefined
        ? []
        : [{ ...fault, message: `on node ${rank} (${node}): ${fault.message}` }],
  )
  return all.find(isCause) ?? lostNode(muster) ?? all[0]
}
