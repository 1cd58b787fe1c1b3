import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Runtime } from '@temporalio/worker'
import { createAssembleActivities } from '../activities/assemble.ts'
import { createBatchActivities } from '../activities/batches.ts'
import { createCurateActivities } from '../activities/curate.ts'
import { createCloseRoundActivities } from '../activities/distilled-shards.ts'
import { createVault } from '../activities/gated-vault.ts'
import { createJoinTrainingActivities } from '../activities/join-training.ts'
import { createJudgeActivities } from '../activities/judge.ts'
import { createLabelActivities } from '../activities/label-difficulty.ts'
import { createEstimateActivities } from '../activities/estimate.ts'
import { createLedgerActivities } from '../activities/ledger.ts'
import { createNightActivities } from '../activities/night.ts'
import {
  createEndpointChecks,
  createOpenRunActivities,
  createSandboxChecks,
  createTrainerChecks,
} from '../activities/open-run.ts'
import { createOpenTrainingActivities } from '../activities/open-training.ts'
import { createPrepareStudentActivities } from '../activities/prepare-student.ts'
import { createReformatActivities } from '../activities/reformat.ts'
import { createReleaseActivities } from '../activities/release.ts'
import { createReportActivities } from '../activities/report.ts'
import { createBenchmarkProblemsActivities } from '../activities/benchmark-problems.ts'
import {
  createEvaluationChecks,
  createOpenEvaluationActivities,
} from '../activities/open-evaluation.ts'
import { createRecordEvaluationActivities } from '../activities/record-evaluation.ts'
import {
  createSampleEndpointActivities,
  createSampleServedActivities,
} from '../activities/sample-benchmark.ts'
import { createSampleActivities } from '../activities/sample.ts'
import { createScoreBenchmarkActivities } from '../activities/score-benchmark.ts'
import { createServeTeacherActivities } from '../activities/serve-teacher.ts'
import { createTrainActivities } from '../activities/train.ts'
import { createTrainingRequestActivities } from '../activities/training-requests.ts'
import { tellWorkflow } from '../activities/training-watch.ts'
import { createGradeActivities, createGradingOrderActivities } from '../activities/verify.ts'
import { createBaseModels } from '../adapters/base-models.ts'
import { createBalancedEndpoint } from '../adapters/balanced-endpoint.ts'
import { createLlamaFactoryTrainer } from '../adapters/llama-factory-trainer.ts'
import { createLocalModelServer } from '../adapters/local-model-server.ts'
import { createMathVerifyPool } from '../adapters/math-verify/math-verify-pool.ts'
import { createOpenAiEndpoint } from '../adapters/openai-endpoint.ts'
import { parquetTableFiles } from '../adapters/parquet-table-files.ts'
import { createProblemSource } from '../adapters/problem-source.ts'
import { S3ObjectStore } from '../adapters/s3-object-store.ts'
import { createCodeSandbox } from '../adapters/sandbox/code-sandbox.ts'
import { createWebhook } from '../adapters/webhook.ts'
import { digestOf } from '../core/digest.ts'
import { batchLimits } from '../core/batch/split-requests.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { ModelServer } from '../core/ports/model-server.ts'
import { unlimited } from '../core/ports/request-limits.ts'
import { queues } from '../workflows/options.ts'
import { type Admission, createAdmission } from './admission.ts'
import { isAddressed } from './endpoint-settings.ts'
import { batchEndpointsOf, endpointsOf, modelServerIdleMs } from './endpoints.ts'
import type { Deployment } from './environment.ts'
import { shelves } from './recipe-shelf.ts'

/** A pool by its name: what it polls, what it runs, and what it must close. */
export type Pool = {
  readonly taskQueue: string
  readonly activities: Readonly<Record<string, (...args: never[]) => Promise<unknown>>>
  /** Activities at once in this process. */
  readonly slots: number
  /** How long its activities go on before they hear that the worker stops; left out: the usual time. */
  readonly graceMs?: number
  /** What it does before it takes work, and the queue on which it says how that went. */
  readonly door?: Door
  readonly close?: () => Promise<void>
}

/** Where a pool that has to prove something is asked whether it has. */
export type Door = Pick<Pool, 'taskQueue' | 'activities' | 'slots'> & {
  readonly admission: Admission
}

export type PoolName = keyof typeof poolsByName

/** Programs of the trainer's environment. */
const trainerPrograms = fileURLToPath(new URL('../infra/trainer', import.meta.url))

/** Every pool. `control` runs workflows and is made in main; a pool that is not started builds nothing. */
export const poolsByName = { io, inference, sandbox, training, evaluation } satisfies Record<
  string,
  (deployment: Deployment) => Pool
>

function io(deployment: Deployment): Pool {
  const store = new S3ObjectStore(deployment.s3)
  const vault = createVault(store, deployment.sealingSecret)
  const problemSource = createProblemSource(deployment)
  const baseModels = createBaseModels(deployment.hub)
  const workDirectory = join(deployment.stateDirectory, 'releases')
  return {
    taskQueue: queues.io,
    slots: 16,
    activities: {
      ...createOpenRunActivities({ store, vault, problemSource, baseModels, ...shelves }),
      ...createOpenTrainingActivities({ store, baseModels, ...shelves }),
      ...createOpenEvaluationActivities({
        store,
        vault,
        problemSource,
        baseModels,
        ...shelves,
      }),
      ...createBenchmarkProblemsActivities({ store, problemSource, vault }),
      ...createCurateActivities({ store, problemSource }),
      ...createGradingOrderActivities({ store }),
      ...createCloseRoundActivities({ store }),
      ...createAssembleActivities({ store }),
      ...createReleaseActivities({ store, tables: parquetTableFiles, workDirectory }),
      ...createScoreBenchmarkActivities({ store, vault }),
      ...createRecordEvaluationActivities({ store, vault }),
      ...createLedgerActivities({ store }),
      ...createEstimateActivities({ store }),
      ...createReportActivities({ store }),
      ...createNightActivities({
        store,
        vault,
        problemSource,
        baseModels,
        ...shelves,
        tell:
          deployment.alertWebhook === undefined
            ? undefined
            : createWebhook(deployment.alertWebhook),
      }),
      ...createTrainingRequestActivities({ store }),
    },
  }
}

