import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ReportData } from '../../../core/report/report-data.ts'
import { renderReport } from '../../../core/report/render-report.ts'
import { exampleReport, replayReport } from '../../report/example-report.ts'
import { hostileReport, hostileTexts } from '../../report/hostile-report.ts'

describe('renderReport', () => {
  test.each([
    ['example', exampleReport()],
    ['replay', replayReport(3)],
    ['hostile', hostileReport()],
  ])('the %s report survives its JSON', (_, report) => {
    const stored = ReportData.parse(JSON.parse(JSON.stringify(report)))
    expect(renderReport(stored)).toBe(renderReport(report))
  })

  test('shows every section that has something to show', () => {
    expect(titlesOf(replayReport(2))).toEqual([
      'Scores',
      'Curation',
      'Yield',
      'Strict and legacy verdicts',
      'Verdicts',
      'Where graders disagree',
      'Training',
      'Time and cost',
      'Traces',
      'Disagreements with recorded labels',
      'Lineage',
    ])
  })

  test('leaves out what a run does not have, and says what was skipped', () => {
    const skipped = {
      ...exampleReport(),
      skipped: ['train', 'evaluate'] as const satisfies readonly string[],
      training: null,
      scores: [],
      traces: [],
      graders: { views: [], list: null },
      verdicts: [],
      yields: [],
    }
    const report = { ...skipped, skipped: [...skipped.skipped] }
    expect(titlesOf(report)).toEqual(['Curation', 'Time and cost', 'Lineage'])
    expect(renderReport(report)).toContain('Skipped: train, evaluate.')
    expect(renderReport(report)).toContain('The run ends with its data set: 0 rows')
    expect(renderReport(report)).not.toContain('not measured')
  })

  test('names the folder of the released data set', () => {
    const [stage] = exampleReport().stages
    if (stage === undefined) throw new Error('the example has no stage')
    const uri = 's3://sky-t1/releases/abc/manifest.json'
    const outputs = { 'manifest.json': { uri, sha256: 'a'.repeat(64), bytes: 9 } }
    const released = { ...stage, manifest: { ...stage.manifest, outputs } }
    const page = renderReport({ ...exampleReport(), stages: [released] }).replaceAll(/\s+/g, ' ')
    expect(page).toContain('<dt>Data set</dt> <dd><code>s3://sky-t1/releases/abc/</code></dd>')
  })

  test('says at the top that nobody real answered', () => {
    const page = renderReport(exampleReport())
    const notice = page.indexOf('Teacher and reformatter are scripted, not real models.')
    expect(notice).toBeGreaterThan(0)
    expect(notice).toBeLessThan(page.indexOf('The student learned'))
    const real = exampleReport().endpoints.map((each) => ({ ...each, kind: 'real' as const }))
    expect(renderReport({ ...exampleReport(), endpoints: real })).not.toContain('class="notice"')
  })

  test('its content policy allows its own style sheet and nothing besides', () => {
    const page = renderReport(hostileReport())
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    const policy = /Security-Policy" content="(.*?)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    )
    expect(page.match(/<style/g)).toHaveLength(1)
  })

  test.each(hostileTexts)(
    'text %# is text: the page has the same tags as with a plain word',
    (text) => {
      const page = renderReport(hostileReport(text))
      expect(tagsOf(page)).toEqual(tagsOf(renderReport(hostileReport('word'))))
      expect(/[\u202A-\u202E\u2066-\u2069]/.test(page)).toBe(false)
    },
  )
})

/** Every tag of a page with the names of its attributes. */
function tagsOf(page: string): string[] {
  return (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
}

function titlesOf(report: ReportData): string[] {
  return [...renderReport(report).matchAll(/<h2 [^>]*>(.*?)<\/h2>/g)].map(
    ([, title]) => title ?? '',
  )
}
