import { askingOf, evaluationMessages, promptDigestOf, seedOf } from '../core/benchmarks/asking.ts'
import type { Asking } from '../core/benchmarks/benchmark.ts'
import type { Question } from '../core/benchmarks/question.ts'
import type { NamedModel } from '../core/evaluation/evaluation-order.ts'
import { checkFailureBudget } from '../core/failure-budget.ts'
import type { Cost } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { type Obtained, usageOfReply } from '../core/read-reply.ts'
import type { Recipe } from '../core/recipe.ts'
import { type ChatRequest, type Response, requestDigest, responseId } from '../core/response.ts'
import type { SampledSettings } from '../core/score.ts'
import { addCosts, noCost } from '../core/tally.ts'
import { writeJson, writeRows } from './artifacts.ts'
import { benchmarkOf, readQuestions, shardName } from './benchmark-problems.ts'
import type { Vault } from './gated-vault.ts'
import { sealOnce, stagePrefix } from './manifests.ts'

/** A model to sample on a benchmark. */
export type BenchmarkOrder = {
  readonly recipe: ObjectRef
  readonly benchmark: string
  /** Key of the benchmark's problems. */
  readonly problems: string
  readonly model: NamedModel
  readonly occasion: string
}

/** Key of the responses of a model on a benchmark. */
export type SampledBenchmark = { readonly sampled: string }

/** One sample to draw. */
type Draw = { readonly question: Question; readonly index: number; readonly request: ChatRequest }

/** Whoever is asked, and what is known of it. */
export type AskedModel = {
  /** What requests name: the logical endpoint, and the model there. */
  readonly endpoint: string
  readonly model: string
  /** The name by which a benchmark's settings know the model. */
  readonly settingsOf: string
  readonly ofTraining: boolean
  /** Whatever else the samples depend on. */
  readonly identity: readonly string[]
}

/** What answers requests, from when it is needed. */
export type Asker = {
  /** Replies to requests, in their order. */
  readonly obtain: (requests: readonly ChatRequest[]) => Promise<Obtained[]>
  readonly engine: SampledSettings['engine']
}

/**
 * Samples a model on a benchmark, shard by shard; samples that stand are found, and where all do,
 * nobody is asked and no server is started. Throws FailureBudgetExceededError where too many requests
 * got no usable reply.
 */
export async function sampleOnce(
  { store, vault }: { readonly store: ObjectStore; readonly vault: Vault },
  order: BenchmarkOrder,
  {
    recipe,
    asked,
    ask,
    costOf,
  }: {
    /** The order's. */
    readonly recipe: Recipe
    readonly asked: AskedModel
    /** Lends who answers; replies are kept in the store that is given. */
    readonly ask: <Result>(
      kept: ObjectStore,
      use: (asker: Asker) => Promise<Result>,
    ) => Promise<Result>
    readonly costOf: (obtained: readonly Obtained[]) => Cost
  },
): Promise<SampledBenchmark> {
  const benchmark = benchmarkOf(recipe, order.benchmark)
  const asking = askingOf(benchmark, { model: asked.settingsOf, ofTraining: asked.ofTraining })
  const kept = vault(benchmark)
  const seed = seedOf(recipe.seed, order.occasion)
  const identity = {
    stage: 'sample',
    inputs: [order.problems, ...asked.identity],
    config: {
      asking,
      occasion: order.occasion,
      seed,
      endpoint: asked.endpoint,
      model: asked.model,
    },
    codeVersion: 2,
  } as const
  const { manifest } = await sealOnce(store, identity, (key) =>
    ask(kept, async ({ obtain, engine }) => {
      const prefix = stagePrefix('sample', key)
      const questions = await readQuestions(store, order.problems, kept)
      const outputs: Record<string, ObjectRef> = {}
      const costs: Cost[] = []
      const lost = new Map<string, number>()
      let responses = 0
      for (const [shard, ofShard] of Map.groupBy(questions, (each) => each.shard)) {
        const draws = ofShard.flatMap((question) => drawsOf(question, { asked, asking, seed }))
        const obtained = await obtain(draws.map(({ request }) => request))
        const rows = draws.flatMap((draw, at) => toResponse(draw, obtained[at], lost) ?? [])
        costs.push(costOf(obtained))
        responses += rows.length
        const name = shardName('responses', shard)
        outputs[name] = await writeRows(kept, `${prefix}/${name}.jsonl.gz`, rows)
      }
      checkReplies(recipe, asked, { responses, lost })
      const settings = settingsOf(asking, { seed, engine })
      outputs['settings'] = await writeJson(store, `${prefix}/settings.json`, settings)
      const missing = [...lost.values()].reduce((sum, count) => sum + count, 0)
      return { outputs, counts: { responses, missing }, cost: addCosts(costs) }
    }),
  )
  return { sampled: manifest.key }
}

function drawsOf(
  question: Question,
  { asked, asking, seed }: { asked: AskedModel; asking: Asking; seed: number },
): Draw[] {
  const { samples, temperature, topP, maxTokens, stop } = asking
  return Array.from({ length: samples }, (_, index) => ({
    question,
    index,
    request: {
      endpoint: asked.endpoint,
      model: asked.model,
      messages: evaluationMessages(asking, question.prompt),
      temperature,
      // What is usual is not said: some endpoints refuse what they do not know.
      ...(topP === 1 ? {} : { topP }),
      ...(stop.length === 0 ? {} : { stop }),
      maxTokens,
      seed: seed + index,
    },
  }))
}

/** The sample as a row; undefined where no reply could be used, which is then counted by its reason. */
function toResponse(
  { question: { problemId }, index, request }: Draw,
  obtained: Obtained | undefined,
  lost: Map<string, number>,
): Response | undefined {
  if (obtained === undefined) throw new Error(`problem ${problemId} was left without a reply`)
  const digest = requestDigest(request)
  const row = { id: responseId(problemId, index, digest), request: digest, problemId, index }
  const { model } = request
  if (obtained.reply !== undefined) {
    const { text, finishReason, usage } = obtained.reply
    return { ...row, model, text, finishReason, usage }
  }
  // A model that says nothing answers wrong; any other reply of no use is its server's fault.
  if (obtained.unusable === 'reply-empty') {
    return { ...row, model, text: '', finishReason: 'stop', usage: obtained.usage }
  }
  lost.set(obtained.unusable, (lost.get(obtained.unusable) ?? 0) + 1)
  return undefined
}

function checkReplies(
  { failureBudget }: Recipe,
  { endpoint }: AskedModel,
  { responses, lost }: { responses: number; lost: ReadonlyMap<string, number> },
): void {
  const failed = [...lost.values()].reduce((sum, count) => sum + count, 0)
  checkFailureBudget({
    of: `endpoint ${endpoint}`,
    unit: 'replies',
    total: responses + failed,
    reasons: lost,
    budget: failureBudget.replies,
    field: 'failureBudget.replies',
    mend: 'mend the endpoint',
  })
}

function settingsOf(asking: Asking, by: Pick<SampledSettings, 'seed' | 'engine'>): SampledSettings {
  const { samples, temperature, topP, maxTokens } = asking
  return { samples, temperature, topP, maxTokens, prompt: promptDigestOf(asking), ...by }
}

/** What replies used of a model that nobody is paid for. */
export function freeCost(obtained: readonly Obtained[]): Cost {
  return addCosts(obtained.map((each) => ({ ...noCost, ...usageOfReply(each), requests: 1 })))
}
