import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyOf, readObject } from '../../activities/artifacts.ts'
import { createTrainingRequestActivities } from '../../activities/training-requests.ts'
import { findTrainingRecord } from '../../activities/training-records.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import type { Training } from '../../core/training/training.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { S3Proxy } from '../adapters/s3-proxy.ts'
import { lossesOf, runOf, storedOf, type ToyControl, TrainingNode } from './training-node.ts'
import {
  ends,
  failure,
  isAlive,
  orderIn,
  patience,
  quickTraining,
  reaches,
} from './training-orders.ts'

const quick: ToyControl = { steps: 40, stepMs: 20 }

describe.skipIf(objectServerProgram === undefined)(
  'a supervised training over versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let expected: readonly number[]
    const nodes: TrainingNode[] = []

    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      const node = await start()
      const { key } = await node.supervise(await order()).done
      expected = await lossesOf(store, key)
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(() => {
      store = server.store()
    })
    afterEach(async () => {
      for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
    })

    async function start(changes: Parameters<typeof TrainingNode.start>[1] = {}) {
      const node = await TrainingNode.start(store, changes)
      nodes.push(node)
      return node
    }

    const order = (changes: Partial<Training> = {}) => orderIn(store, changes)

    test('an undisturbed training has a loss of every step', () => {
      expect(expected).toHaveLength(40)
    })

    test('trainer killed: the next attempt goes on to the losses of an undisturbed training', async () => {
      const node = await start()
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 12)
      process.kill(await node.trainerPid(), 'SIGKILL')
      expect(await failure(first.done)).toMatchObject({
        type: 'Training-died',
        nonRetryable: false,
      })
      const { key } = await node.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('supervisor gone, trainer alive: the next attempt finds it, and starts no other', async () => {
      const node = await start({ outlives: true })
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 7)
      const pid = await node.trainerPid()
      first.cancel('shutdown')
      await failureOf(first.done)
      const second = node.supervise(wanted, { attempt: 2 })
      await reaches(node, 12)
      expect(await node.trainerPid()).toBe(pid)
      const { key } = await second.done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('node lost with its disk: another goes on from the newest checkpoint in the store', async () => {
      const [node, other] = [await start({ stepMs: 300 }), await start()]
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 5)
      await expect.poll(() => storedOf(store, node), patience).not.toHaveLength(0)
      process.kill(await node.trainerPid(), 'SIGKILL')
      await failureOf(first.done)
      await node.loseDisk()
      const { key } = await other.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('the old node comes back: it writes nothing that counts, and stops its trainer', async () => {
      const [node, other] = [await start({ stepMs: 400 }), await start()]
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 2)
      const pid = await node.trainerPid()
      const { key } = await other.supervise(wanted, { attempt: 2 }).done
      expect((await failureOf(first.done)).name).toBe('SupersededError')
      await ends(pid)
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('a checkpoint damaged in the store: the one before it is gone on from', async () => {
      const [node, other] = [await start({ stepMs: 300 }), await start()]
      const wanted = await order()
      const first = node.supervise(wanted)
      await expect.poll(() => storedOf(store, node).catch(() => []), patience).toHaveLength(2)
      process.kill(await node.trainerPid(), 'SIGKILL')
      await failureOf(first.done)
      const [before, newest] = await storedOf(store, node)
      if (before === undefined || newest === undefined) throw new Error('no two checkpoints')
      const manifest: unknown = JSON.parse(
        new TextDecoder().decode(await readObject(store, newest.manifest)),
      )
      const weights = `${keyOf(store, newest.manifest).replace('manifest.json', '')}model.safetensors`
      expect(JSON.stringify(manifest)).toContain(weights)
      await store.put(weights, new TextEncoder().encode('torn'), 'application/octet-stream')
      const second = other.supervise(wanted, { attempt: 2 })
      const { key } = await second.done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('the store fails in mid-upload and stays away: the training goes on, and is stored later', async () => {
      await using proxy = await S3Proxy.before(server)
      store = server.store({ endpoint: proxy.endpoint })
      const node = await start()
      const wanted = await order()
      let refused = 0
      proxy.fate = ({ method, key }) => {
        const isAway = refused < 12 && method !== 'GET' && key.startsWith('checkpoints/')
        if (isAway) refused += 1
        return isAway ? 'fail' : 'pass'
      }
      const { key } = await node.supervise(wanted).done
      expect(refused).toBe(12)
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('only the last checkpoints stay in the store, and those of round steps', async () => {
      const node = await start({ stepMs: 200 })
      const wanted = await order({ checkpoints: { everySteps: 5, keepLast: 2, keepEvery: 20 } })
      const { key } = await node.supervise(wanted).done
      const record = await findTrainingRecord(store, key)
      expect(record?.checkpoints.map(({ globalStep }) => globalStep)).toEqual([20, 35, 40])
      const manifests: string[] = []
      for await (const each of store.list(`checkpoints/${key}/`)) {
        if (each.endsWith('/manifest.json')) manifests.push(each)
      }
      expect(manifests).toHaveLength(3)
    })

    test.each([
      { kind: 'memory', type: 'Training-out-of-memory', isFinal: true, says: /CUDA out of memory/ },
      { kind: 'disk', type: 'Training-disk-full', isFinal: false, says: /No space left on device/ },
      {
        kind: 'nccl',
        type: 'Training-communication',
        isFinal: false,
        says: /Watchdog caught collective operation timeout/,
      },
    ] as const)('a trainer that ends with $says is named', async (fault) => {
      const node = await start({ fault: { kind: fault.kind, at: 7 } })
      const failed = await failure(node.supervise(await order()).done)
      expect(failed).toMatchObject({ type: fault.type, nonRetryable: fault.isFinal })
      expect(failed.message).toMatch(fault.says)
      const log = /its whole log: (s3:\S+?);/.exec(failed.message)?.[1] ?? ''
      const text = await store.get(log.replace(store.uri(''), ''))
      expect(new TextDecoder().decode(text)).toMatch(fault.says)
    })

    test('a loss that is no number ends the training for good', async () => {
      const node = await start({ fault: { kind: 'nan', at: 7 } })
      const failed = await failure(node.supervise(await order()).done)
      expect(failed).toMatchObject({ type: 'Training-diverged', nonRetryable: true })
      expect(failed.message).toMatch(/NaN.*lower training\.learningRate/)
      // What it may have saved after that is nothing to go on from.
      const steps = (await storedOf(store, node)).map(({ globalStep }) => globalStep)
      expect(Math.max(0, ...steps)).toBeLessThan(7)
    })

    test('a loss that leaves its way ends the training, by the rule of the profile', async () => {
      const node = await start({ fault: { kind: 'spike', at: 14 } })
      const wanted = await order({
        watch: { ...quickTraining.watch, divergence: { steps: 3, ratio: 5 } },
      })
      const failed = await failure(node.supervise(wanted).done)
      expect(failed).toMatchObject({ type: 'Training-diverged', nonRetryable: true })
      expect(failed.message).toMatch(/over 5 times the lowest before/)
    })

    test('a trainer that hangs is ended, and the next goes on', async () => {
      const node = await start({ fault: { kind: 'hang', at: 9 } })
      const watch = { ...quickTraining.watch, stallMedians: 2, leastStallSeconds: 2 }
      const wanted = await order({ watch })
      const first = node.supervise(wanted)
      await reaches(node, 8)
      const pid = await node.trainerPid()
      const failed = await failure(first.done)
      expect(failed).toMatchObject({ type: 'Training-stalled', nonRetryable: false })
      await ends(pid)
      await node.control(quick)
      const { key } = await node.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('cancelled: a checkpoint is stored, nothing runs, and another workflow can go on', async () => {
      const node = await start()
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 7)
      const pid = await node.trainerPid()
      first.cancel()
      await failureOf(first.done)
      expect(isAlive(pid)).toBe(false)
      const last = (await storedOf(store, node)).at(-1)?.globalStep ?? 0
      expect(last).toBeGreaterThanOrEqual(7)
      const { key } = await node.supervise(wanted, { workflowId: 'other/train' }).done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('a second workflow is kept out of a training that another one supervises', async () => {
      const [node, other] = [await start({ stepMs: 100 }), await start()]
      const wanted = await order()
      const first = node.supervise(wanted)
      await reaches(node, 1)
      const refused = await failureOf(other.supervise(wanted, { workflowId: 'other/train' }).done)
      expect(refused.name).toBe('InvalidInputError')
      expect(refused.message).toMatch(/supervised by run\/train on .*: wait for it, or cancel it/)
      expect(await lossesOf(store, (await first.done).key)).toEqual(expected)
    })

    test('asked for one, it writes a checkpoint; asked to stop, it ends behind one and goes on later', async () => {
      const node = await start({ stepMs: 500 })
      const wanted = await order({
        checkpoints: { ...quickTraining.checkpoints, everySteps: 1000 },
      })
      const people = createTrainingRequestActivities({ store })
      const to = { workflowId: 'run/train', runId: runOf(wanted) }
      const first = node.supervise(wanted)
      await reaches(node, 2)
      await people.askTraining({ to, id: 'one', stop: false })
      await expect.poll(() => storedOf(store, node), patience).toHaveLength(1)
      await expect.poll(() => first.told.at(-1)?.lastCheckpoint, patience).not.toBe(null)
      await people.askTraining({ to, id: 'two', stop: true })
      const failed = await failure(first.done)
      expect(failed).toMatchObject({ type: 'TrainingStopped', nonRetryable: true })
      await node.control(quick)
      const { key } = await node.supervise(wanted, { attempt: 1 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
    })

    test('a trainer that nobody watches for a quarter of an hour saves and ends by itself', async () => {
      const node = await start({ stepMs: 50, outlives: true, steps: 4000 })
      const first = node.supervise(await order())
      await reaches(node, 3)
      const pid = await node.trainerPid()
      first.cancel('shutdown')
      await failureOf(first.done)
      const longAgo = Date.now() / 1000 - 901
      await utimes(join(await node.job(), 'ATTENDED'), longAgo, longAgo)
      await ends(pid)
      expect(await readdir(join(await node.job(), 'output'))).toContainEqual(
        expect.stringMatching(/^checkpoint-/),
      )
    })
  },
)
