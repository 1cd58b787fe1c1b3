import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common'
import {
  type WorkflowHandle,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createVault } from '../../activities/gated-vault.ts'
import { createOpenRunActivities } from '../../activities/open-run.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import type { RunStatus, StageStatus } from '../../core/run-status.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { queues } from '../../workflows/options.ts'
import { searchAttributes } from '../../workflows/run-state.ts'
import { MemoryStore } from '../activities/memory-store.ts'
import { noBaseModels } from '../activities/no-base-models.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { type Pipeline, quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, rootOf, Temporal } from './temporal.ts'

const statusOf = (run: WorkflowHandle) => run.query<RunStatus>('status')
const stageOf = ({ stages }: RunStatus, name: string) => stages.find(({ stage }) => stage === name)

async function whenBlocked(run: WorkflowHandle): Promise<RunStatus> {
  await expect.poll(async () => (await statusOf(run)).status, patience).toBe('blocked')
  return statusOf(run)
}

/** What the UI shows of a run. */
async function shownOf(run: WorkflowHandle) {
  const { typedSearchAttributes, status } = await run.describe()
  const metadata = await run.query('__temporal_workflow_metadata')
  return {
    execution: status.name,
    stage: typedSearchAttributes.get(searchAttributes.stage),
    status: typedSearchAttributes.get(searchAttributes.status),
    score: typedSearchAttributes.get(searchAttributes.score),
    details: z.object({ currentDetails: z.string() }).parse(metadata).currentDetails,
  }
}

/** A curation that fails until it is mended. */
function brokenCuration() {
  const state = { mended: false, attempts: 0 }
  const curateProblems: Pipeline['curateProblems'] = async (recipe) => {
    state.attempts += 1
    if (state.mended) return quickPipeline.curateProblems(recipe)
    throw ApplicationFailure.nonRetryable('the disk is full', 'CorruptObjectError')
  }
  return { state, curateProblems }
}

