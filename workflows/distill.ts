import {
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import { addToTally, type DistillTally, emptyDistillTally } from '../core/distill-tally.ts'
import { type Distillation, distillRound, type OpenShard } from './distill-round.ts'
import { stageProgressSignal } from './messages.ts'

/** A curation to distill. */
export type DistillInput = Distillation & {
  readonly shardsInFlight: number
  /** Set by the workflow itself when it continues as new. */
  readonly resumed?: Resumed
}

/** Where a distillation stands between two executions. */
type Resumed = {
  /** The first shard that was not begun. */
  readonly next: number
  /** Shards that were begun and stand between two rounds. */
  readonly open: readonly OpenShard[]
  readonly tally: DistillTally
}

/** At most so many reports to the parent: its history stays small whatever the size. */
const reports = 20
/** Events that no history of ours goes beyond; the server's own advice comes only then. */
const mostEvents = 4096
/** Events that a round under way may still add: five activities, their workflow tasks, renewed links. */
const eventsOfRound = 36
/** One activity more. */
const eventsOfJudge = 6
/** Besides them, the waits for batches. */
const eventsOfBatch = 120
/** Events before the first round is begun. */
const firstEvents = 8

/**
 * Samples, reformats and verifies shard by shard, a bounded number in flight, each in as many
 * rounds as its problems need. It continues as new between rounds, before its history grows long.
 */
export async function distill(input: DistillInput): Promise<DistillTally> {
  const { shards } = input
  const places = placesOf(input)
  const waiting = [...(input.resumed?.open ?? [])]
  const handedOn: OpenShard[] = []
  let next = input.resumed?.next ?? 0
  let done = next - waiting.length
  let inFlight = 0
  let tally = input.resumed?.tally ?? emptyDistillTally
  let failure: { readonly cause: unknown } | undefined

  const mayGoOn = () => failure === undefined && hasRoom(input)
  const work = async (begun: OpenShard) => {
    try {
      let open: OpenShard | undefined = begun
      do {
        open = await distillRound(input, open, {
          tally: () => tally,
          book: (stage, result) => {
            tally = addToTally(tally, stage, result)
          },
        })
      } while (open !== undefined && mayGoOn())
      if (open !== undefined) {
        handedOn.push(open)
        return
      }
      done += 1
      setCurrentDetails(details(done, shards, tally))
      if (done % Math.ceil(shards / reports) === 0) await reportToParent(tally)
    } catch (cause) {
      failure ??= { cause }
    } finally {
      inFlight -= 1
    }
  }
  try {
    while ((waiting.length > 0 || next < shards) && mayGoOn()) {
      inFlight += 1
      void work(waiting.shift() ?? { shard: next++, round: 0 })
      await condition(() => inFlight < places)
    }
    await condition(() => inFlight === 0)
  } catch (cancelled) {
    // What is in flight ends before the run does: nothing is sent on behalf of one that is over.
    await CancellationScope.nonCancellable(() => condition(() => inFlight === 0))
    throw cancelled
  }
  if (failure !== undefined) throw failure.cause
  const open = [...handedOn, ...waiting]
  if (next < shards || open.length > 0) {
    await continueAsNew<typeof distill>({ ...input, resumed: { next, open, tally } })
  }
  return tally
}

/** Whether the history has room for another round in every place. */
function hasRoom(input: DistillInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo()
  const events = placesOf(input) * roundEvents(input)
  return !continueAsNewSuggested && historyLength <= mostEvents - events
}

/** Shards in flight at once: no more than have room in one history. */
function placesOf(input: DistillInput): number {
  return Math.min(input.shardsInFlight, Math.floor((mostEvents - firstEvents) / roundEvents(input)))
}

function roundEvents({ batch, judges }: DistillInput): number {
  const judging = judges === true ? eventsOfJudge : 0
  return eventsOfRound + judging + (batch === undefined ? 0 : eventsOfBatch)
}

async function reportToParent(tally: DistillTally): Promise<void> {
  const { parent } = workflowInfo()
  if (parent === undefined) return
  const stages = (['sample', 'reformat', 'verify'] as const).map((stage) => {
    const { counts, cost } = tally[stage]
    return { stage, counts, cost }
  })
  await getExternalWorkflowHandle(parent.workflowId).signal(stageProgressSignal, stages)
}

function details(done: number, shards: number, { sample, reformat }: DistillTally): string {
  const traces = reformat.counts['traces'] ?? 0
  return `${done} of ${shards} shards done: ${sample.counts['responses'] ?? 0} responses, ${traces} traces.`
}
