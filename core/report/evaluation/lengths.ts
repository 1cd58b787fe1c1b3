import { outcomeHistograms, outcomeLegend } from '../charts/outcome-histogram.ts'
import type { EvaluationReportData, OutcomeLengths } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { number, table, text } from '../table.ts'
import { titleOf } from './score-grid.ts'

/** How long right and wrong responses are. */
export function lengths({ lengths: measured, scores }: EvaluationReportData): Html {
  const drawn = measured.filter(({ bins }) => bins.length > 0)
  if (drawn.length === 0) return html``
  return html`<p>
      Completion tokens of each sample, on a logarithmic axis. Long responses that are wrong pile up
      at the limit where they were cut off.
    </p>
    ${outcomeLegend()}
    <div class="pair">
      ${[...Map.groupBy(drawn, ({ benchmark }) => benchmark)].map(
        ([benchmark, those]) =>
          html`<div>
            <h3>${titleOf(scores, benchmark)}, in tokens</h3>
            ${outcomeHistograms(those)}
          </div>`,
      )}
    </div>
    ${spreads(drawn, (benchmark) => titleOf(scores, benchmark))}`
}

function spreads(drawn: readonly OutcomeLengths[], title: (benchmark: string) => string): Html {
  return table({
    caption:
      'Completion tokens of samples: the mean over problems with its 95% interval; the median, and what 5% and 95% of the samples stay below',
    columns: [text('Benchmark'), text('Model'), number('All'), number('Correct'), number('Wrong')],
    rows: drawn.map(({ benchmark, model, all, accepted, wrong }) => [
      title(benchmark),
      model,
      ...[all, accepted, wrong].map(cell),
    ]),
  })
}

function cell(spread: OutcomeLengths['all']): Html {
  if (spread === null) return html`–`
  const { n, problems, mean, p5, p50, p95 } = spread
  const bounds = mean.interval && `${tokens(mean.interval.low)}–${tokens(mean.interval.high)}`
  return html`<span class="figure">${tokens(mean.value)}</span
    ><span class="aside">${bounds ?? 'no interval'}</span
    ><span class="aside">n = ${count(n)}, of ${count(problems)} problems</span
    ><span class="aside">median ${tokens(p50)}</span
    ><span class="aside">5–95%: ${tokens(p5)}–${tokens(p95)}</span>`
}

function tokens(length: number): string {
  return count(Math.round(length))
}
