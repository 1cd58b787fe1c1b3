import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { headlineOf } from '../../../core/report/headline.ts'
import { progressDetails } from '../../../core/report/progress-details.ts'
import type { RunStatus, StageStatus } from '../../../core/run-status.ts'
import { noCost } from '../../../core/tally.ts'
import { exampleReport } from '../../report/example-report.ts'
import { exampleProgress } from '../training/example-progress.ts'

const stages: readonly StageStatus[] = [
  {
    stage: 'curate',
    state: 'reused',
    counts: { problems: 3000, 'problems/arithmetic': 1200, 'held-out': 240 },
    cost: noCost,
    startedAt: '2026-11-22T17:20:31Z',
    finishedAt: '2026-11-22T17:20:34Z',
  },
  {
    stage: 'sample',
    state: 'running',
    counts: { 'responses/arithmetic': 700, 'responses/choices': 300 },
    cost: { dollars: 1.25, promptTokens: 200_000, completionTokens: 812_000, requests: 1000 },
    startedAt: '2026-11-22T17:20:35Z',
    note: '24 shards',
  },
  { stage: 'train', state: 'waiting', counts: {}, cost: noCost },
]
const status: RunStatus = {
  run: 'first',
  recipe: 'miniature',
  status: 'running',
  stage: 'sample',
  stages,
  training: { ...exampleProgress, globalStep: 120, totalSteps: 300, lastCheckpoint: 100 },
  headline: headlineOf(exampleReport().scores),
  reportUri: 's3://sky-t1/reports/first/report.html',
  children: { distill: '/namespaces/default/workflows/first%2Fdistill' },
}

describe('progressDetails', () => {
  test('shows each stage with its state, time and counts, breakdowns summed', () => {
    const lines = progressDetails(status).split('\n')
    expect(lines).toContain('| curate | reused | 3 s | 3,000 problems, 240 held-out |')
    expect(lines).toContain(
      '| sample | running | since 17:20:35 UTC | 1,000 responses, 24 shards |',
    )
    expect(lines).toContain('| train | waiting | – |  |')
  })

  test('links to the workflows of the run', () => {
    expect(progressDetails(status)).toContain(
      '[distill](/namespaces/default/workflows/first%2Fdistill)',
    )
  })

  test('shows tokens, cost, loss, the headline and where the report is', () => {
    const details = progressDetails(status)
    expect(details).toContain('1,000 requests · 200,000 prompt and 812,000 completion tokens')
    expect(details).toContain('\\$1.25')
    expect(details).toContain('step 120 of 300 · loss 1.2346 · last checkpoint at step 100')
    expect(details).toContain('**The student learned: ')
    expect(details).toContain('Report: `s3://sky-t1/reports/first/report.html`')
  })

  test('links a report that a browser can open', () => {
    const reportUri = 'http://127.0.0.1:9000/reports/first.html'
    expect(progressDetails({ ...status, reportUri })).toContain(`Report: <${reportUri}>`)
  })

  test('says why a run waits, and what to do', () => {
    const blocked = {
      stage: 'train',
      cause: 'loss is NaN',
      next: 'send the update `retry`',
    } as const
    const details = progressDetails({ ...status, status: 'blocked', blocked })
    expect(details).toContain('**Blocked in train**: loss is NaN')
    expect(details).toContain('**Next**: send the update `retry`')
  })

  test('says that there is no loss yet', () => {
    const training = { ...exampleProgress, globalStep: 0, loss: null, lastCheckpoint: null }
    expect(progressDetails({ ...status, training })).toContain('no loss yet · no checkpoint yet')
  })

  test('keeps a hostile cause from making markup, links, images or rows', () => {
    const cause = '<img src=x> ![x](http://evil) | a | b |\n\n# title\n[link](javascript:1) `code`'
    const details = progressDetails({
      ...status,
      blocked: { stage: 'sample', cause, next: 'mend it' },
    })
    const line = details.split('\n').find((each) => each.startsWith('**Blocked')) ?? ''
    expect(line.replaceAll(/\\./g, '')).not.toMatch(/[<>[\]|`#!]/)
    expect(line).toContain('title')
  })

  test('stays under 4 KB, whatever it is given', () => {
    const long = '漢'.repeat(5000)
    const counts = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`${long}${at}`, Number.MAX_SAFE_INTEGER]),
    )
    const crowded = Array.from({ length: 8 }, (): StageStatus => ({
      stage: 'evaluate',
      state: 'blocked',
      counts,
      cost: noCost,
      note: long,
    }))
    const details = progressDetails({
      ...status,
      run: long,
      recipe: long,
      stages: crowded,
      blocked: { stage: 'evaluate', cause: long, next: long },
      reportUri: `s3://${long}`,
    })
    expect(Buffer.byteLength(details)).toBeLessThan(4096)
    expect(details).toContain('| evaluate | blocked |')
  })
})

test('workflows can take it: nothing that it loads is zod', () => {
  const seen = new Set<string>()
  const visit = (file: URL): void => {
    if (seen.has(file.href)) return
    seen.add(file.href)
    const source = readFileSync(file, 'utf8')
    for (const [, specifier = ''] of source.matchAll(
      /^(?:import|export) (?!type ).*?from '(.+?)'/gms,
    )) {
      expect(specifier).not.toMatch(/^zod/)
      if (specifier.startsWith('.')) visit(new URL(specifier, file))
    }
  }
  visit(new URL('../../../core/report/progress-details.ts', import.meta.url))
  visit(new URL('../../../core/report/headline.ts', import.meta.url))
  visit(new URL('../../../core/run-status.ts', import.meta.url))
  expect(seen.size).toBeGreaterThan(4)
})