function inference(deployment: Deployment): Pool {
  const store = new S3ObjectStore(deployment.s3)
  const vault = createVault(store, deployment.sealingSecret)
  const endpoint = endpointsOf(process.env, store)
  const batchEndpoint = batchEndpointsOf(process.env)
  return {
    taskQueue: queues.inference,
    slots: 8,
    activities: {
      ...createEndpointChecks({ store, endpoint }),
      ...createEvaluationChecks({ endpoint }),
      ...createSampleEndpointActivities({ store, vault, endpoint }),
      ...createLabelActivities({ store, endpoint }),
      ...createSampleActivities({ store, endpoint }),
      ...createReformatActivities({ store, endpoint }),
      ...createJudgeActivities({ store, endpoint }),
      ...createBatchActivities({ store, endpoint: batchEndpoint, limits: batchLimits }),
      ...createServeTeacherActivities({
        store,
        server: modelServer(deployment),
        workDirectory: join(deployment.stateDirectory, 'serving'),
        visibleGpus: deployment.visibleGpus,
        isGiven: (name) => isAddressed(process.env, name),
      }),
    },
  }
}

function sandbox({ python, sandboxImage, proofDirectory }: Deployment): Pool {
  const parallelism = availableParallelism()
  const codeSandbox = createCodeSandbox({
    python: python.sandbox ?? 'python3',
    image: sandboxImage,
    parallelism,
    proofs: proofDirectory,
    proving: (programs) =>
      Runtime.instance().logger.info(
        `proving that the sandbox holds ${programs} hostile programs before it takes work`,
      ),
  })
  const mathGrader = createMathVerifyPool({
    python: python.grader ?? 'python3',
    processes: parallelism,
  })
  const admission = createAdmission({
    prove: () => codeSandbox.prove(),
    refused: ({ message }) => Runtime.instance().logger.error(`taking no work: ${message}`),
    retryMs: 60_000,
  })
  return {
    taskQueue: queues.sandbox,
    slots: 2,
    door: {
      taskQueue: queues.sandboxDoor,
      slots: 16,
      activities: createSandboxChecks({ sandbox: { prove: () => admission.check() } }),
      admission,
    },
    activities: {
      // Twice the processors: some wait for math-verify while others wait for the sandbox.
      ...createGradeActivities({ mathGrader, sandbox: codeSandbox, parallelism: 2 * parallelism }),
    },
    async close() {
      await Promise.all([codeSandbox.close(), mathGrader.close()])
    },
  }
}

function training(deployment: Deployment): Pool {
  const { python, stateDirectory, trainerOutlives, nodeAddress } = deployment
  const trainer = createLlamaFactoryTrainer({ python: python.trainer, programs: trainerPrograms })
  const store = new S3ObjectStore(deployment.s3)
  const baseModels = createBaseModels(deployment.hub)
  const workDirectory = join(stateDirectory, 'training')
  const deps = { store, trainer, baseModels, workDirectory, nodeAddress }
  const node = { ...deps, outlives: trainerOutlives, node: nodeOf(stateDirectory) }
  return {
    taskQueue: queues.training,
    slots: 1,
    // The notice of a machine that is taken away is short: the checkpoint needs all of it.
    ...(trainerOutlives ? {} : { graceMs: 0 }),
    activities: {
      ...createTrainerChecks(deps),
      ...createPrepareStudentActivities(deps),
      ...createTrainActivities({ ...node, tell: tellWorkflow }),
      ...createJoinTrainingActivities(node),
    },
  }
}

/** This host, and which of the deployments on it. */
function nodeOf(stateDirectory: string): string {
  return `${hostname()}-${digestOf(stateDirectory).slice(0, 8)}`
}

function evaluation(deployment: Deployment): Pool {
  const { stateDirectory, visibleGpus, sealingSecret } = deployment
  const store = new S3ObjectStore(deployment.s3)
  return {
    taskQueue: queues.evaluation,
    slots: 1,
    activities: createSampleServedActivities({
      store,
      vault: createVault(store, sealingSecret),
      server: modelServer(deployment),
      baseModels: createBaseModels(deployment.hub),
      connect,
      workDirectory: join(stateDirectory, 'evaluation'),
      visibleGpus,
    }),
  }
}

function modelServer({ python, vllm }: Deployment): ModelServer {
  const programs = trainerPrograms
  return createLocalModelServer({
    python: python.trainer,
    programs,
    vllm,
    environment: process.env,
  })
}

function connect(baseURLs: readonly string[]): ChatEndpoint {
  const address = { name: 'model-server', apiKey: undefined, idleTimeoutMs: modelServerIdleMs }
  const servers = baseURLs.map((baseURL) => createOpenAiEndpoint({ ...address, baseURL }))
  return { ...createBalancedEndpoint(servers), limits: unlimited }
}
