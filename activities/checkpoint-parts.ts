import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { ModelFileName } from '../core/checkpoint.ts'
import { parseInput } from '../core/invalid-input.ts'
import { inTurn } from '../core/in-turn.ts'
import { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { otherRanks } from '../core/training/muster.ts'
import { filesInFlight as atOnce } from '../core/transfer-plan.ts'
import { findJson, writeJson } from './artifacts.ts'
import { filesIn, uploadFile } from './model-objects.ts'
import type { OtherNodes } from './training-muster.ts'

/** What one node stores of a checkpoint: each process writes its state on its own node. */
const CheckpointPart = z.strictObject({ files: z.record(ModelFileName, ObjectRef) })

/** A checkpoint of which other nodes did not store their part in time; it never counts. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError'
}

/** Parts that other nodes are to store. */
export type AwaitedParts = {
  /** The files that all other nodes store of a step's checkpoint, once all have. Throws MissingPartError. */
  of(target: string): Promise<Readonly<Record<string, ObjectRef>>>
  /** From now on waits for some minutes only: no trainer runs, so what is not stored soon never is. */
  hurry(): void
}

/** Of a node that trains alone. */
export const noParts: AwaitedParts = { of: async () => ({}), hurry: () => {} }

const lookEveryMs = 500
/** A worker that is away just now may still store what its node has. */
const hurriedMs = 2 * 60_000

/** Where the checkpoints go that one launch of several nodes writes: two launches never mix. */
export function launchPrefix(key: string, launch: number): string {
  return `checkpoints/${key}/launch-${launch}`
}

/** Where the checkpoint of a step goes. */
export function stepPrefix(prefix: string, step: number): string {
  return `${prefix}/step-${String(step).padStart(6, '0')}`
}

/** Stores this node's files of a checkpoint, and then says so. */
export async function sendPart(
  store: ObjectStore,
  target: string,
  { directory, nodeRank }: { readonly directory: string; readonly nodeRank: number },
): Promise<void> {
  const names = parseInput(z.array(ModelFileName), await filesIn(directory), 'checkpoint files')
  const uploaded = await inTurn(names, { atOnce }, async (name, signal) => {
    const path = join(directory, name)
    return [name, await uploadFile(store, `${target}/${name}`, { path, signal })] as const
  })
  await writeJson(store, partKey(target, nodeRank), { files: Object.fromEntries(uploaded) })
}

/** Waits for the parts of all nodes but the first, as long as more may come. */
export function awaitParts(
  store: ObjectStore,
  { nodes, others }: { readonly nodes: number; readonly others: Pick<OtherNodes, 'hasNoMore'> },
): AwaitedParts {
  let deadline = Number.POSITIVE_INFINITY
  return {
    async of(target) {
      const parts = await Promise.all(otherRanks(nodes).map((rank) => part(target, rank)))
      return Object.assign({}, ...parts)
    },
    hurry() {
      deadline = Math.min(deadline, Date.now() + hurriedMs)
    },
  }

  async function part(target: string, rank: number) {
    for (;;) {
      // Asked first: what is stored before it says so is found.
      const isLast = (await others.hasNoMore(rank)) || Date.now() >= deadline
      const found = await findJson(store, partKey(target, rank), CheckpointPart)
      if (found !== undefined) return found.files
      if (isLast) {
        throw new MissingPartError(
          `node ${rank} has not stored its part of ${store.uri(target)}; the checkpoint does not count`,
        )
      }
      await wait(lookEveryMs)
    }
  }
}

function partKey(target: string, nodeRank: number): string {
  return `${target}/part-${nodeRank}.json`
}
