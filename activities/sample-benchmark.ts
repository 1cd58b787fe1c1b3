import { join } from 'node:path'
import { cancellationSignal } from '@temporalio/activity'
import type { ModelSite } from '../core/evaluation/evaluation-order.ts'
import { costOf } from '../core/dollars.ts'
import type { BaseModels, ModelFields } from '../core/ports/base-models.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { ModelServer, ServedModel } from '../core/ports/model-server.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { freeSpending } from '../core/ports/spending.ts'
import { usageOfReply } from '../core/read-reply.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Replica } from '../core/serving/engine-command.ts'
import { renderCommand } from '../core/serving/render-command.ts'
import { type Engine, precisionOf } from '../core/serving/serving.ts'
import { shareGpus } from '../core/serving/share-gpus.ts'
import { addCosts } from '../core/tally.ts'
import {
  type AskedModel,
  type Asker,
  type BenchmarkOrder,
  freeCost,
  type SampledBenchmark,
  sampleOnce,
} from './benchmark-samples.ts'
import type { Vault } from './gated-vault.ts'
import { fetchModel } from './model-objects.ts'
import { readRecipe } from './open-run.ts'
import { obtainPaidReplies } from './paid-replies.ts'
import { readModel } from './prepare-student.ts'
import { obtainReplies } from './replies.ts'

/** What sampling a model needs that the pool serves itself. */
export type SampleServedDeps = {
  readonly store: ObjectStore
  readonly vault: Vault
  readonly server: ModelServer
  readonly baseModels: BaseModels
  /** Several servers of one model as one endpoint. */
  readonly connect: (baseURLs: readonly string[]) => ChatEndpoint
  /** Where models are kept on this node. */
  readonly workDirectory: string
  /** The worker's `CUDA_VISIBLE_DEVICES`. */
  readonly visibleGpus: string | undefined
}
export type SampleServedActivities = ReturnType<typeof createSampleServedActivities>
export type SampleEndpointActivities = ReturnType<typeof createSampleEndpointActivities>

type OwnModel = Exclude<ModelSite, { readonly kind: 'endpoint' }>

/** On the evaluation pool: weights are served, and sampled by the code that samples the teacher. */
export function createSampleServedActivities(deps: SampleServedDeps) {
  const { store } = deps
  return {
    /** Samples a model on a benchmark; the server is up only while samples are missing. */
    async sampleServed(order: BenchmarkOrder): Promise<SampledBenchmark> {
      const { site, name } = order.model
      if (site.kind === 'endpoint') throw new Error(`${name} is served by others: ask its endpoint`)
      const recipe = await readRecipe(store, order.recipe)
      const engine = recipe.evaluationEngine
      const asked = await ownModel(store, { site, name, occasion: order.occasion, engine })
      const fields = { name: `model ${name}`, revision: `model ${name}` }
      return sampleOnce(deps, order, {
        recipe,
        asked,
        ask: (kept, use) =>
          whileServed(deps, { site, recipe, name: asked.model, kept, fields }, use),
        costOf: freeCost,
      })
    },
  }
}

/** On the inference pool: a model that others serve, and perhaps are paid for. */
export function createSampleEndpointActivities(deps: {
  readonly store: ObjectStore
  readonly vault: Vault
  readonly endpoint: (name: string) => ChatEndpoint
}) {
  const { store } = deps
  return {
    /** Samples a model on a benchmark at its endpoint, within the recipe's budget. */
    async sampleEndpoint(order: BenchmarkOrder): Promise<SampledBenchmark> {
      const { site, name } = order.model
      if (site.kind !== 'endpoint') throw new Error(`${name} has no endpoint: serve it`)
      const recipe = await readRecipe(store, order.recipe)
      const endpoint = deps.endpoint(site.endpoint)
      const paying = { store, endpoint, recipe, stage: 'evaluate', account: undefined } as const
      return sampleOnce(deps, order, {
        recipe,
        asked: {
          endpoint: site.endpoint,
          model: site.model,
          settingsOf: site.model,
          ofTraining: false,
          identity: [],
        },
        ask: (kept, use) =>
          use({
            obtain: (requests) => obtainPaidReplies(requests, { ...paying, replies: kept }),
            engine: null,
          }),
        costOf: (obtained) =>
          addCosts(obtained.map((each) => costOf(usageOfReply(each), site.model, recipe.prices))),
      })
    },
  }
}

