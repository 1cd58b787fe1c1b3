import { chartLabel } from '../charts/chart-label.ts'
import { forestPlot } from '../charts/forest-plot.ts'
import { niceTicks } from '../charts/ticks.ts'
import type { EvaluationReportData, PairedDifference } from '../evaluation-report-data.ts'
import { count, pValue, signedPoints } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { number, table, text } from '../table.ts'
import { titleOf } from './score-grid.ts'

/** Models against each other on the same problems. */
export function differences({ comparisons, scores }: EvaluationReportData): Html {
  if (comparisons.length === 0) return html``
  return html`<p>
      The accuracy of the second model less that of the first on the same problems, in percentage
      points. An interval that holds zero does not tell them apart. The p-values are those of each
      comparison by itself.
    </p>
    <div class="pair">
      ${[...Map.groupBy(comparisons, ({ benchmark }) => benchmark)].map(
        ([benchmark, those]) =>
          html`<div>
            <h3>${titleOf(scores, benchmark)}, in points</h3>
            ${plot(those)}
          </div>`,
      )}
    </div>
    ${table({
      caption: 'Paired differences in accuracy, in percentage points, with 95% intervals',
      columns: [
        text('Benchmark'),
        text('First model'),
        text('Second model'),
        number('Difference'),
        number('95% interval'),
        number('p'),
        number('Problems'),
        text('Test'),
      ],
      rows: comparisons.map((each) => [
        titleOf(scores, each.benchmark),
        ...each.models,
        signedPoints(each.difference),
        `${signedPoints(each.low)} to ${signedPoints(each.high)}`,
        pValue(each.p),
        count(each.problems),
        each.test,
      ]),
    })}`
}

function plot(those: readonly PairedDifference[]): Html {
  const widest = Math.max(...those.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]))
  return forestPlot(
    those.map(({ models: [first, second], difference, low, high }) => ({
      // Two names share a line.
      label: chartLabel(second, 22),
      note: `less ${chartLabel(first, 18)}`,
      marks: [{ name: `less ${first}`, series: 0, value: difference, low, high }],
    })),
    { ticks: niceTicks(-widest, widest, 4), written: signedPoints },
  )
}
