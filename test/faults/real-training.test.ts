import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { keyOf } from '../../activities/artifacts.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { S3Proxy } from '../adapters/s3-proxy.ts'
import { storedOf, TrainingNode } from '../activities/training-node.ts'
import { describeWithTrainer } from '../infra/trainer/trainer-programs.ts'
import {
  createDisk,
  createOrders,
  hasTrainer,
  holdAt,
  killed,
  killTrainer,
  patience,
  resultOf,
  resumedFrom,
  startWorker,
  totalSteps,
} from './real-node.ts'

const minute = 60_000
const run = promisify(execFile)

describeWithTrainer('a training by the real trainer', () => {
  const left = objectServerProgram === undefined ? ' (left out: SKY_T1_VERSITYGW is not set)' : ''
  describe.skipIf(left !== '')(`over versitygw${left}`, { timeout: 5 * minute }, () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let order: (name: string) => Promise<SupervisedTraining>
    let expected: Awaited<ReturnType<typeof resultOf>>
    const disks: string[] = []

    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      order = await createOrders(store)
      const node = await start()
      expected = await resultOf(store, await node.supervise(await order('undisturbed')).done)
    }, 5 * minute)
    afterAll(() => server[Symbol.asyncDispose]())
    afterEach(async () => {
      for (const disk of disks.splice(0)) await rm(disk, { recursive: true, force: true })
    })

    async function start(through = store): Promise<TrainingNode> {
      const directory = await createDisk()
      disks.push(directory)
      return TrainingNode.withTrainer(through, { directory })
    }

    const stepsStored = async (node: TrainingNode) =>
      (await storedOf(store, node)).map(({ globalStep }) => globalStep)

    test('an undisturbed training has a loss of every step', () => {
      expect(expected.losses).toHaveLength(totalSteps)
    })

    test('machines, store and checkpoints fail one after the other: nothing of it shows', async () => {
      await using proxy = await S3Proxy.before(server)
      const [first, second] = [
        await start(server.store({ endpoint: proxy.endpoint })),
        await start(),
      ]
      const wanted = await order('killed')

      // The store fails in mid-upload; the worker and its trainer are killed meanwhile.
      let taken = 0
      let refused = 0
      proxy.fate = ({ method, key }) => {
        if (method !== 'PUT' || !key.startsWith('checkpoints/')) return 'pass'
        taken += 1
        if (taken <= 2) return 'pass'
        refused += 1
        return 'fail'
      }
      const { directory } = first
      const worker = { endpoint: proxy.endpoint, directory, attempt: 1, order: wanted }
      await killed(startWorker(worker), async () => {
        await holdAt(first, 12)
        await expect.poll(() => refused, patience).toBeGreaterThan(1)
      })
      expect(await hasTrainer(first), 'the trainer outlives its worker').toBe(true)
      await killTrainer(first)
      expect(await stepsStored(first)).toEqual([])

      // What the dead trainer had saved is stored by the next attempt, which goes on from it.
      proxy.fate = () => 'pass'
      const cutOff = first.supervise(wanted, { attempt: 2 })
      await holdAt(first, 22)
      expect(await resumedFrom(first)).toBe(10)
      await expect.poll(() => stepsStored(first), patience).toEqual([10, 20])

      // That node can no longer be reached, and its newest checkpoint is damaged.
      proxy.fate = () => 'fail'
      const newest = (await storedOf(store, first)).at(-1)
      if (newest === undefined) throw new Error('no checkpoint is stored')
      const weights = keyOf(store, newest.manifest).replace('manifest.json', 'model.safetensors')
      await store.put(
        weights,
        (await store.get(weights)).slice(0, 1000),
        'application/octet-stream',
      )
      const other = { endpoint: server.endpoint, directory: second.directory, order: wanted }
      await killed(startWorker({ ...other, attempt: 3 }), async () => {
        await holdAt(second, 22)
        expect(await resumedFrom(second)).toBe(10)
        await expect.poll(() => stepsStored(second), patience).toEqual([10, 20])

        // The first comes back, late: nothing that it writes counts.
        proxy.fate = () => 'pass'
        await first.signalTrainer('SIGCONT')
        expect((await failureOf(cutOff.done)).name).toBe('SupersededError')
        expect(await hasTrainer(first)).toBe(false)
        expect(await stepsStored(second)).toEqual([10, 20])
      })

      // The second is lost with its disk.
      await killTrainer(second)
      await second.loseDisk()
      const trained = await first.supervise(wanted, { attempt: 4 }).done
      expect(await resultOf(store, trained)).toEqual(expected)
    })

    test('told to stop, cancelled, and gone on with by another workflow: nothing of it shows', async () => {
      const [first, second] = [await start(), await start()]
      const wanted = await order('told')
      const stopped = await told(first, { order: wanted, attempt: 1, by: 'shutdown' })
      expect(stopped.seconds).toBeLessThan(30)
      const cancelled = await told(second, { order: wanted, attempt: 2, by: 'cancel' })
      expect(await resumedFrom(second)).toBe(stopped.step)
      expect(cancelled.step).toBeGreaterThan(stopped.step)
      const last = first.supervise(wanted, { workflowId: 'other/train' })
      expect(await resultOf(store, await last.done)).toEqual(expected)
    })

    test('its disk is full, and later has space: nothing of it shows', async ({ skip }) => {
      const node = await start()
      const { directory } = node
      const tmpfs = ['-t', 'tmpfs', '-o', 'size=64m', 'sky-t1', directory]
      await run('mount', tmpfs).catch(() => skip('a file system cannot be mounted here'))
      try {
        const wanted = await order('full')
        const supervising = node.supervise(wanted)
        await holdAt(node, 12)
        await expect.poll(() => stepsStored(node), patience).toEqual([10])
        const filler = join(directory, 'filler')
        await expect(run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'])).rejects.toThrow(
          'No space left on device',
        )
        await node.signalTrainer('SIGCONT')
        const failed = await failureOf(supervising.done)
        expect(failed).toMatchObject({ type: 'Training-disk-full', nonRetryable: false })
        expect(await hasTrainer(node)).toBe(false)
        await run('mount', ['-o', 'remount,size=128m', directory])
        const trained = await node.supervise(wanted, { attempt: 2 }).done
        expect(await resultOf(store, trained)).toEqual(expected)
      } finally {
        await run('umount', [directory])
      }
    })

    type Telling = {
      readonly order: SupervisedTraining
      readonly attempt: number
      readonly by: 'shutdown' | 'cancel'
    }

    /** Ends a supervision between two checkpoints; its last step is stored, and nothing runs. */
    async function told(node: TrainingNode, { order: wanted, attempt, by }: Telling) {
      const supervising = node.supervise(wanted, { attempt })
      await holdAt(node, 12 * attempt)
      const toldAt = Date.now()
      supervising.cancel(by)
      await node.signalTrainer('SIGCONT')
      await failureOf(supervising.done)
      expect(await hasTrainer(node)).toBe(false)
      const step = (await stepsStored(node)).at(-1) ?? 0
      expect(step).toBeGreaterThanOrEqual(12 * attempt)
      expect(step).toBe(await node.steps())
      return { step, seconds: (Date.now() - toldAt) / 1000 }
    }
  })
})
