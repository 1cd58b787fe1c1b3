import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { cancellationSignal } from '@temporalio/activity'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../infra/stack/ports.ts'
import { createTrainingGauges } from '../../activities/training-metrics.ts'
import type { TrainingProgress } from '../../core/checkpoint.ts'
import { readDeployment } from '../../workers/environment.ts'
import { createPoolWorker } from '../../workers/pool-worker.ts'
import { poolsByName } from '../../workers/pools.ts'
import type { PoolPart } from '../../workers/run-behind-door.ts'
import { TemporalServer, temporalProgram } from '../workflows/temporal-server.ts'

const progress: TrainingProgress = {
  globalStep: 12,
  totalSteps: 510,
  loss: 0.625,
  learningRate: 0.00001,
  tokensPerSecond: 3232.5,
  secondsLeft: 60_000,
  lastCheckpoint: 10,
  dollars: 1.25,
  curve: [],
}

describe.skipIf(temporalProgram === undefined)(
  'a worker of a pool, at a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let server: TemporalServer
    let metricsAddress: string
    beforeAll(async () => {
      metricsAddress = `127.0.0.1:${await freePort()}`
      Runtime.install({
        logger: new DefaultLogger('ERROR'),
        telemetryOptions: { metrics: { prometheus: { bindAddress: metricsAddress } } },
      })
      server = await TemporalServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    async function start(activity: () => Promise<void>, more: Partial<PoolPart> = {}) {
      const taskQueue = `queue-${randomUUID()}`
      const pool = { taskQueue, slots: 1, activities: { activity }, ...more }
      const { nativeConnection, namespace = 'default' } = server.environment
      const worker = await createPoolWorker(pool, nativeConnection, namespace)
      const call = () => server.runActivity(taskQueue)
      return { worker, call }
    }

    /** The value of every metric of a training, as Prometheus reads it. */
    async function scraped(): Promise<Record<string, string>> {
      const text = await (await fetch(`http://${metricsAddress}/metrics`)).text()
      const lines = text.matchAll(/^sky_t1_training_(\w+)\{[^}]*\} (\S+)$/gm)
      return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
    }

    test('serves how far its training is to Prometheus, and nothing of the training before', async () => {
      const later = { ...progress, loss: null, secondsLeft: null }
      const told = [progress, later]
      const { worker, call } = await start(async () =>
        createTrainingGauges()(told.shift() ?? later),
      )
      await worker.runUntil(async () => {
        await call()
        expect(await scraped()).toEqual({
          step: '12',
          planned_steps: '510',
          loss: '0.625',
          learning_rate: '0.00001',
          tokens_per_second: '3232.5',
          remaining_seconds: '60000',
          stored_checkpoint_step: '10',
          cost_dollars: '1.25',
        })
        await call()
        expect(await scraped()).toMatchObject({ step: '12', loss: 'NaN', remaining_seconds: 'NaN' })
      })
    })

    test('tells a training that ends with it of its stop first, one that outlives it after a grace, and waits for both', async () => {
      const told: string[] = []
      const stored: string[] = []
      const training = async (onShutdown: 'stop' | 'leave') => {
        const isRunning = Promise.withResolvers<void>()
        const { graceMs } = trainingPool(onShutdown)
        const { worker, call } = await start(
          async () => {
            isRunning.resolve()
            await once(cancellationSignal(), 'abort')
            told.push(onShutdown)
            await wait(1_000) // what a trainer takes to store its last step
            stored.push(onShutdown)
          },
          graceMs === undefined ? {} : { graceMs },
        )
        const ended = Promise.all([worker.run(), call()])
        await isRunning.promise
        return { worker, ended }
      }
      const both = [await training('leave'), await training('stop')]
      for (const { worker } of both) worker.shutdown()
      await Promise.all(both.map(({ ended }) => ended))
      expect({ told, stored }).toEqual({ told: ['stop', 'leave'], stored: ['stop', 'leave'] })
    })
  },
)

function trainingPool(onShutdown: 'stop' | 'leave') {
  return poolsByName.training(readDeployment({ SKY_T1_TRAINER_ON_SHUTDOWN: onShutdown }))
}
