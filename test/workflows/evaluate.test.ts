import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createVault } from '../../activities/gated-vault.ts'
import { createOpenEvaluationActivities } from '../../activities/open-evaluation.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { queues } from '../../workflows/options.ts'
import { MemoryStore } from '../activities/memory-store.ts'
import { noBaseModels } from '../activities/no-base-models.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRef } from '../core/example-rows.ts'
import { quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { rootOf, Temporal } from './temporal.ts'

/** What the door finds: a model at an endpoint. */
async function openEvaluation() {
  const site = { kind: 'endpoint', endpoint: 'theirs', model: 'm' } as const
  const order = {
    recipe: exampleRef('recipe'),
    benchmarks: ['math500', 'gpqa-diamond'],
    models: [{ name: 'theirs', site }],
    occasion: 'evaluation',
  }
  return { name: 'both', order }
}

describe.skipIf(temporalProgram === undefined)(
  'an evaluation by itself, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let started = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
    })

    function evaluate(...args: unknown[]): Promise<unknown> {
      started += 1
      const workflowId = `evaluate-${started}`
      const taskQueue = queues.workflows
      return temporal.client.workflow.execute('evaluate', { workflowId, taskQueue, args })
    }

    const input = { models: ['endpoint:theirs/m'], benchmarks: ['math500'], name: 'both' }

    test('asks endpoints after they were looked for, and records the scores under its name', async () => {
      const calls: string[] = []
      temporal.layOut({
        openEvaluation,
        checkEvaluated: async (models) => void calls.push(`check ${models[0]?.name}`),
        sampleEndpoint: async (order) => {
          calls.push(`sample ${order.benchmark}`)
          return quickPipeline.sampleEndpoint(order)
        },
        recordEvaluation: async (done) => {
          calls.push(`record ${done.name}: ${done.evaluations.length}`)
          return quickPipeline.recordEvaluation(done)
        },
      })
      await evaluate(input)
      expect(calls).toEqual([
        'check theirs',
        'sample math500',
        'sample gpqa-diamond',
        'record both: 2',
      ])
    })

    test('reads every benchmark and looks at what stands before it samples anything', async () => {
      const calls: string[] = []
      temporal.layOut({
        openEvaluation,
        readBenchmark: async (of) => {
          calls.push(`read ${of.benchmark}`)
          return quickPipeline.readBenchmark(of)
        },
        checkStanding: async ({ name, sets }) => {
          calls.push(`check ${sets.map(({ digest }) => digest).join()}`)
          throw ApplicationFailure.nonRetryable(`${name} has scores of other problems`, 'Refused')
        },
        sampleEndpoint: async () => {
          throw new Error('sampled before it was refused')
        },
      })
      const failure = rootOf(await failureOf(evaluate(input)))
      expect(failure.message).toBe('both has scores of other problems')
      expect(calls).toEqual(['read math500', 'read gpqa-diamond', 'check math500,gpqa-diamond'])
    })

    test('has what is sealed graded where the secret is, and nothing of it in the sandbox', async () => {
      const graded: string[] = []
      temporal.layOut({
        openEvaluation,
        openScoring: async ({ benchmark }) => [
          {
            problems: exampleRef('problems'),
            submissions: exampleRef('responses'),
            isSealed: benchmark === 'gpqa-diamond',
          },
        ],
        gradeSealed: async (shard) => {
          graded.push(`sealed ${shard.benchmark}`)
          return quickPipeline.gradeSealed(shard)
        },
        gradeShard: async () => void graded.push('sandbox'),
      })
      await evaluate(input)
      expect(graded).toEqual(['sandbox', 'sealed gpqa-diamond'])
    })

    test.each<[string, unknown[], RegExp]>([
      ['nothing', [], /^input: field \(the whole\)/],
      ['no models', [{ ...input, models: [] }], /^input: field models/],
      ['what only the door may say', [{ ...input, occasion: 'night' }], /unknown field occasion/],
    ])('of %s fails at once, naming the field', async (_, args, message) => {
      const store = new MemoryStore()
      temporal.layOut(
        createOpenEvaluationActivities({
          store,
          vault: createVault(store, undefined),
          problemSource: createProblemSource({ dataDirectory: undefined }),
          baseModels: noBaseModels,
          ...shelves,
        }),
      )
      expect(rootOf(await failureOf(evaluate(...args))).message).toMatch(message)
    })
  },
)
