import { type ForestMark, forestPlot, type ForestRow } from '../charts/forest-plot.ts'
import { publishedLegend } from '../charts/series.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { count, percent, withInterval } from '../figures.ts'
import { html, type Html } from '../html.ts'
import type { PublishedComparison, Score } from '../../score.ts'
import { ownPublished } from './own-published.ts'
import { scoreGrid } from './score-grid.ts'

/** How an axis of shares from nothing to all is marked. */
export const shareAxis = {
  ticks: [0, 0.25, 0.5, 0.75, 1],
  written: (share: number) => percent(share).replace('.0%', '%'),
}

/** Every score as an interval, what was published for the model as a mark below it. */
export function forest({ scores }: EvaluationReportData): Html {
  if (scores.length === 0) return html``
  return html`${scores.some(({ published }) => published.length > 0) && publishedLegend()}
    <div class="pair">
      ${scoreGrid(scores).benchmarks.map(
        ({ title, scores: those }) =>
          html`<div>
            <h3>${title}</h3>
            ${forestPlot([...those.map(measuredRow), ...othersPublished(those)], shareAxis)}
          </div>`,
      )}
    </div>`
}

function measuredRow(score: Score): ForestRow {
  const { model, accuracy } = score
  return {
    label: model,
    note: `${withInterval(accuracy)}, n = ${count(accuracy.n)}`,
    marks: [
      { ...accuracy, name: 'measured', series: 0 },
      ...ownPublished(score, null).map(publishedMark),
    ],
  }
}

/** Models that were published but not measured stand below, each once. */
function othersPublished(scores: readonly Score[]): ForestRow[] {
  const measured = new Set(scores.map(({ model }) => model.toLowerCase()))
  const published = scores.flatMap((score) =>
    score.published.filter(({ category }) => category === null),
  )
  return [...new Map(published.map((each) => [each.model, each])).values()]
    .filter(({ model }) => !measured.has(model.toLowerCase()))
    .map((each) => ({
      label: each.model,
      note: `${withInterval(each.published)}, n = ${count(each.problems)}`,
      marks: [publishedMark(each)],
    }))
}

/** A published score as a mark of a plot. */
export function publishedMark({ model, published }: PublishedComparison): ForestMark {
  return { ...published, name: `published for ${model}`, series: 'published' }
}
