import getPort from 'get-port'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readModel } from '../../activities/prepare-student.ts'
import type { SupervisedTraining } from '../../activities/training-launch.ts'
import { findTrainingRecord } from '../../activities/training-records.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import type { Training } from '../../core/training/training.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { S3Proxy } from '../adapters/s3-proxy.ts'
import { lossesOf, storedOf, type ToyControl, TrainingNode } from './training-node.ts'
import { failure, isAlive, orderIn, patience, quickTraining, reaches } from './training-orders.ts'

const quick: ToyControl = { steps: 40, stepMs: 20 }
const cluster = { ...quickTraining.cluster, nodes: 2 }
// Two devices share a step, one example each.
const together: Partial<Training> = { cluster, grouping: { kind: 'as-drawn', perDevice: 1 } }

describe.skipIf(objectServerProgram === undefined)(
  'a training over two nodes, over versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let expected: readonly number[]
    const nodes: TrainingNode[] = []

    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
      const [first, second] = [await start(), await start()]
      const wanted = await order()
      const joined = second.join(wanted)
      const { key } = await first.supervise(wanted).done
      expected = await lossesOf(store, key)
      joined.cancel()
      await failureOf(joined.done)
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(() => {
      store = server.store()
    })
    afterEach(async () => {
      for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
    })

    async function start(changes: Parameters<typeof TrainingNode.start>[1] = {}) {
      const nodeAddress = `127.0.0.1:${await getPort()}`
      const node = await TrainingNode.start(store, { nodeAddress, ...changes })
      nodes.push(node)
      return node
    }

    const order = (changes: Partial<Training> = {}) => orderIn(store, { ...together, ...changes })

    /** Sees a training to its end on two nodes. */
    async function trained(
      wanted: SupervisedTraining,
      [first, second]: readonly [TrainingNode, TrainingNode],
      attempt = 2,
    ) {
      const joined = second.join(wanted, { attempt })
      const { key } = await first.supervise(wanted, { attempt }).done
      joined.cancel()
      await failureOf(joined.done)
      return lossesOf(store, key)
    }

    test('has a loss of every step', () => {
      expect(expected).toHaveLength(40)
    })

    test('a checkpoint holds the parts of both nodes, and neither disk keeps more of it', async () => {
      const [first, second] = [await start({ stepMs: 300 }), await start()]
      const wanted = await order()
      const joined = second.join(wanted)
      const supervising = first.supervise(wanted)
      await expect.poll(() => storedOf(store, first).catch(() => []), patience).toHaveLength(1)
      const [kept] = await storedOf(store, first)
      if (kept === undefined) throw new Error('no checkpoint')
      const pid = await second.trainerPid()
      const { files } = await readModel(store, kept.manifest)
      expect(Object.keys(files)).toEqual(
        expect.arrayContaining(['rng_state_1.pth', 'trainer_state.json', 'model.safetensors']),
      )
      supervising.cancel()
      await failureOf(supervising.done)
      joined.cancel()
      await failureOf(joined.done)
      expect(isAlive(pid)).toBe(false)
    })

    test('a node lost with its disk: another takes its place, and all go on to the same losses', async () => {
      const [first, second, third] = [await start(), await start(), await start()]
      const wanted = await order()
      const joined = second.join(wanted)
      const supervising = first.supervise(wanted)
      await reaches(first, 12)
      joined.cancel('lost')
      await failureOf(joined.done)
      await second.loseDisk()
      const replacing = third.join(wanted, { attempt: 2 })
      expect(await failure(supervising.done)).toMatchObject({ nonRetryable: false })
      const { key } = await first.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
      replacing.cancel()
      await failureOf(replacing.done)
    })

    test('a node cut off from everything but its peers: it is replaced, and its trainer ended', async () => {
      const [first, second, third] = [await start({ stepMs: 500 }), await start(), await start()]
      const wanted = await order()
      const cutOff = second.join(wanted)
      const supervising = first.supervise(wanted)
      await reaches(first, 2)
      const pid = await second.trainerPid()
      const replacing = third.join(wanted, { attempt: 2 })
      const failed = await failure(supervising.done)
      expect(failed).toMatchObject({ type: 'Training-node-lost', nonRetryable: false })
      expect(failed.message).toMatch(/^node 1 \(.*\) was lost with its trainer, and came anew/)
      expect((await failureOf(cutOff.done)).name).toBe('SupersededError')
      expect(isAlive(pid)).toBe(false)
      await first.control(quick)
      const { key } = await first.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
      replacing.cancel()
      await failureOf(replacing.done)
    })

    test('workers gone, trainers alive: the next ones find them, and start no other', async () => {
      const [first, second] = [await start({ outlives: true }), await start({ outlives: true })]
      const wanted = await order()
      const before = [second.join(wanted), first.supervise(wanted)]
      await reaches(first, 7)
      const pids = [await first.trainerPid(), await second.trainerPid()]
      for (const each of before) each.cancel('shutdown')
      for (const each of before) await failureOf(each.done)
      const joined = second.join(wanted, { attempt: 2 })
      const supervising = first.supervise(wanted, { attempt: 2 })
      await reaches(first, 20)
      expect([await first.trainerPid(), await second.trainerPid()]).toEqual(pids)
      const { key } = await supervising.done
      expect(await lossesOf(store, key)).toEqual(expected)
      joined.cancel()
      await failureOf(joined.done)
    })

    test('the supervisor lost with its disk: the other nodes muster with its successor', async () => {
      const [first, second, third] = [await start({ stepMs: 100 }), await start(), await start()]
      const wanted = await order()
      const joined = second.join(wanted)
      const supervising = first.supervise(wanted)
      await expect.poll(() => storedOf(store, first).catch(() => []), patience).not.toHaveLength(0)
      await first.signalTrainer('SIGKILL')
      await failureOf(supervising.done)
      await first.loseDisk()
      const { key } = await third.supervise(wanted, { attempt: 2 }).done
      expect(await lossesOf(store, key)).toEqual(expected)
      joined.cancel()
      await failureOf(joined.done)
    })

    test('a fault of one trainer ends the others: the cause is named, with its node', async () => {
      const [first, second] = [await start(), await start({ fault: { kind: 'memory', at: 7 } })]
      const wanted = await order()
      const joined = second.join(wanted)
      const failed = await failure(first.supervise(wanted).done)
      expect(failed).toMatchObject({ type: 'Training-out-of-memory', nonRetryable: true })
      expect(failed.message).toMatch(/^on node 1 \(.*\): out-of-memory: lower /)
      const log = /that node's whole log: (s3:[^)]+)\)/.exec(failed.message)?.[1] ?? ''
      const text = await store.get(log.replace(store.uri(''), ''))
      expect(new TextDecoder().decode(text)).toContain('CUDA out of memory')
      joined.cancel()
      await failureOf(joined.done)
    })

    test('a machine that is taken away: all nodes save at once, and go on from there with another', async () => {
      const never = { ...quickTraining.checkpoints, everySteps: 1000 }
      const [first, second, third] = [await start({ stepMs: 100 }), await start(), await start()]
      const wanted = await order({ checkpoints: never })
      const joined = second.join(wanted)
      const supervising = first.supervise(wanted)
      await reaches(first, 3)
      joined.cancel('shutdown')
      await failureOf(joined.done)
      const failed = await failure(supervising.done)
      expect(failed).toMatchObject({ type: 'Training-node-lost', nonRetryable: false })
      expect(failed.message).toMatch(/is being taken away/)
      const last = (await storedOf(store, first)).at(-1)?.globalStep
      expect(last).toBe(await first.steps())
      await first.control(quick)
      expect(await trained(wanted, [first, third])).toEqual(expected)
    })

    test('a part that is not stored: no checkpoint counts before it is', async () => {
      await using proxy = await S3Proxy.before(server)
      const first = await start({ stepMs: 100 })
      store = server.store({ endpoint: proxy.endpoint })
      const second = await start()
      let refused = 0
      proxy.fate = ({ method, key }) => {
        const isAway = refused < 6 && method === 'PUT' && key.includes('rng_state_1')
        if (isAway) refused += 1
        return isAway ? 'fail' : 'pass'
      }
      const wanted = await order()
      const joined = second.join(wanted)
      const supervising = first.supervise(wanted)
      await expect.poll(() => refused, patience).toBeGreaterThan(0)
      expect(await storedOf(store, first)).toEqual([])
      const { key } = await supervising.done
      expect(await lossesOf(store, key)).toEqual(expected)
      expect((await findTrainingRecord(store, key))?.checkpoints).toHaveLength(2)
      joined.cancel()
      await failureOf(joined.done)
    })

    test('a node that does not come is named', async () => {
      const first = await start()
      const watch = { ...quickTraining.watch, firstStepSeconds: 1 }
      const failed = await failure(first.supervise(await order({ watch })).done)
      expect(failed).toMatchObject({ type: 'Training-node-missing', nonRetryable: false })
      expect(failed.message).toMatch(/^1 of 2 nodes came, node 1 is missing; have a worker of the /)
    })

    test('a node that nobody calls gives its slot up for a while', async () => {
      const second = await start()
      const watch = { ...quickTraining.watch, firstStepSeconds: 1 }
      const failed = await failure(second.join(await order({ watch })).done)
      expect(failed).toMatchObject({ type: 'Training-not-called', nonRetryable: false })
    })
  },
)
