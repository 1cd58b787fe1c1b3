import { ApplicationFailure, Context } from '@temporalio/activity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenTrainingActivities } from '../../activities/open-training.ts'
import type { TrainingRequestOrder } from '../../activities/training-requests.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import {
  checkpointNowUpdate,
  progressQuery,
  trainingProgressSignal,
} from '../../workflows/messages.ts'
import { queues } from '../../workflows/options.ts'
import { MemoryStore } from '../activities/memory-store.ts'
import { noBaseModels } from '../activities/no-base-models.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRef } from '../core/example-rows.ts'
import { exampleProgress } from '../core/training/example-progress.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, rootOf, Temporal } from './temporal.ts'

/** Ends as its activity does that is cancelled. */
async function untilCancelled(): Promise<never> {
  const context = Context.current()
  const beat = setInterval(() => context.heartbeat(), 50)
  return context.cancelled.finally(() => clearInterval(beat))
}

const input = { profile: 'miniature', dataset: 's3://bucket/releases/first', seed: 42 }

describe.skipIf(temporalProgram === undefined)(
  'a training by itself, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let started = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())

    function start(...args: unknown[]) {
      started += 1
      const workflowId = `train-${started}`
      return temporal.client.workflow.start('train', {
        workflowId,
        taskQueue: queues.workflows,
        args,
      })
    }

    /** A supervisor that says where it is, and ends when it is let go. */
    function supervised() {
      const begun = Promise.withResolvers<void>()
      const gate = Promise.withResolvers<void>()
      const asked: TrainingRequestOrder[] = []
      temporal.layOut({
        superviseTraining: async (order) => {
          begun.resolve()
          await gate.promise
          return quickPipeline.superviseTraining(order)
        },
        askTraining: async (request) => void asked.push(request),
      })
      return { begun: begun.promise, gate, asked }
    }

    test('trains on a release: what the door made of the input is prepared and supervised', async () => {
      const seen: unknown[] = []
      temporal.layOut({
        openTraining: async (given) => {
          seen.push(given)
          return { recipe: exampleRef('profile'), assembled: 'key of a release' }
        },
        prepareStudent: async (order) => {
          seen.push(order)
          return quickPipeline.prepareStudent(order)
        },
      })
      expect(await (await start(input)).result()).toMatchObject({
        baseModel: exampleRef('base'),
        model: exampleRef('student'),
      })
      expect(seen).toEqual([
        input,
        { recipe: exampleRef('profile'), assembled: 'key of a release', part: 'whole' },
      ])
    })

    test('checkpointNow answers once a later checkpoint is stored', async () => {
      const { begun, gate, asked } = supervised()
      const handle = await start(input)
      await begun
      await handle.signal(trainingProgressSignal, { ...exampleProgress, lastCheckpoint: 20 })
      await expect.poll(() => handle.query(progressQuery), patience).not.toBe(null)
      const update = handle.executeUpdate(checkpointNowUpdate)
      await expect.poll(() => asked, patience).toHaveLength(1)
      expect(asked[0]).toMatchObject({ to: { workflowId: handle.workflowId }, stop: false })
      await handle.signal(trainingProgressSignal, { ...exampleProgress, lastCheckpoint: 26 })
      expect(await update).toBe('checkpoint of step 26 is stored')
      gate.resolve()
      await handle.result()
    })

    test('an update that the training can no longer answer says so', async () => {
      const { begun, gate, asked } = supervised()
      const handle = await start(input)
      await begun
      await handle.signal(trainingProgressSignal, exampleProgress)
      await expect.poll(() => handle.query(progressQuery), patience).not.toBe(null)
      const update = handle.executeUpdate('stopAfterCheckpoint')
      await expect.poll(() => asked, patience).toHaveLength(1)
      expect(asked[0]?.stop).toBe(true)
      gate.resolve()
      expect(await update).toBe('the training ended before it wrote another checkpoint')
      await handle.result()
    })

    describe('over three nodes', () => {
      let here: number[]
      let supervising: PromiseWithResolvers<void>

      /** Nodes that take part until they are let go, beside a supervisor that begins when all are here. */
      function layOutNodes(supervise: () => Promise<void>, changes: Partial<Pipeline> = {}) {
        here = []
        supervising = Promise.withResolvers<void>()
        temporal.layOut({
          planTraining: async (order) => ({
            ...(await quickPipeline.planTraining(order)),
            nodes: 3,
          }),
          async superviseTraining(order) {
            await supervising.promise
            await supervise()
            return quickPipeline.superviseTraining(order)
          },
          async joinTraining({ nodeRank }) {
            here.push(nodeRank)
            if (here.length === 2) supervising.resolve()
            await untilCancelled().finally(() => here.splice(here.indexOf(nodeRank), 1))
          },
          ...changes,
        })
      }

      test('two take part beside the supervisor, and are let go at the end', async () => {
        const before: number[] = []
        layOutNodes(async () => void before.push(...here))
        await (await start(input)).result()
        expect(new Set(before)).toEqual(new Set([1, 2]))
        expect(here).toEqual([])
      })

      test('they are let go when the training fails for good', async () => {
        layOutNodes(async () => {
          throw ApplicationFailure.nonRetryable('the loss is NaN', 'Training-diverged')
        })
        const handle = await start(input)
        expect(rootOf(await failureOf(handle.result())).message).toBe('the loss is NaN')
        expect(here).toEqual([])
      })

      test('cancelled, they stay until its supervisor has ended', async () => {
        const atEnd: number[] = []
        layOutNodes(() => untilCancelled().finally(() => atEnd.push(...here)))
        const handle = await start(input)
        await supervising.promise
        await handle.cancel()
        await expect(handle.result()).rejects.toThrow('Workflow execution cancelled')
        expect(new Set(atEnd)).toEqual(new Set([1, 2]))
        expect(here).toEqual([])
      })

      test('one that can never take part ends the training, which says why', async () => {
        layOutNodes(untilCancelled, {
          async joinTraining({ nodeRank }) {
            if (nodeRank === 2) throw ApplicationFailure.nonRetryable('no trainer', 'Refused')
            supervising.resolve()
            await untilCancelled()
          },
        })
        const handle = await start(input)
        expect(rootOf(await failureOf(handle.result())).message).toBe('no trainer')
      })
    })

    describe('what cannot be trained ends as failed, at once and in one line:', () => {
      test.each<[string, unknown[], RegExp]>([
        ['no input', [], /^input: field \(the whole\)/],
        ['a bare name', ['miniature'], /^input: field \(the whole\)/],
        ['no data set', [{ profile: 'miniature' }], /^input: field dataset: name the data set/],
        [
          'an unknown profile',
          [{ ...input, profile: 'none' }],
          /^field profile: no profile none; there are /,
        ],
        ['an unknown field', [{ ...input, model: 'x' }], /^input: unknown field model/],
        [
          'an unknown field of the profile',
          [{ ...input, overrides: { training: { lr: 1 } } }],
          /unknown field training\.lr/,
        ],
        [
          'a cut-off over the model’s',
          [{ ...input, overrides: { training: { cutoffLength: 99_999 } } }],
          /^field training\.cutoffLength: 99999 tokens are more than the model's/,
        ],
        [
          'steps that do not share out',
          [{ ...input, overrides: { training: { examplesPerStep: 7 } } }],
          /^field training\.examplesPerStep: /,
        ],
        [
          'a data set of another store',
          [{ ...input, dataset: 's3://elsewhere/releases/first' }],
          /^field dataset: s3:\/\/elsewhere\/releases\/first is not in /,
        ],
        [
          'a data set that is not there',
          [{ ...input, dataset: new MemoryStore().uri('releases/none') }],
          /^field dataset: .*: no manifest\.json is there; name the prefix of a release/,
        ],
      ])('%s', async (_, args, message) => {
        const store = new MemoryStore()
        temporal.layOut(
          createOpenTrainingActivities({ store, baseModels: noBaseModels, ...shelves }),
        )
        const handle = await start(...args)
        const failure = rootOf(await failureOf(handle.result()))
        expect(failure.message).toMatch(message)
        expect(failure.message).not.toContain('\n')
      })
    })
  },
)