/**
 * What requests to a model of ours name. Its endpoint says of which occasion samples are, and in
 * which precision they were computed: others are other samples.
 */
async function ownModel(
  store: ObjectStore,
  of: { site: OwnModel; name: string; occasion: string; engine: Engine },
): Promise<AskedModel> {
  const { site, name, engine } = of
  const endpoint = `${of.occasion}/${engine.engine}-${precisionOf(engine)}`
  if (site.kind === 'hub') {
    const model = `${site.model}@${site.revision}`
    return { endpoint, model, settingsOf: site.model, ofTraining: false, identity: [model] }
  }
  const { digest } = await readModel(store, site.manifest)
  return { endpoint, model: digest, settingsOf: name, ofTraining: true, identity: [digest] }
}

/** Serves a model for as long as it is used; nothing of the servers runs afterwards. */
async function whileServed<Result>(
  deps: SampleServedDeps,
  of: {
    readonly site: OwnModel
    readonly recipe: Recipe
    readonly name: string
    /** Where replies are kept. */
    readonly kept: ObjectStore
    readonly fields: ModelFields
  },
  use: (asker: Asker) => Promise<Result>,
): Promise<Result> {
  const { server, connect, workDirectory, visibleGpus } = deps
  const { evaluationEngine: engine, sharding } = of.recipe
  const signal = cancellationSignal()
  const found = await findModel(deps, of, engine)
  const started = shareGpus(engine, visibleGpus).map((gpus, at) =>
    server.serve({
      command: (port) => renderCommand(engine, { ...found, name: of.name, port, gpus }),
      workDirectory: join(workDirectory, 'servers', String(at)),
      signal,
    }),
  )
  try {
    const served = await Promise.all(started)
    const asking = {
      store: of.kept,
      endpoint: connect(served.map(({ baseURL }) => baseURL)),
      inFlight: sharding.requestsInFlight,
      spending: freeSpending,
      signal,
    }
    return await use({
      obtain: (requests) => obtainReplies(requests, asking),
      engine: describe(engine, served),
    })
  } finally {
    const ended = await Promise.allSettled(started)
    const up = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    await Promise.all(up.map((served) => served.stop()))
  }
}

/** Where an engine finds the model. */
async function findModel(
  { store, baseModels, workDirectory }: SampleServedDeps,
  { site, fields }: { readonly site: OwnModel; readonly fields: ModelFields },
  engine: Engine,
): Promise<Pick<Replica, 'model' | 'revision'>> {
  if (site.kind === 'weights') {
    const model = await readModel(store, site.manifest)
    const directory = join(workDirectory, 'models', model.digest)
    await fetchModel(store, model, { directory, signal: cancellationSignal() })
    return { model: directory }
  }
  const { model, revision } = site
  // vLLM fetches what it serves.
  if (engine.engine === 'vllm') return { model, revision }
  const directory = join(workDirectory, 'models', `${model.replace('/', '--')}@${revision}`)
  const files = await baseModels.open({ model, revision }, fields)
  await files.bring(files.files, { directory, signal: cancellationSignal() })
  return { model: directory }
}

function describe(engine: Engine, served: readonly ServedModel[]): Asker['engine'] {
  return {
    name: engine.engine,
    version: [...new Set(served.map(({ version }) => version))].join(', '),
    dtype: precisionOf(engine),
    tensorParallel: engine.engine === 'vllm' ? engine.tensorParallel : 1,
  }
}
