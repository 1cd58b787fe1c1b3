import { CancellationScope, proxyActivities, sleep } from '@temporalio/workflow'
import type { BatchPayer } from '../activities/batch-money.ts'
import type { BatchActivities } from '../activities/batches.ts'
import type { BatchOutcome, BatchPart, BatchRecord } from '../core/batch/batch-record.ts'
import { addToTally, type BatchTally, emptyBatchTally } from '../core/batch/batch-tally.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import { cancellationOf } from './cancellation.ts'
import { options } from './options.ts'

const { planBatches, submitBatch, collectBatch, cancelBatch, settleBatch } =
  proxyActivities<BatchActivities>(options.inference)
const { awaitBatch, reserveBatch } = proxyActivities<BatchActivities>({
  ...options.inference,
  startToCloseTimeout: '5 minutes',
  // A batch has 24 hours; to be queued, finished and cancelled takes some more.
  scheduleToCloseTimeout: '30 hours',
  // Every look is an attempt, and an endpoint that is away for a while loses no batch.
  retry: { ...options.inference.retry, maximumAttempts: Number.POSITIVE_INFINITY },
})

/** Requests to send in batches. */
export type BatchInput = {
  /** Logical name of the endpoint. */
  readonly endpoint: string
  /** Rows of ChatRequest. */
  readonly requests: ObjectRef
  /** Seconds between two looks at a batch. */
  readonly pollSeconds: number
  /** Who pays; absent: nobody counts. */
  readonly payer?: BatchPayer
}

/** How often one request is sent in batches before it is left to whoever asks online. */
const sendings = 3

/** How often an endpoint whose queue is full is asked again, with half as much and after twice as long. */
const queueWaits = 12

/**
 * Has requests answered through the batch interface, as far as that goes: afterwards the reply of
 * each request that was answered is stored as if it had been asked for online, and the others are
 * left to whoever asks online. Requests whose reply is stored are not sent. A cancellation cancels
 * the batches too, and what they had answered is stored.
 */
export async function sendBatch(input: BatchInput): Promise<BatchTally> {
  let tally = emptyBatchTally
  let pending: readonly ObjectRef[] = [input.requests]
  let atMost: number | null = null
  let waits = 0
  for (let sending = 1; pending.length > 0 && sending <= sendings;) {
    const sent = await sendOnce(input, { pending, atMost, sending })
    const requested = tally.requested === 0 ? sent.plan.requested : 0
    tally = addToTally(addToTally(tally, sent.tally), { requested })
    pending = sent.leftover
    if (sent.queueFull && waits < queueWaits) {
      waits += 1
      atMost = half(sent.plan.parts)
      const seconds = Math.min(input.pollSeconds * 2 ** waits, 3600)
      await sleep(1000 * seconds, { summary: 'the queue of the endpoint is full' })
    } else sending += 1
  }
  return addToTally(tally, { failed: pending.reduce((sum, { rows = 0 }) => sum + rows, 0) })
}

type Sending = {
  readonly pending: readonly ObjectRef[]
  readonly atMost: number | null
  /** 1 for the first. */
  readonly sending: number
}

async function sendOnce(input: BatchInput, { pending, atMost, sending }: Sending) {
  const plan = await planBatches.executeWithOptions(
    { summary: sending === 1 ? 'plan the batches' : 'plan the batches of what was not answered' },
    [{ endpoint: input.endpoint, requests: pending, atMost }],
  )
  const outcomes = await Promise.all(plan.parts.map((part) => answerPart(input, part, sending)))
  const planned = addToTally(emptyBatchTally, { stored: plan.stored, failed: plan.tooLarge })
  return {
    plan,
    tally: outcomes.reduce((sum, outcome) => addToTally(sum, tallyOf(outcome, sending)), planned),
    leftover: outcomes.flatMap(({ leftover }) => leftover ?? []),
    queueFull: outcomes.some(({ queueFull }) => queueFull),
  }
}

async function answerPart(
  { pollSeconds, payer }: BatchInput,
  part: BatchPart,
  sending: number,
): Promise<BatchOutcome> {
  const { endpoint } = part
  const summary = (verb: string) => ({ summary: `${verb} a batch of ${part.requests.rows ?? 0}` })
  const paidBy = payer && (await reserveBatch.executeWithOptions(summary('pay'), [{ part, payer }]))
  const order = { part, ...(paidBy === undefined ? {} : { paidBy }) }
  const settle = async () => {
    if (payer === undefined || paidBy === undefined) return
    const { account } = payer
    await settleBatch.executeWithOptions(summary('settle'), [{ account, lease: paidBy }])
  }
  const seeThrough = async (record: BatchRecord) => {
    const look = { endpoint, batchId: record.batchId, pollSeconds }
    await awaitBatch.executeWithOptions(summary('wait for'), [look])
    const collection = { part, record, sending }
    return collectBatch.executeWithOptions(summary('collect'), [collection])
  }
  try {
    const record = await submitBatch.executeWithOptions(summary('send'), [order])
    const outcome = await seeThrough(record)
    await settle()
    return outcome
  } catch (error) {
    const cancellation = cancellationOf(error)
    if (cancellation === undefined) throw error
    await CancellationScope.nonCancellable(async () => {
      const record = await cancelBatch.executeWithOptions(summary('cancel'), [order])
      if (record !== null) await seeThrough(record)
      await settle()
    })
    throw cancellation
  }
}

function tallyOf(outcome: BatchOutcome, sending: number): Partial<BatchTally> {
  const { submitted, answered, setAside, refused, usage, reasons } = outcome
  return {
    submitted,
    resubmitted: sending > 1 ? submitted : 0,
    answered,
    failed: refused,
    setAside: setAside?.rows ?? 0,
    batches: 1,
    usage,
    reasons,
  }
}

/** So many requests a batch that the largest that was sent becomes two. */
function half(parts: readonly BatchPart[]): number {
  const largest = Math.max(...parts.map(({ requests }) => requests.rows ?? 1))
  return Math.max(1, Math.ceil(largest / 2))
}
