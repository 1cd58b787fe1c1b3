import { z } from 'zod'
import { InvalidInputError } from '../invalid-input.ts'
import { ObjectRef } from '../object-ref.ts'

/** Who supervises a training: one attempt of one run, on one node. */
export const Supervisor = z.strictObject({
  workflowId: z.string(),
  runId: z.string(),
  attempt: z.int().positive(),
  node: z.string(),
})
export type Supervisor = z.infer<typeof Supervisor>

/** A checkpoint that is whole in the store. */
export const KeptCheckpoint = z.strictObject({
  globalStep: z.int().nonnegative(),
  manifest: ObjectRef,
})
export type KeptCheckpoint = z.infer<typeof KeptCheckpoint>

/**
 * What stands of a training in the store: who may write, and the checkpoints that count. One
 * document, changed by compare-and-swap: whoever takes over raises the token, and a supervisor
 * that has lost it can commit nothing any more, however late it comes back.
 */
export const TrainingRecord = z.strictObject({
  /** Rises with every take-over. */
  token: z.int().positive(),
  supervisor: Supervisor,
  /** ISO 8601, UTC. */
  renewedAt: z.string(),
  /** How long machines were held for it, over all supervisors: what is paid for. */
  heldSeconds: z.number().nonnegative(),
  /** Attempts in a row of one run, up to the one under way, since a checkpoint was stored. */
  fruitless: z.int().nonnegative().default(0),
  /** Complete checkpoints, oldest first. */
  checkpoints: z.array(KeptCheckpoint),
})
export type TrainingRecord = z.infer<typeof TrainingRecord>

/** Another attempt supervises the training now; nothing of this one's counts. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
  readonly successor: Supervisor

  constructor(successor: Supervisor) {
    const { workflowId, attempt, node } = successor
    super(`attempt ${attempt} of ${workflowId} on ${node} has taken this training over`)
    this.successor = successor
  }
}

const longAgo = new Date(0).toISOString()

/** So many attempts in a row without a further checkpoint: their cause is to be looked at. */
export const mostFruitless = 8

/** How long a supervisor that is not heard of keeps another run out. */
const heldMs = 5 * 60_000

/**
 * The record with a new supervisor. A later attempt of the same workflow takes over at once, since
 * the server has given the one before up; another workflow only where the supervisor is not heard
 * of. Throws InvalidInputError naming the run that trains.
 */
export function takenOver(
  record: TrainingRecord | undefined,
  supervisor: Supervisor,
  now: Date,
): TrainingRecord {
  const renewedAt = now.toISOString()
  if (record === undefined) {
    return { token: 1, supervisor, renewedAt, heldSeconds: 0, fruitless: 1, checkpoints: [] }
  }
  const isOther = record.supervisor.workflowId !== supervisor.workflowId
  if (isOther && now.getTime() - Date.parse(record.renewedAt) < heldMs) {
    const { workflowId, node } = record.supervisor
    throw new InvalidInputError(
      `this training is supervised by ${workflowId} on ${node}: wait for it, or cancel it`,
    )
  }
  // Whoever starts a run anew, or has it tried again, has looked at the cause.
  const fruitless = supervisor.attempt === 1 ? 1 : record.fruitless + 1
  return { ...record, token: record.token + 1, supervisor, renewedAt, fruitless }
}

/** The record as its supervisor says that it still is there. Throws SupersededError. */
export function renewed(record: TrainingRecord, token: number, now: Date): TrainingRecord {
  const { heldSeconds, renewedAt } = held(record, token)
  const sinceMs = Math.max(0, now.getTime() - Date.parse(renewedAt))
  return { ...record, renewedAt: now.toISOString(), heldSeconds: heldSeconds + sinceMs / 1000 }
}

/** The record of a training that nobody holds any more: any run may go on with it. */
export function released(record: TrainingRecord, token: number): TrainingRecord {
  return { ...held(record, token), renewedAt: longAgo }
}

/** The record with one more checkpoint; one of the same step is replaced. Throws SupersededError. */
export function withCheckpoint(
  record: TrainingRecord,
  token: number,
  checkpoint: KeptCheckpoint,
): TrainingRecord {
  const others = held(record, token).checkpoints.filter(
    ({ globalStep }) => globalStep !== checkpoint.globalStep,
  )
  const checkpoints = [...others, checkpoint].toSorted((a, b) => a.globalStep - b.globalStep)
  return { ...record, fruitless: 0, checkpoints }
}

/** The record without the checkpoint of a step. Throws SupersededError. */
export function withoutCheckpoint(
  record: TrainingRecord,
  token: number,
  globalStep: number,
): TrainingRecord {
  const checkpoints = held(record, token).checkpoints.filter(
    (each) => each.globalStep !== globalStep,
  )
  return { ...record, checkpoints }
}

/** Checkpoints that a rule keeps, and those that may go. */
export function retained(
  checkpoints: readonly KeptCheckpoint[],
  rule: { readonly keepLast: number; readonly keepEvery: number | null },
): { readonly kept: KeptCheckpoint[]; readonly dropped: KeptCheckpoint[] } {
  const last = new Set(checkpoints.slice(-rule.keepLast))
  const isKept = (each: KeptCheckpoint) =>
    last.has(each) || (rule.keepEvery !== null && each.globalStep % rule.keepEvery === 0)
  return {
    kept: checkpoints.filter(isKept),
    dropped: checkpoints.filter((each) => !isKept(each)),
  }
}

function held(record: TrainingRecord, token: number): TrainingRecord {
  if (record.token === token) return record
  throw new SupersededError(record.supervisor)
}
