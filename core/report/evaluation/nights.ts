import { compareText } from '../../compare-text.ts'
import { estimateChart } from '../charts/estimate-chart.ts'
import { seriesLegend } from '../charts/series.ts'
import type { EvaluationReportData, Night } from '../evaluation-report-data.ts'
import { count, interval, percent } from '../figures.ts'
import { html, type Html } from '../html.ts'
import type { Accuracy } from '../../score.ts'
import { number, table, text } from '../table.ts'
import { titleOf } from './score-grid.ts'

/** Night by night, with the alerts that were raised. */
export function nights({ nights: all, scores }: EvaluationReportData): Html {
  if (all.length === 0) return html``
  const sorted = all.toSorted((a, b) => compareText(a.date, b.date))
  const scored = sorted.flatMap((night) =>
    night.accuracy === null ? [] : [{ ...night, accuracy: night.accuracy }],
  )
  return html`${alerts(sorted)}
  ${[...Map.groupBy(scored, ({ benchmark }) => benchmark)].map(([benchmark, those]) =>
    nightsOf(titleOf(scores, benchmark), those),
  )}`
}

type ScoredNight = Night & { readonly accuracy: Accuracy }

/** The newest first: that is what a reader comes for. */
function alerts(sorted: readonly Night[]): Html {
  const raised = sorted.filter(({ alert }) => alert !== null).toReversed()
  if (raised.length === 0) return html`<p>No night raised an alert.</p>`
  return html`<p>
      A ring marks a night that raised an alert; one that could not be evaluated is in no curve.
    </p>
    <ul class="alerts">
      ${raised.map(
        ({ date, model, alert }) =>
          html`<li>
            <time datetime="${date}">${date}</time>
            <strong class="${alert?.kind}">${alert?.kind}</strong>
            ${model}: ${alert?.sentence}
          </li>`,
      )}
    </ul>`
}

function nightsOf(title: string, those: readonly ScoredNight[]): Html {
  const models = [...Map.groupBy(those, ({ model }) => model)]
  const first = Date.parse(those[0]?.date ?? '')
  const last = Date.parse(those.at(-1)?.date ?? '')
  const place = (date: string) =>
    last === first ? 0.5 : (Date.parse(date) - first) / (last - first)
  return html`<h3>Accuracy on ${title}, night by night</h3>
    ${seriesLegend(models.map(([model]) => model))}
    ${estimateChart({
      description: models.map(([model, its]) => described(model, its)).join('; '),
      series: models.map(([, its], series) => ({
        series,
        points: its.map(({ date, accuracy, alert }) => ({
          at: place(date),
          estimate: accuracy,
          flagged: alert !== null,
        })),
      })),
      ticks: spreadOut(those).map((date) => ({ at: place(date), label: date.slice(5) })),
      xLabel: `nights from ${those[0]?.date} to ${those.at(-1)?.date}`,
    })}
    <details class="fold">
      <summary>
        Figures of ${those.length === 1 ? 'the one score' : `${count(those.length)} scores`} on
        ${title}
      </summary>
      ${figures(title, those)}
    </details>`
}

function described(model: string, its: readonly ScoredNight[]): string {
  const [first, last] = [its[0], its.at(-1)]
  if (!first || !last) return model
  const flagged = its.filter(({ alert }) => alert !== null).map(({ date }) => date)
  const ending = flagged.length > 0 ? `, with an alert on ${flagged.join(' and ')}` : ''
  return `${model}: from ${percent(first.accuracy.value)} on ${first.date} to ${percent(last.accuracy.value)} on ${last.date}${ending}`
}

/** At most five dates, evenly among all and the last of them always: their labels stand apart. */
function spreadOut(those: readonly Night[]): string[] {
  const dates = [...new Set(those.map(({ date }) => date))]
  const step = Math.max(1, Math.ceil((dates.length - 1) / 4))
  return dates.filter((_, at) => (dates.length - 1 - at) % step === 0)
}

function figures(title: string, those: readonly ScoredNight[]): Html {
  return table({
    caption: `Accuracy on ${title} by night, with 95% intervals`,
    columns: [
      text('Night'),
      text('Model'),
      number('Accuracy'),
      number('95% interval'),
      number('Correct'),
      text('Alert'),
    ],
    rows: those.map(({ date, model, accuracy, alert }) => [
      date,
      model,
      percent(accuracy.value),
      interval(accuracy),
      `${count(accuracy.correct)} of ${count(accuracy.n)}`,
      alert?.kind ?? '–',
    ]),
  })
}
