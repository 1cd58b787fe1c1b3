import { rm } from 'node:fs/promises'
import getPort from 'get-port'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readModel } from '../../activities/prepare-student.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { lossesOf, storedOf, TrainingNode } from '../activities/training-node.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import { describeWithTrainer } from '../infra/trainer/trainer-programs.ts'
import {
  createDisk,
  createOrders,
  holdAt,
  killed,
  killTrainer,
  patience,
  resumedFrom,
  startWorker,
  totalSteps,
} from './real-node.ts'

const minute = 60_000

describeWithTrainer('a training over two nodes by the real trainer', () => {
  const left = objectServerProgram === undefined ? ' (left out: SKY_T1_VERSITYGW is not set)' : ''
  describe.skipIf(left !== '')(`over versitygw${left}`, { timeout: 5 * minute }, () => {
    const disks: string[] = []
    afterEach(async () => {
      vi.unstubAllEnvs()
      for (const each of disks.splice(0)) await rm(each, { recursive: true, force: true })
    })

    async function disk(): Promise<string> {
      const directory = await createDisk()
      disks.push(directory)
      return directory
    }

    test('a node is lost with process and disk: another takes its place, and nothing of it shows', async () => {
      vi.stubEnv('GLOO_SOCKET_IFNAME', 'lo')
      await using server = await ObjectServer.start()
      const store = server.store()
      const order = await createOrders(store, {
        cluster: { ...exampleTraining.cluster, nodes: 2 },
        grouping: { kind: 'as-drawn', perDevice: 1 },
        checkpoints: { everySteps: 20, keepLast: 2, keepEvery: null },
      })
      const wanted = await order('over two nodes')
      const nodeAddress = `127.0.0.1:${await getPort()}`
      const first = TrainingNode.withTrainer(store, { directory: await disk(), nodeAddress })
      const [second, third] = [
        TrainingNode.withTrainer(store, { directory: await disk() }),
        TrainingNode.withTrainer(store, { directory: await disk() }),
      ]

      const cutOff = first.supervise(wanted)
      const { endpoint } = server
      const member = { endpoint, directory: second.directory, attempt: 1, nodeRank: 1 }
      await killed(startWorker({ ...member, order: wanted }), async () => {
        await holdAt(first, 22)
        await expect.poll(() => storedOf(store, first), patience).not.toHaveLength(0)
      })
      const before = await first.losses()
      await killTrainer(second)
      await second.loseDisk()

      const replacing = third.join(wanted, { attempt: 2 })
      await first.signalTrainer('SIGCONT')
      expect(await failureOf(cutOff.done)).toMatchObject({
        type: expect.stringMatching(/^Training-(node-lost|communication)$/),
        nonRetryable: false,
      })
      const kept = (await storedOf(store, first)).at(-1)
      if (kept === undefined) throw new Error('no checkpoint')
      const { files } = await readModel(store, kept.manifest)
      expect(Object.keys(files)).toEqual(
        expect.arrayContaining(['rng_state_0.pth', 'rng_state_1.pth', 'optimizer.pt']),
      )
      const goingOn = first.supervise(wanted, { attempt: 2 })
      await expect.poll(() => resumedFrom(first), patience).toBe(kept.globalStep)
      const losses = await lossesOf(store, (await goingOn.done).key)
      expect(losses).toHaveLength(totalSteps)
      expect(losses.slice(0, before.length)).toEqual(before)
      replacing.cancel()
      await failureOf(replacing.done)
    })
  })
})
