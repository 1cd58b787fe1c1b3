import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../../core/digest.ts'
import {
  EvaluationReportData,
  ProblemPage,
} from '../../../../core/report/evaluation-report-data.ts'
import { renderEvaluation, renderProblemPage } from '../../../../core/report/render-evaluation.ts'
import { type ExampleEvaluation, exampleEvaluation } from '../../../report/example-evaluation.ts'
import { hostileEvaluation } from '../../../report/hostile-evaluation.ts'
import { hostileTexts } from '../../../report/hostile-report.ts'

describe('renderEvaluation', () => {
  test.each([
    ['example', exampleEvaluation()],
    ['hostile', hostileEvaluation()],
  ])('the %s evaluation survives its JSON', (_, { data, pages }) => {
    const stored = {
      data: EvaluationReportData.parse(JSON.parse(JSON.stringify(data))),
      pages: ProblemPage.array().parse(JSON.parse(JSON.stringify(pages))),
    }
    expect(digestOf(rendered(stored))).toBe(digestOf(rendered({ data, pages })))
  })

  test('shows every section that has something to show', () => {
    expect(titlesOf(exampleEvaluation().data)).toEqual([
      'Scores',
      'Intervals',
      'Nights',
      'Models against each other',
      'By difficulty and category',
      'With more samples',
      'Length and correctness',
      'Problems',
      'Beside recorded labels',
      'Settings',
    ])
  })

  test('one score of one sample leaves out what needs more', () => {
    const { data } = exampleEvaluation()
    const [score] = data.scores
    if (score === undefined) throw new Error('the example has no score')
    const alone = {
      ...data,
      scores: [{ ...score, byDifficulty: {}, byCategory: {}, published: [] }],
      nights: [],
      comparisons: [],
      lengths: [],
      problems: [],
      labels: [],
    }
    expect(titlesOf(alone)).toEqual(['Scores', 'Intervals', 'Settings'])
    expect(mainOf(alone).includes('No score here is of a model that has a published one.')).toBe(
      true,
    )
    expect(titlesOf({ ...alone, scores: [] })).toEqual([])
  })

  test('labels that no verdict could be compared with have no rate of agreement', () => {
    const { data } = exampleEvaluation()
    const agreement = [{ source: 'math500', compared: 0, agreed: 0, unjudged: 60 }]
    const labels = data.labels.map((each) => ({
      ...each,
      comparison: { agreement, disagreements: [] },
    }))
    const main = mainOf({ ...data, labels })
    const section = main.slice(main.indexOf('Beside recorded labels</h2>'))
    const cells = [...section.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell)
    expect(cells.slice(1, 5)).toEqual(['0', '0', '–', '60'])
  })

  test('figures that are all equal give charts with finite coordinates', () => {
    const { data } = exampleEvaluation()
    const sure = { correct: 4, n: 4, value: 1, low: 1, high: 1 }
    const main = mainOf({
      ...data,
      nights: data.nights.slice(0, 1).map((night) => ({ ...night, accuracy: sure })),
      comparisons: data.comparisons.map((each) => ({ ...each, difference: 0, low: 0, high: 0 })),
      lengths: data.lengths.map((each) => ({
        ...each,
        bins: [{ from: 0, to: 2, accepted: 0, wrong: 0, undecided: 0 }],
      })),
    })
    expect(main.match(/NaN|Infinity/g)).toBeNull()
  })

  test('says how a score lies to what was published for the same model, and only that', () => {
    const { data } = exampleEvaluation()
    const [score] = data.scores
    if (score === undefined) throw new Error('the example has no score')
    const model = score.model.toLowerCase()
    const main = mainOf({ ...data, scores: [{ ...score, model }], nights: [] })
    expect(/class="verdict">\s*(.*?)\s*</.exec(main)?.[1]).toBe(
      'Of the one score with a published one of the same model, 1 within the published interval, 0 below, 0 above.',
    )
    expect(main.includes('Beside what was published for other models')).toBe(true)
  })

  test('every link leads to a page of the report, and every place on it is there', () => {
    const all = new Map(rendered(exampleEvaluation()).map(({ path, html }) => [path, html]))
    const broken = [...all].flatMap(([path, page]) =>
      [...page.matchAll(/href="([^"]*)"/g)].flatMap(([, href = '']) => {
        const [file = '', place] = href.split('#')
        const target = all.get(file === '' ? path : posix.join(posix.dirname(path), file))
        const found =
          target !== undefined && (place === undefined || target.includes(`id="${place}"`))
        return found ? [] : [`${path}: ${href}`]
      }),
    )
    expect(broken).toEqual([])
  })

  test('pages of a gated benchmark hold verdicts and no text, and say why', () => {
    const gated = rendered(exampleEvaluation()).filter(({ path }) => path.includes('gpqa'))
    expect(gated).toHaveLength(2)
    for (const { html } of gated) {
      expect(html).toContain('ask that its problems are not published')
      expect(html).not.toMatch(/Find all positive|Let me think|frac/)
    }
  })

  test.each(['prompt', 'text', 'extracted'] as const)(
    'a gated page with a %s is refused',
    (field) => {
      const { pages } = exampleEvaluation()
      const open = pages.find(({ gated }) => !gated)
      const closed = pages.find(({ gated }) => gated)
      const [leak, problem] = [open?.problems[0], closed?.problems[0]]
      const [sample] = Object.values(problem?.samples ?? {}).flat()
      if (!leak || !problem || !sample) throw new Error('the example has no gated page')
      const leaking = {
        ...sample,
        ...(field === 'text' && { text: leak.prompt }),
        verdict: { ...sample.verdict, extracted: field === 'extracted' ? '42' : null },
      }
      const changed = {
        ...closed,
        problems: [
          {
            ...problem,
            prompt: field === 'prompt' ? leak.prompt : null,
            samples: { model: [leaking] },
          },
        ],
      }
      expect(() => ProblemPage.parse(changed)).toThrow('a gated benchmark shows no text')
    },
  )

  test('content policies allow a page its own style sheet and script, and nothing besides', () => {
    for (const { path, html } of rendered(hostileEvaluation())) {
      const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
      const script = /<script>(.*?)<\/script>/s.exec(html)?.[1]
      const scripts = script === undefined ? '' : ` script-src '${hashOf(script)}';`
      expect(/Security-Policy" content="(.*?)"/.exec(html)?.[1]?.replaceAll('&#39;', "'")).toBe(
        `default-src 'none'; style-src '${hashOf(style)}';${scripts} base-uri 'none'; form-action 'none'`,
      )
      expect(script === undefined).toBe(path === 'index.html')
      expect(html.match(/<script/g) ?? []).toHaveLength(script === undefined ? 0 : 1)
    }
  })

  test.each(hostileTexts)(
    'text %# is text: pages have the same tags as with a plain word',
    (text) => {
      const plain = rendered(hostileEvaluation('word'))
      for (const [at, { html }] of rendered(hostileEvaluation(text)).entries()) {
        expect(tagsOf(html)).toEqual(tagsOf(plain[at]?.html ?? ''))
        expect(/[\u202A-\u202E\u2066-\u2069]/.test(html)).toBe(false)
      }
    },
  )
})

function rendered({ data, pages }: ExampleEvaluation) {
  return [...renderEvaluation(data), ...pages.map(renderProblemPage)]
}

function mainOf(data: EvaluationReportData): string {
  return renderEvaluation(data)[0]?.html ?? ''
}

function titlesOf(data: EvaluationReportData): string[] {
  return [...mainOf(data).matchAll(/<h2 [^>]*>(.*?)<\/h2>/g)].map(([, title]) => title ?? '')
}

/** Every tag of a page with the names of its attributes. */
function tagsOf(page: string): string[] {
  return (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
