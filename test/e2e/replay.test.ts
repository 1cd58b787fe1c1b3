import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReportData } from '../../core/report/report-data.ts'
import type { RunStatus } from '../../core/run-status.ts'
import { startTestStack, stackIsInstalled, type TestStack } from './local-stack.ts'
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

    afterAll(() => stack?.stop(), 1 * minutes)

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
