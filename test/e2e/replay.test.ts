import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLabelComparison } from '../../activities/recorded-labels.ts'
import type { ReportData } from '../../core/report/report-data.ts'
import type { RunStatus } from '../../core/run-status.ts'
import { startTestStack, stackIsInstalled, type TestStack } from './local-stack.ts'
import type { evaluate } from '../../workflows/evaluate.ts'
import type { reproduce } from '../../workflows/reproduce.ts'
import { readReport } from './small-run.ts'

const minutes = 60_000
const data = process.env['SKY_T1_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data')
const isPresent = existsSync(join(data, 'lcb_code_outputs.jsonl.gz'))

describe.skipIf(!stackIsInstalled || !isPresent)(
  'replay (skipped where SKY_T1_DATA names no folder)',
  () => {
    let stack: TestStack
    let status: RunStatus
    let report: ReportData

    beforeAll(async () => {
      stack = await startTestStack({ data })
      status = await stack.client.workflow.execute<typeof reproduce>('reproduce', {
        workflowId: 'replay',
        taskQueue: 'sky-t1',
        args: [{ recipe: 'replay' }],
      })
      report = await readReport(stack, 'replay')
    }, 15 * minutes)

    afterAll(() => stack?.stop())

    test('the run ends, its data set assembled, trained on and scored', () => {
      expect(status.status).toBe('completed')
      expect(report.yields.reduce((sum, { datasetRows }) => sum + datasetRows, 0)).toBe(100)
      expect(report.training?.steps.length).toBeGreaterThan(0)
      expect(report.scores.map(({ model }) => model)).toEqual(['base', 'student'])
    })

    test('so many are accepted by source', () => {
      const accepted = report.yields.map((each) => [each.source, each.accepted])
      expect(Object.fromEntries(accepted)).toEqual({
        'lcb-o1-mini': 278,
        'lcb-o1-preview': 279,
        'mip-qwq': 80,
        'mip-r1': 78,
        'skythought-aime24': 2,
        'skythought-math500': 333,
      })
    })

    test('a recorded model is evaluated as if it were sampled, and its labels stand beside', async () => {
      const scored = await stack.client.workflow.execute<typeof evaluate>('evaluate', {
        workflowId: 'recorded',
        taskQueue: 'sky-t1',
        args: [
          {
            models: [
              'zero=endpoint:replay/Qwen2.5-32B-Instruct',
              'short=endpoint:replay/Qwen2.5-32B-Instruct/still2-sys_one_short',
            ],
            benchmarks: ['recorded-aime24'],
            recipe: 'replay',
            name: 'recorded',
          },
        ],
      })
      expect(scored.map(({ score }) => [score.model, score.accuracy.correct])).toEqual([
        ['zero', 6],
        ['short', 4],
      ])
      const labels = await Promise.all(
        scored.map(({ key }) => readLabelComparison({ ...stack, kept: stack.store }, key)),
      )
      expect(labels.map((each) => each?.agreement)).toEqual([
        [{ source: 'recorded-aime24', compared: 30, agreed: 28, unjudged: 0 }],
        [{ source: 'recorded-aime24', compared: 30, agreed: 28, unjudged: 0 }],
      ])
      const contradicted = labels.flatMap((each) => each?.disagreements ?? [])
      expect(contradicted.map(({ label, verdict }) => [label.correct, verdict.reason])).toEqual(
        Array.from({ length: 4 }, () => [false, 'truncated']),
      )
    })

    test('every disagreement with a recorded label is listed with both reasons', () => {
      const { agreement, disagreements } = report.labels
      const disagreed = agreement.reduce((sum, { compared, agreed }) => sum + compared - agreed, 0)
      expect(disagreements.length).toBe(disagreed)
      for (const { label, verdict } of disagreements) {
        expect(label.reason).not.toBe('')
        expect(verdict.reason).not.toBe('')
      }
    })
  },
)
