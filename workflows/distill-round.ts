import { ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { CloseRoundActivities } from '../activities/distilled-shards.ts'
import type { JudgeActivities } from '../activities/judge.ts'
import type { ReformatActivities, ReformatShard } from '../activities/reformat.ts'
import type { SampleActivities } from '../activities/sample.ts'
import type { DistillTally, StageTally } from '../core/distill-tally.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import { replyTally } from '../core/sampling/reply-budget.ts'
import type { ShardResult } from '../core/stage-result.ts'
import { noCost } from '../core/tally.ts'
import { sendBatch } from './batch.ts'
import { grade } from './grade.ts'
import { options } from './options.ts'

const { sampleShard } = proxyActivities<SampleActivities>(options.inference)
const { reformatShard, outstandingReformats } = proxyActivities<ReformatActivities>(
  options.inference,
)
const { judgeShard } = proxyActivities<JudgeActivities>(options.inference)
const { closeRound } = proxyActivities<CloseRoundActivities>(options.io)

/** What every round of a distillation is given. */
export type Distillation = {
  readonly recipe: ObjectRef
  /** Key of the curation. */
  readonly curated: string
  readonly shards: number
  /** The run's account; unset: this workflow pays for itself. */
  readonly account?: string
  /** Set where reformatting goes through the endpoint's batch interface. */
  readonly batch?: ReformatBatch
  /** Set where a judge is asked about traces that the rules cannot decide. */
  readonly judges?: boolean
  /** How often a person had the run go on that had stopped over unusable replies. */
  readonly pardons?: number
}

/** How reformatting requests travel in batches. */
export type ReformatBatch = { readonly endpoint: string; readonly pollSeconds: number }

/** A shard that is not done: which round is next, and where it stands after the ones before. */
export type OpenShard = {
  readonly shard: number
  /** 0 for the first. */
  readonly round: number
  readonly progress?: ObjectRef
}

/** The distillation's tally, which rounds in flight together read and add to. */
export type SharedTally = {
  readonly tally: () => DistillTally
  readonly book: (stage: keyof DistillTally, result: StageTally) => void
}

/** As often as a response can be refused: each refusal makes a further request. */
const mostSendings = 5

/** One round of a shard: samples, reformats, grades, closes. Gives what is left, or undefined when it is sealed. */
export async function distillRound(
  input: Distillation,
  open: OpenShard,
  { tally, book }: SharedTally,
): Promise<OpenShard | undefined> {
  const { recipe, curated } = input
  const { shard, progress } = open
  const what = describe(open, input)
  const summary = (verb: string) => ({ summary: `${verb} ${what}` })
  const pays = input.account === undefined ? {} : { account: input.account }
  const asking = (stage: keyof DistillTally) => ({
    ...pays,
    soFar: { ...replyTally(tally()[stage].counts), pardons: input.pardons ?? 0 },
  })
  const order = { recipe, curated, shard, ...(progress === undefined ? {} : { progress }) }
  const sampled = await sampleShard.executeWithOptions(summary('sample'), [
    { ...order, ...asking('sample') },
  ])
  book('sample', sampled)
  const [problems, responses] = [output(sampled, 'problems'), output(sampled, 'responses')]
  const material = { recipe, problems, responses }
  if (input.batch !== undefined)
    await reformatInBatches(input.batch, { ...material, ...asking('reformat') }, what)
  const reformatted = await reformatShard.executeWithOptions(summary('reformat'), [
    { ...material, ...asking('reformat') },
  ])
  book('reformat', reformatted)
  const [traces, deadLetters] = [output(reformatted, 'traces'), output(reformatted, 'deadLetters')]
  const graded = await grade({ recipe, problems, submissions: traces, kind: 'traces' }, what)
  let { verdicts } = graded
  if (input.judges === true) {
    const judged = await judgeShard.executeWithOptions(summary('judge'), [
      { recipe, problems, verdicts, ...asking('verify') },
    ])
    book('verify', judged)
    verdicts = judged.verdicts
  }
  const unanswered = output(sampled, 'unanswered')
  const closed = await closeRound.executeWithOptions(summary('close'), [
    {
      ...order,
      problems,
      round: { responses, unanswered, traces, deadLetters },
      verdicts,
    },
  ])
  const counts = closed.sealed ? closed.counts : {}
  book('verify', { counts, cost: noCost, reused: graded.reused })
  if (closed.sealed) return undefined
  return { shard, round: open.round + 1, progress: closed.progress }
}

/** Has what reformatting waits for answered in batches; what they leave is asked for online. */
async function reformatInBatches(
  { endpoint, pollSeconds }: ReformatBatch,
  material: ReformatShard,
  what: string,
): Promise<void> {
  for (let sending = 1; sending <= mostSendings; sending++) {
    const summary = { summary: `see what to reformat of ${what}` }
    const { requests, count } = await outstandingReformats.executeWithOptions(summary, [material])
    if (count === 0) return
    const { account, recipe } = material
    const payer = account === undefined ? {} : { payer: { account, recipe } }
    const { answered } = await sendBatch({ endpoint, requests, pollSeconds, ...payer })
    if (answered === 0) return
  }
}

function describe({ shard, round }: OpenShard, { shards }: Distillation): string {
  const which = `shard ${shard + 1} of ${shards}`
  return round === 0 ? which : `${which}, round ${round + 1}`
}

function output({ outputs }: ShardResult, name: string): ObjectRef {
  const ref = outputs[name]
  if (ref === undefined) throw ApplicationFailure.nonRetryable(`a shard came without its ${name}`)
  return ref
}
