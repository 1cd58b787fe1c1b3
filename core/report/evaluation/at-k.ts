import { estimateChart } from '../charts/estimate-chart.ts'
import { seriesLegend } from '../charts/series.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { interval, percent } from '../figures.ts'
import { html, type Html } from '../html.ts'
import type { EstimateAtK, Score } from '../../score.ts'
import { number, table, text } from '../table.ts'
import { scoreGrid } from './score-grid.ts'

const kinds = [
  ['passAt', 'pass@k', 'one of k samples is correct'],
  ['passAll', 'pass^k', 'all of k samples are correct'],
] as const

type Kind = (typeof kinds)[number]

/** What is reached with k samples, where a benchmark was asked more than once. */
export function atK({ scores }: EvaluationReportData): Html {
  const { benchmarks } = scoreGrid(scores)
  return html`${benchmarks.map(({ title, scores: those }) => benchmarkAtK(title, those))}`
}

function benchmarkAtK(title: string, scores: readonly Score[]): Html {
  const asked = scores.filter(({ passAt, passAll }) => passAt.length > 1 || passAll.length > 1)
  if (asked.length === 0) return html``
  return html`<h3>${title}</h3>
    ${seriesLegend(asked.map(({ model }) => model))}
    <div class="pair">${kinds.map((kind) => curves(asked, kind))}</div>
    <details class="fold">
      <summary>Figures of both curves on ${title}</summary>
      ${figures(title, asked)}
    </details>`
}

function curves(scores: readonly Score[], [of, name, meaning]: Kind): Html {
  const ks = allK(scores, of)
  const last = Math.log2(ks.at(-1) ?? 2)
  const place = (k: number) => (last === 0 ? 0 : Math.log2(k) / last)
  return html`<div>
    <h4>${name}: the probability that ${meaning}</h4>
    ${estimateChart({
      description: `${name}. ${scores.map((score) => `${score.model}: ${score[of].map(described).join(', ')}`).join('; ')}`,
      series: scores.map((score, series) => ({
        series,
        points: score[of].map((estimate) => ({ at: place(estimate.k), estimate })),
      })),
      ticks: ks.map((k) => ({ at: place(k), label: String(k) })),
      xLabel: 'samples k',
    })}
  </div>`
}

function described({ k, ...estimate }: EstimateAtK): string {
  return `at ${k} ${percent(estimate.value)} (${interval(estimate)})`
}

function figures(title: string, scores: readonly Score[]): Html {
  return table({
    caption: `pass@k and pass^k on ${title}, with 95% intervals`,
    columns: [
      text('Model'),
      number('Problems'),
      number('k'),
      ...kinds.flatMap(([, name]) => [number(name), number('95% interval')]),
    ],
    rows: scores.flatMap((score) =>
      allK([score], 'passAt').map((k) => [
        score.model,
        String(score.problems),
        String(k),
        ...kinds.flatMap(([of]) => cells(score[of].find((each) => each.k === k))),
      ]),
    ),
  })
}

function cells(estimate: EstimateAtK | undefined): string[] {
  return estimate ? [percent(estimate.value), interval(estimate)] : ['–', '–']
}

function allK(scores: readonly Score[], of: Kind[0]): number[] {
  return [...new Set(scores.flatMap((score) => score[of].map(({ k }) => k)))].toSorted(
    (a, b) => a - b,
  )
}
