import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
} from '@temporalio/worker'
import { queues } from '../../workflows/options.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { TemporalServer } from './temporal-server.ts'

const workflowsPath = fileURLToPath(new URL('../../workflows', import.meta.url))

/** The workflows as a worker loads them. */
export function bundleWorkflows(): Promise<{ readonly code: string }> {
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
}

/** Failures are what these tests provoke: they are no news. To be called before anything of Temporal's. */
export function quietRuntime(): void {
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' })
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
  })
}

/** Which queue the workflows call each activity on. */
const queueOf: { readonly [Name in keyof Pipeline]: string } = {
  openRun: queues.io,
  openAccount: queues.io,
  raiseBudget: queues.io,
  settleAccount: queues.io,
  drawRows: queues.io,
  estimateFromRows: queues.io,
  checkEndpoints: queues.inference,
  checkSandbox: queues.sandboxDoor,
  checkTrainer: queues.training,
  gatherProblems: queues.io,
  labelShard: queues.inference,
  curateProblems: queues.io,
  serveTeacher: queues.inference,
  awaitTeacher: queues.inference,
  sampleShard: queues.inference,
  reformatShard: queues.inference,
  outstandingReformats: queues.inference,
  planBatches: queues.inference,
  reserveBatch: queues.inference,
  submitBatch: queues.inference,
  settleBatch: queues.inference,
  awaitBatch: queues.inference,
  collectBatch: queues.inference,
  cancelBatch: queues.inference,
  openGrading: queues.io,
  gradeShard: queues.sandbox,
  judgeShard: queues.inference,
  closeRound: queues.io,
  assembleDataset: queues.io,
  releaseDataset: queues.io,
  prepareStudent: queues.training,
  openTraining: queues.io,
  planTraining: queues.io,
  askTraining: queues.io,
  superviseTraining: queues.training,
  openEvaluation: queues.io,
  checkEvaluated: queues.inference,
  readBenchmark: queues.io,
  sampleServed: queues.evaluation,
  sampleEndpoint: queues.inference,
  openScoring: queues.io,
  gradeSealed: queues.io,
  joinTraining: queues.training,
  scoreBenchmark: queues.io,
  checkStanding: queues.io,
  recordEvaluation: queues.io,
  writeReport: queues.io,
  openNight: queues.io,
  recordNights: queues.io,
  tellOfDrops: queues.io,
}

/** A real Temporal server with workers on every queue, whose activities a test lays out. */
export class Temporal {
  readonly environment: TestWorkflowEnvironment
  readonly #stop: () => Promise<void>
  #pipeline: Pipeline = quickPipeline

  private constructor(environment: TestWorkflowEnvironment, stop: () => Promise<void>) {
    this.environment = environment
    this.#stop = stop
  }

  /** Starts the server with these settings (`--dynamic-config-value`), and the workers. */
  static async start(settings: readonly string[] = []): Promise<Temporal> {
    quietRuntime()
    const server = await TemporalServer.start(settings)
    const connection = server.environment.nativeConnection
    const workflowBundle = await bundleWorkflows()
    const started: { temporal?: Temporal } = {}
    const activities = activitiesByQueue(() => started.temporal?.pipeline ?? quickPipeline)
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue: queues.workflows, workflowBundle }),
      ...[...activities].map(([taskQueue, functions]) =>
        Worker.create({
          connection,
          taskQueue,
          activities: functions,
          // Cancellations travel with heartbeats.
          maxHeartbeatThrottleInterval: '100 milliseconds',
        }),
      ),
    ])
    const running = Promise.all(workers.map((worker) => worker.run()))
    const temporal = new Temporal(server.environment, async () => {
      for (const worker of workers) worker.shutdown()
      await running
      await server[Symbol.asyncDispose]()
    })
    started.temporal = temporal
    return temporal
  }

  get client() {
    return this.environment.client
  }

  get pipeline(): Pipeline {
    return this.#pipeline
  }

  /** Lays the activities out for the test that begins: quick ones, with changes. */
  layOut(changes: Partial<Pipeline>): void {
    this.#pipeline = { ...quickPipeline, ...changes }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}

type Activities = Record<string, (input: never) => Promise<unknown>>

/** Functions that call whatever is laid out when they are called. */
function activitiesByQueue(pipeline: () => Pipeline): Map<string, Activities> {
  const queued = new Map<string, Activities>()
  for (const [name, queue] of Object.entries(queueOf)) {
    const call = (input: never) => find(pipeline(), name)(input)
    queued.set(queue, { ...queued.get(queue), [name]: call })
  }
  return queued
}

function find(pipeline: Activities, name: string): Activities[string] {
  const activity = pipeline[name]
  if (activity === undefined) throw new Error(`no activity ${name}`)
  return activity
}

/** For a loaded machine; what is waited for comes within a second on an idle one. */
export const patience = { timeout: 60_000, interval: 20 }

/** The failure at the bottom: what happened, without Temporal's wrappings. */
export function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error
}
