import { intervalPlot } from '../charts/interval-plot.ts'
import { count, interval, percent } from '../figures.ts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'
import type { Accuracy, Score } from '../../score.ts'
import { shortfallsOf } from '../../shortfalls.ts'
import { stackedFigure } from '../stacked-figure.ts'
import { number, table, text } from '../table.ts'

/** Each benchmark's accuracy before and after, whole and by domain. */
export function scores(data: ReportData): Html {
  return html`${[...Map.groupBy(data.scores, ({ benchmark }) => benchmark)].map(
    ([benchmark, ofBenchmark]) => benchmarkScores(benchmark, ofBenchmark),
  )}`
}

function benchmarkScores(benchmark: string, ofBenchmark: readonly Score[]): Html {
  const domains = [...new Set(ofBenchmark.flatMap(({ byDomain }) => Object.keys(byDomain)))]
  const ofDomain = (domain: string) =>
    models.map((model) => ofBenchmark.find((score) => score.model === model)?.byDomain[domain])
  const whole = models.map((model) => ofBenchmark.find((score) => score.model === model)?.accuracy)
  return html`<h3>Accuracy on ${benchmark}, by domain</h3>
    ${legend()}
    ${intervalPlot(
      domains.toSorted().map((domain) => ({
        label: domain,
        marks: ofDomain(domain).flatMap((accuracy, at) =>
          accuracy ? [{ series: models[at] ?? 'base', accuracy }] : [],
        ),
      })),
    )}
    ${table({
      caption: `Accuracy on ${benchmark}, with 95% intervals`,
      columns: [
        text('Domain'),
        ...models.flatMap((model) => [
          number(names[model]),
          number('95% interval'),
          number('Correct'),
        ]),
      ],
      rows: domains
        .toSorted()
        .map((domain) => [domain, ...ofDomain(domain).flatMap((accuracy) => cells(accuracy))]),
      total: ['All', ...whole.flatMap((accuracy) => cells(accuracy))],
    })}
    ${amiss(benchmark, ofBenchmark)}
    <p>An undecided sample counts as not correct; a missing one is not counted.</p> `
}

const models = ['base', 'student'] as const
const names = { base: 'Base model', student: 'Student' } as const

function nameOf(model: string): string {
  return model === 'base' || model === 'student' ? names[model] : model
}

function legend(): Html {
  return html`<ul class="legend">
    ${models.map(
      (model) =>
        html`<li>
          <svg class="${model}" aria-hidden="true" width="28" height="12">
            <line class="span" x1="2" x2="26" y1="6" y2="6" />
            <circle cx="14" cy="6" r="5" />
          </svg>
          ${names[model]}
        </li>`,
    )}
  </ul>`
}

function cells(accuracy: Accuracy | undefined): string[] {
  if (accuracy === undefined) return ['–', '–', '–']
  const { correct, n, value } = accuracy
  return [percent(value), interval(accuracy), `${count(correct)} of ${count(n)}`]
}

function amiss(benchmark: string, ofBenchmark: readonly Score[]): Html {
  return table({
    caption: `Samples on ${benchmark} that were undecided, gave no answer, were cut off, ran in a loop or never came, with 95% intervals`,
    columns: [
      text('Model'),
      number('Undecided'),
      number('No answer'),
      number('Cut off'),
      number('Repeating'),
      number('Missing'),
    ],
    rows: ofBenchmark.map((score) => [
      nameOf(score.model),
      ...shortfallsOf(score).map((each) =>
        stackedFigure(each, `${count(each.count)} of ${count(each.n)}`),
      ),
    ]),
  })
}