describe.skipIf(temporalProgram === undefined)(
  'reproduce, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    let runs = 0
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => temporal.layOut({}))

    async function start(...args: unknown[]): Promise<WorkflowHandle> {
      runs += 1
      const options = { workflowId: `run-${runs}`, taskQueue: queues.workflows, args }
      return temporal.client.workflow.start('reproduce', options)
    }

    test('a run until the data set trains nothing, and is reported', async () => {
      const reported: unknown[] = []
      temporal.layOut({
        openRun: async (input) => ({ ...(await quickPipeline.openRun(input)), trains: false }),
        writeReport: async (order) => {
          reported.push(order.student)
          return quickPipeline.writeReport(order)
        },
      })
      const run = await start({ recipe: 'example', until: 'assemble' })
      const status: RunStatus = await run.result()
      expect(status.status).toBe('completed')
      expect(stageOf(status, 'train')?.state).toBe('skipped')
      expect(stageOf(status, 'evaluate')?.state).toBe('skipped')
      expect(reported).toEqual([undefined])
    })

    describe('a run that goes well', () => {
      let run: WorkflowHandle
      let status: RunStatus
      beforeAll(async () => {
        temporal.layOut({})
        run = await start({ recipe: 'example' })
        status = await run.result()
      })

      test('completes with every stage done, its tallies and its costs', () => {
        expect(status).toMatchObject({ status: 'completed', recipe: 'example' })
        expect(status.stages.map(({ stage, state }) => [stage, state])).toEqual(
          [
            'curate',
            'sample',
            'reformat',
            'verify',
            'assemble',
            'release',
            'train',
            'evaluate',
            'report',
          ].map((stage) => [stage, 'done']),
        )
        expect(stageOf(status, 'sample')).toMatchObject({
          counts: { responses: 6 },
          cost: { dollars: 0.75, promptTokens: 30, completionTokens: 60, requests: 6 },
        })
        expect(stageOf(status, 'verify')).toMatchObject({ counts: { 'accepted/sums': 6 } })
        expect(status.headline?.sentence).toMatch(/^The student learned/)
      })

      test('still answers where it stands, and shows it in search attributes and details', async () => {
        expect(await statusOf(run)).toEqual(status)
        const shown = await shownOf(run)
        expect(shown).toMatchObject({
          execution: 'COMPLETED',
          stage: 'report',
          status: 'completed',
        })
        expect(shown.score).toBe(0.9)
        expect(shown.details).toContain('**completed**')
      })

      test('has its children under its own name', async () => {
        for (const child of ['distill', 'train', 'evaluate']) {
          const handle = temporal.client.workflow.getHandle(`${run.workflowId}/${child}`)
          expect((await handle.describe()).status.name).toBe('COMPLETED')
        }
      })

      test('keeps its payloads and its history small', async () => {
        const { events } = await run.fetchHistory()
        expect(events?.length).toBeLessThan(200)
        expect(defaultPayloadConverter.toPayload(status)?.data?.byteLength).toBeLessThan(65_536)
      })
    })

    test('a run whose stages stood already says so', async () => {
      temporal.layOut({
        curateProblems: async (ref) => ({
          ...(await quickPipeline.curateProblems(ref)),
          reused: true,
        }),
        sampleShard: async (shard) => ({
          ...(await quickPipeline.sampleShard(shard)),
          reused: true,
        }),
      })
      const status: RunStatus = await (await start({ recipe: 'example' })).result()
      expect(stageOf(status, 'curate')?.state).toBe('reused')
      expect(stageOf(status, 'sample')?.state).toBe('reused')
      expect(stageOf(status, 'reformat')?.state).toBe('done')
    })

    describe('a failed stage', () => {
      test('parks the run, which says why and what to do next, wherever one looks', async () => {
        temporal.layOut({ curateProblems: brokenCuration().curateProblems })
        const run = await start({ recipe: 'example' })
        const status = await whenBlocked(run)
        const next = 'mend the cause, then send the update `retry` (or `skip`, `abort`)'
        expect(status.blocked).toEqual({ stage: 'curate', cause: 'the disk is full', next })
        expect(stageOf(status, 'curate')?.state).toBe('blocked')
        const shown = await shownOf(run)
        expect(shown).toMatchObject({ execution: 'RUNNING', stage: 'curate', status: 'blocked' })
        expect(shown.details).toContain('**Blocked in curate**: the disk is full')
        await run.terminate()
      })

      test('runs again on retry, as often as it takes, and the run completes', async () => {
        const { state, curateProblems } = brokenCuration()
        temporal.layOut({ curateProblems })
        const run = await start({ recipe: 'example' })
        await whenBlocked(run)
        expect(await run.executeUpdate('retry')).toBe('retry: stage curate')
        await expect.poll(() => state.attempts, patience).toBe(2)
        await whenBlocked(run)
        state.mended = true
        await run.executeUpdate('retry')
        const status: RunStatus = await run.result()
        expect(status.status).toBe('completed')
        expect(status).not.toHaveProperty('blocked')
        expect(state.attempts).toBe(3)
      })

      test('that the run cannot do without is not skipped', async () => {
        temporal.layOut({ curateProblems: brokenCuration().curateProblems })
        const run = await start({ recipe: 'example' })
        await whenBlocked(run)
        const failure = await failureOf(run.executeUpdate('skip'))
        expect(failure).toBeInstanceOf(WorkflowUpdateFailedError)
        expect(failure.cause).toMatchObject({
          type: 'NotDispensable',
          message: 'stage curate cannot be skipped: the stages after it need its result',
        })
        expect((await statusOf(run)).status).toBe('blocked')
        await run.terminate()
      })

      test('in a child parks the parent with the cause at the bottom', async () => {
        temporal.layOut({
          superviseTraining: async () => {
            throw ApplicationFailure.nonRetryable('the trainer ended at step 3 of 9')
          },
        })
        const run = await start({ recipe: 'example' })
        const { blocked } = await whenBlocked(run)
        expect(blocked).toMatchObject({ stage: 'train', cause: 'the trainer ended at step 3 of 9' })
        temporal.layOut({})
        await run.executeUpdate('retry')
        expect(await run.result()).toMatchObject({ status: 'completed' })
      })

      test('of the evaluation may be skipped: the run is reported without scores', async () => {
        const reported: unknown[] = []
        temporal.layOut({
          scoreBenchmark: async () => {
            throw ApplicationFailure.nonRetryable('no verdict')
          },
          writeReport: async (order) => {
            reported.push(order.student?.evaluations)
            return quickPipeline.writeReport(order)
          },
        })
        const run = await start({ recipe: 'example' })
        await whenBlocked(run)
        expect(await run.executeUpdate('skip')).toBe('skip: stage evaluate')
        const status: RunStatus = await run.result()
        expect(status.status).toBe('completed')
        expect(stageOf(status, 'evaluate')?.state).toBe('skipped')
        expect(reported).toEqual([[]])
      })

      test('ends the run on abort, as failed, and says where it was', async () => {
        temporal.layOut({ curateProblems: brokenCuration().curateProblems })
        const run = await start({ recipe: 'example' })
        await whenBlocked(run)
        expect(await run.executeUpdate('abort')).toBe('abort: stage curate')
        const failure = await failureOf(run.result())
        expect(failure).toBeInstanceOf(WorkflowFailedError)
        expect(failure.cause).toMatchObject({
          type: 'Aborted',
          message: 'aborted at stage curate',
        })
        const status = await statusOf(run)
        expect(status.status).toBe('aborted')
        expect(stageOf(status, 'curate')?.state).toBe('blocked')
        expect(await shownOf(run)).toMatchObject({ execution: 'FAILED', status: 'aborted' })
      })

      test('does not keep a parked run from being cancelled', async () => {
        temporal.layOut({ curateProblems: brokenCuration().curateProblems })
        const run = await start({ recipe: 'example' })
        await whenBlocked(run)
        await run.cancel()
        await failureOf(run.result())
        expect(await shownOf(run)).toMatchObject({ execution: 'CANCELLED', status: 'aborted' })
      })
    })

    test('a run that is not blocked takes no decision', async () => {
      const gate = Promise.withResolvers<void>()
      temporal.layOut({
        curateProblems: async (ref) => {
          await gate.promise
          return quickPipeline.curateProblems(ref)
        },
      })
      const run = await start({ recipe: 'example' })
      for (const update of ['retry', 'skip', 'abort']) {
        const { cause } = await failureOf(run.executeUpdate(update))
        expect(cause).toMatchObject({ type: 'NotBlocked', message: 'the run is not blocked' })
      }
      gate.resolve()
      expect(await run.result()).toMatchObject({ status: 'completed' })
    })

    describe('what cannot be run ends as failed, at once and for good:', () => {
      beforeEach(() => {
        const problemSource = createProblemSource({ dataDirectory: undefined })
        const store = new MemoryStore()
        const vault = createVault(store, undefined)
        const deps = { store, vault, problemSource, baseModels: noBaseModels, ...shelves }
        temporal.layOut(createOpenRunActivities(deps))
      })

      test.each<[string, unknown[], RegExp]>([
        ['no input', [], /^input: field \(the whole\)/],
        ['null', [null], /^input: field \(the whole\)/],
        ['a bare name', ['miniature'], /^input: field \(the whole\)/],
        ['an unknown recipe', [{ recipe: 'none' }], /^field recipe: no recipe none; there are /],
        ['an unknown field', [{ recipe: 'miniature', seed: 1 }], /^input: unknown field seed/],
      ])('%s', async (_, args, message) => {
        const run = await start(...args)
        const failure = await failureOf(run.result())
        expect(failure).toBeInstanceOf(WorkflowFailedError)
        expect((await run.describe()).status.name).toBe('FAILED')
        expect((await statusOf(run)).status).toBe('failed')
        expect(rootOf(failure)).toMatchObject({ type: 'InvalidInput', nonRetryable: true })
        expect(rootOf(failure).message).toMatch(message)
      })

      test('a host without a sandbox', async () => {
        temporal.layOut({
          checkSandbox: async () => {
            throw ApplicationFailure.nonRetryable('no sandbox: bwrap; mend: install it', 'Refused')
          },
        })
        const run = await start({ recipe: 'example' })
        const root = rootOf(await failureOf(run.result()))
        expect(root.message).toBe('no sandbox: bwrap; mend: install it')
        const states = (await statusOf(run)).stages.map(({ state }: StageStatus) => state)
        expect(new Set(states)).toEqual(new Set(['waiting']))
      })
    })
  },
)
