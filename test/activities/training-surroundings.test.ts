import { readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { writeJson } from '../../activities/artifacts.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { S3Proxy } from '../adapters/s3-proxy.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import { hasTrainer } from '../faults/real-node.ts'
import { distilledRun, preparedStudent } from './distilled-run.ts'
import { lossesOf, TrainingNode } from './training-node.ts'

const minute = 60_000
const patience = { timeout: minute, interval: 50 }
const steps = 40

async function reaches(node: TrainingNode, step: number): Promise<void> {
  await expect.poll(() => node.steps().catch(() => 0), patience).toBeGreaterThanOrEqual(step)
}

describe.skipIf(objectServerProgram === undefined)(
  'what surrounds a supervised training fails (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let seed = 0
    const nodes: TrainingNode[] = []

    beforeAll(async () => {
      server = await ObjectServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())
    afterEach(async () => {
      for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
    })

    async function start(store: ObjectStore): Promise<TrainingNode> {
      const node = await TrainingNode.start(store, { steps, stepMs: 50 })
      nodes.push(node)
      return node
    }

    /** A training of its own: each has another seed, which the toy trainer does not look at. */
    async function order(): Promise<SupervisedTraining> {
      const store = server.store()
      seed += 1
      const checkpoints = { everySteps: 1000, keepLast: 2, keepEvery: null }
      const recipe = { ...exampleRecipe, seed, training: { ...exampleTraining, checkpoints } }
      const run = await distilledRun(store, recipe, 1)
      const prepared = await preparedStudent(store, { ...run, tooLong: 0 })
      return { ...run, recipe: await writeJson(store, `recipe-${seed}`, recipe), ...prepared }
    }

    test('the store away as the worker is told to stop: the trainer ends behind a checkpoint on the disk', async () => {
      await using proxy = await S3Proxy.before(server)
      const { endpoint } = proxy
      const node = await start(
        new S3ObjectStore({ bucket, region: 'us-east-1', endpoint }, { transferRetries: 0 }),
      )
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 7)
      proxy.fate = () => 'fail'
      first.cancel('shutdown')
      expect((await failureOf(first.done)).message).toBe('WORKER_SHUTDOWN')
      expect(await hasTrainer(node)).toBe(false)
      const saved = `checkpoint-${await node.steps()}`
      expect(await readdir(join(await node.job(), 'output'))).toContain(saved)
      proxy.fate = () => 'pass'
      const second = node.supervise(wanted, { attempt: 2 })
      const { key } = await second.done
      expect(await lossesOf(server.store(), key)).toHaveLength(steps)
      // The first that it sees is beyond what was saved: nothing was trained again.
      const [, at = ''] = saved.split('-')
      expect(second.beats[0]?.globalStep).toBeGreaterThanOrEqual(Number(at))
    })

    test('cancelled before the trainer starts: none is started, and another workflow may go on', async () => {
      const node = await start(server.store())
      const wanted = await order()
      const first = node.supervise(wanted)
      first.cancel()
      expect((await failureOf(first.done)).message).toBe('CANCELLED')
      expect(await hasTrainer(node)).toBe(false)
      const { key } = await node.supervise(wanted, { workflowId: 'other/train' }).done
      expect(await lossesOf(server.store(), key)).toHaveLength(steps)
    })

    test('no attempt comes to a checkpoint: the eighth in a row is the last', async () => {
      const node = await start(server.store())
      await node.control({ steps, stepMs: 1, fault: { kind: 'disk', at: 1 } })
      const wanted = await order()
      const failed = async (attempt: number) => failureOf(node.supervise(wanted, { attempt }).done)
      for (const attempt of [1, 2, 3, 4, 5, 6, 7]) {
        expect(await failed(attempt)).toMatchObject({ nonRetryable: false })
      }
      const last = await failed(8)
      expect(last).toMatchObject({ type: 'Training-disk-full', nonRetryable: true })
      expect(last.message).toContain('8 attempts in a row have stored no checkpoint')
      expect(await failed(1), 'started anew').toMatchObject({ nonRetryable: false })
    })

    test('the workflow cannot be told how far it is: the training goes on', async () => {
      const node = await start(server.store())
      const unheard = new Error('no such run')
      const { key } = await node.supervise(await order(), { unheard }).done
      expect(await lossesOf(server.store(), key)).toHaveLength(steps)
    })

    test('the disk is full as the data set is laid out: named, with the disk and what is free of it', async () => {
      const node = await start(server.store())
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 1)
      first.cancel()
      await failureOf(first.done)
      const rows = join(await node.job(), 'dataset', 'train.jsonl')
      await rm(rows)
      await symlink('/dev/full', rows)
      const failed = await failureOf(node.supervise(wanted, { attempt: 2 }).done)
      expect(failed).toMatchObject({ type: 'Training-disk-full', nonRetryable: false })
      expect(failed.message).toMatch(
        /^disk-full: free disk space .*ENOSPC: no space left on device/,
      )
      expect(failed.message).toMatch(new RegExp(`; ${node.directory} has \\d+ MiB free`))
      await rm(rows)
      const { key } = await node.supervise(wanted, { attempt: 3 }).done
      expect(await lossesOf(server.store(), key)).toHaveLength(steps)
    })
  },
)
