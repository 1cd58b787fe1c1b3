import { ApplicationFailure } from '@temporalio/common'
import { ScheduleOverlapPolicy, WorkflowFailedError } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { subjectName } from '../../core/evaluation/night-subject.ts'
import type { Night } from '../../core/night.ts'
import { queues } from '../../workflows/options.ts'
import { searchAttributes } from '../../workflows/run-state.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRef } from '../core/example-rows.ts'
import { quickPipeline } from './pipeline.ts'
import { temporalProgram } from './temporal-server.ts'
import { patience, Temporal } from './temporal.ts'

const drop = {
  kind: 'drop',
  difference: -0.05,
  interval: { low: -0.08, high: -0.02 },
  p: 0.001,
  level: 0.01,
  smallestDetectable: 0.04,
} as const

describe.skipIf(temporalProgram === undefined)(
  'nightly, on a real Temporal server (SKY_T1_TEMPORAL)',
  () => {
    let temporal: Temporal
    beforeAll(async () => {
      temporal = await Temporal.start()
    })
    afterAll(() => temporal[Symbol.asyncDispose]())
    beforeEach(() => {
      temporal.layOut({})
    })

    const start = (workflowId: string, ...args: unknown[]) =>
      temporal.client.workflow.start('nightly', { workflowId, taskQueue: queues.workflows, args })

    test('takes its date from the night that the schedule planned, not from the clock', async () => {
      const occasions: string[] = []
      temporal.layOut({
        sampleServed: async (order) => {
          occasions.push(order.occasion)
          return quickPipeline.sampleServed(order)
        },
      })
      const schedule = await temporal.client.schedule.create({
        scheduleId: 'nightly-first',
        spec: { calendars: [{ hour: 2 }], timezone: 'UTC' },
        state: { paused: true },
        action: {
          type: 'startWorkflow',
          workflowType: 'nightly',
          taskQueue: queues.workflows,
          args: [{ run: 'first' }],
        },
      })
      await schedule.backfill({
        start: new Date('2026-01-30T12:00:00Z'),
        end: new Date('2026-01-31T12:00:00Z'),
        overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      })
      const started = async () => (await schedule.describe()).info.recentActions.at(-1)?.action
      await expect.poll(started, patience).toBeDefined()
      const workflowId = (await started())?.workflow.workflowId ?? ''
      const nights: Night[] = await temporal.client.workflow.getHandle(workflowId).result()
      expect(nights.map((night) => [subjectName(night), night.date])).toEqual([
        ['first', '2026-01-31'],
      ])
      expect(occasions).toEqual(['night-2026-01-31'])
    })

    test('started by hand is the night of its start, evaluates the student alone, and records it', async () => {
      const recorded: unknown[] = []
      const roles: string[] = []
      temporal.layOut({
        scoreBenchmark: async (graded) => {
          roles.push(graded.model.name)
          return quickPipeline.scoreBenchmark(graded)
        },
        recordNights: async (done) => {
          recorded.push(done.came)
          return quickPipeline.recordNights(done)
        },
      })
      const handle = await start('by-hand', { run: 'first' })
      const nights: Night[] = await handle.result()
      const { startTime, typedSearchAttributes } = await handle.describe()
      expect(nights.map(({ date }) => date)).toEqual([startTime.toISOString().slice(0, 10)])
      expect(roles).toEqual(['student'])
      expect(recorded).toEqual([{ evaluations: ['evaluation of student'] }])
      expect(typedSearchAttributes.get(searchAttributes.night)).toBe('steady')
      expect(typedSearchAttributes.get(searchAttributes.run)).toBe('first')
      expect(typedSearchAttributes.get(searchAttributes.score)).toBe(0.9)
    })

    test('of a model that others serve asks its endpoint, and stands under the model’s name', async () => {
      const asked: string[] = []
      const told: string[] = []
      const site = { kind: 'endpoint', endpoint: 'theirs', model: 'QwQ' } as const
      temporal.layOut({
        openNight: async () => ({
          model: 'theirs',
          judging: { level: 0.01, window: 7 },
          order: {
            recipe: exampleRef('recipe'),
            benchmarks: ['gsm8k'],
            models: [{ name: 'theirs', site }],
          },
        }),
        sampleEndpoint: async (order) => {
          asked.push(`${order.model.name} on ${order.occasion}`)
          return quickPipeline.sampleEndpoint(order)
        },
        recordNights: async (done) => {
          const recorded = await quickPipeline.recordNights(done)
          const nights = recorded.nights.map((night) => ({ ...night, verdict: drop }))
          return { ...recorded, nights }
        },
        tellOfDrops: async ({ text }) => {
          told.push(text)
          return true
        },
      })
      const handle = await start('served', { model: 'theirs=endpoint:theirs/QwQ' })
      const nights: Night[] = await handle.result()
      const { startTime, typedSearchAttributes } = await handle.describe()
      const date = startTime.toISOString().slice(0, 10)
      expect(nights.map((night) => [subjectName(night), night.date])).toEqual([['theirs', date]])
      expect(asked).toEqual([`theirs on night-${date}`])
      expect(typedSearchAttributes.get(searchAttributes.run)).toBe('theirs')
      expect(typedSearchAttributes.get(searchAttributes.night)).toBe('drop')
      expect(typedSearchAttributes.get(searchAttributes.score)).toBe(0.9)
      expect(told.map((text) => text.split('\n')[0])).toEqual([`Night of ${date}, theirs: drop.`])
    })

    test('that drops tells people, once', async () => {
      const told: string[] = []
      temporal.layOut({
        recordNights: async (done) => {
          const recorded = await quickPipeline.recordNights(done)
          const nights = recorded.nights.map((night) => ({ ...night, verdict: drop }))
          return { ...recorded, nights, sentences: ['held-out dropped by -5.0 points.'] }
        },
        tellOfDrops: async ({ text }) => {
          told.push(text)
          return true
        },
      })
      const handle = await start('dropped', { run: 'first' })
      await handle.result()
      const { typedSearchAttributes } = await handle.describe()
      expect(typedSearchAttributes.get(searchAttributes.night)).toBe('drop')
      expect(told).toHaveLength(1)
      expect(told[0]).toContain('held-out dropped by -5.0 points.')
    })

    test('that cannot be evaluated is recorded with its cause, and does not fail', async () => {
      const recorded: unknown[] = []
      temporal.layOut({
        sampleServed: async () => {
          throw ApplicationFailure.nonRetryable('the endpoint is down', 'EndpointRefusedError')
        },
        recordNights: async (done) => {
          recorded.push(done.came)
          return quickPipeline.recordNights(done)
        },
      })
      const handle = await start('broken', { run: 'first' })
      await handle.result()
      expect(recorded).toEqual([{ broken: 'the endpoint is down' }])
    })

    test('of a run that has not ended fails at once', async () => {
      temporal.layOut({
        openNight: async () => {
          throw ApplicationFailure.nonRetryable('field run: no run x has ended', 'InvalidInput')
        },
      })
      const handle = await start('refused', { run: 'x' })
      expect(await failureOf(handle.result())).toBeInstanceOf(WorkflowFailedError)
      expect((await handle.describe()).status.name).toBe('FAILED')
    })
  },
)
