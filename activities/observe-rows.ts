import { type JudgedTrace, judgedTraces, type ShardRows } from '../core/dataset/shard-rows.ts'
import { questionOn } from '../core/grading/judge-question.ts'
import { hasSpoken, judgeFinding, judgeRequest } from '../core/grading/judge-request.ts'
import type { Cost, Stage } from '../core/manifest.ts'
import type { ObservedRow } from '../core/money/estimate/estimate.ts'
import { inDollars, priceAmong, priceOf } from '../core/money/price.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Problem } from '../core/problem.ts'
import { type Obtained, readReply } from '../core/read-reply.ts'
import type { Recipe } from '../core/recipe.ts'
import {
  beginReformat,
  endReformat,
  reformatRequest,
} from '../core/reformatting/reformat-response.ts'
import { type ChatRequest, requestDigest, type Response } from '../core/response.ts'
import { escalated } from '../core/sampling/answer.ts'
import { teacherRequest } from '../core/sampling/teacher-request.ts'
import { addCosts, noCost } from '../core/tally.ts'
import { findRawReply } from './stored-replies.ts'

/** Everything that was sent for a request. */
type Sent = {
  readonly cost: Cost
  readonly seconds: number
  readonly last: Obtained | undefined
}

type Observing = { readonly store: ObjectStore; readonly recipe: Recipe }

/** What each problem of a distilled shard came to, whoever paid: its requests are made again, and their stored replies read. */
export async function observeRows(rows: ShardRows, observing: Observing): Promise<ObservedRow[]> {
  const observed: ObservedRow[] = []
  const traces = judgedTraces(rows)
  for (const problem of rows.problems) {
    const ofProblem = ({ problemId }: { readonly problemId: string }) => problemId === problem.id
    const responses = rows.responses.filter(ofProblem)
    const indexes = [...responses, ...rows.deadLetters.filter(ofProblem)].map(({ index }) => index)
    const sampled: Sent[] = []
    for (const index of new Set(indexes)) {
      sampled.push(...(await sampling(problem, index, observing)))
    }
    const reformatted: Sent[] = []
    for (const response of responses) {
      reformatted.push(...(await reformatting(problem, response, observing)))
    }
    const judged: Sent[] = []
    for (const trace of traces) {
      if (trace.problem === problem) judged.push(...(await judging(trace, observing)))
    }
    observed.push({
      source: problem.source,
      accepted: rows.verdicts.some((each) => ofProblem(each) && each.outcome === 'accepted'),
      seconds: [...sampled, ...reformatted, ...judged].reduce(
        (sum, { seconds }) => sum + seconds,
        0,
      ),
      costs: {
        sample: costOf(sampled),
        reformat: costOf(reformatted),
        ...(observing.recipe.grading.judge === null ? {} : { verify: costOf(judged) }),
      },
    })
  }
  return observed
}

async function sampling(problem: Problem, index: number, observing: Observing): Promise<Sent[]> {
  const { recipe } = observing
  const request = teacherRequest(recipe, problem, { problemId: problem.id, index })
  if (request === undefined) return []
  const first = await sent(request, 'sample', observing)
  if (first.last === undefined) return [first]
  const longer = escalated({ request, obtained: first.last }, recipe.teacher.escalateTo)
  return longer === undefined ? [first] : [first, await sent(longer, 'sample', observing)]
}

async function reformatting(
  problem: Problem,
  response: Response,
  observing: Observing,
): Promise<Sent[]> {
  const { attempts, minimumKept } = observing.recipe.reformatter
  const all: Sent[] = []
  let result = beginReformat({ problem, response })
  for (let attempt = 1; attempt <= attempts && result.kind === 'unformatted'; attempt++) {
    const request = reformatRequest(observing.recipe, result.item, attempt)
    const each = await sent(request, 'reformat', observing)
    if (each.last === undefined) return all
    all.push(each)
    result = endReformat(result.item, { request, obtained: each.last }, minimumKept)
  }
  return all
}

/** Empty where no judge was asked about the trace. */
async function judging(
  { problem, verdict: { judged, extracted } }: JudgedTrace,
  observing: Observing,
): Promise<Sent[]> {
  const { grading, seed } = observing.recipe
  const { judge } = grading
  if (judge === null || judged === undefined) return []
  const question = questionOn(problem, { ...judged.rule, extracted })
  const all: Sent[] = []
  if (question === undefined) return all
  for (let asking = 0; ; asking++) {
    const request = judgeRequest(question, { judge, seed }, asking)
    const each = await sent(request, 'verify', observing)
    if (each.last === undefined) return all
    all.push(each)
    if (hasSpoken(judgeFinding(request, each.last))) return all
  }
}

async function sent(
  request: ChatRequest,
  stage: Extract<Stage, 'sample' | 'reformat' | 'verify'>,
  { store, recipe }: Observing,
): Promise<Sent> {
  const { batch } = recipe.reformatter
  // The plan pays what the recipe's way of asking costs, however these rows were asked for.
  const factor = stage === 'reformat' && batch !== null ? batch.priceFactor : 1
  const rate = { ...priceAmong(recipe.prices, request.model), factor }
  let all: Sent = { cost: noCost, seconds: 0, last: undefined }
  for (let attempt = 1; ; attempt++) {
    const raw = await findRawReply(store, requestDigest(request), attempt)
    if (raw === undefined) return all
    const last = readReply(raw)
    const { usage } = last.reply ?? last
    const cost = { ...usage, requests: 1, dollars: inDollars(priceOf(usage, rate)) }
    all = { cost: addCosts([all.cost, cost]), seconds: all.seconds + raw.latencyMs / 1000, last }
  }
}

function costOf(sendings: readonly Sent[]): Cost {
  return addCosts(sendings.map(({ cost }) => cost))
}
