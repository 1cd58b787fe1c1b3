import { type ForestMark, forestPlot } from '../charts/forest-plot.ts'
import { seriesLegend } from '../charts/series.ts'
import { compareText } from '../../compare-text.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import type { Accuracy, Score } from '../../score.ts'
import { number, table, text } from '../table.ts'
import { publishedMark, shareAxis } from './forest.ts'
import { ownPublished } from './own-published.ts'
import { scoreGrid } from './score-grid.ts'
import { stackedFigure } from '../stacked-figure.ts'

type Part = 'byCategory' | 'byDomain' | 'byDifficulty'

const kinds: ReadonlyArray<readonly [Part, string]> = [
  ['byDifficulty', 'difficulty'],
  ['byCategory', 'category'],
  ['byDomain', 'domain'],
]

/** Accuracy by difficulty, category and domain, where a benchmark has more than one. */
export function breakdowns({ scores }: EvaluationReportData): Html {
  const shown = scoreGrid(scores).benchmarks.flatMap(({ title, scores: those }) =>
    kinds.map(([part, word]) => breakdown({ title, scores: those, part, word })),
  )
  if (shown.every(({ markup }) => markup === '')) return html``
  return html`<div class="pair">${shown}</div>`
}

type Breakdown = {
  readonly title: string
  readonly scores: readonly Score[]
  readonly part: Part
  readonly word: string
}

function breakdown({ title, scores, part, word }: Breakdown): Html {
  const names = [...new Set(scores.flatMap((score) => Object.keys(score[part])))].toSorted(inOrder)
  if (names.length < 2) return html``
  const marks = (name: string) => scores.flatMap((score, at) => marksOf(score, { part, name, at }))
  return html`<div>
    <h3>${title} by ${word}</h3>
    ${seriesLegend(
      scores.map(({ model }) => model),
      { published: names.some((name) => marks(name).some(({ series }) => series === 'published')) },
    )}
    ${forestPlot(
      names.map((name) => ({ label: name, note: '', marks: marks(name) })),
      shareAxis,
    )}
    <details class="fold">
      <summary>Figures of ${title} by ${word}</summary>
      ${figures({ title, scores, part, word }, names)}
    </details>
  </div>`
}

/** A model's accuracy on a part, and below it what was published for it. */
function marksOf(
  score: Score,
  { part, name, at }: { readonly part: Part; readonly name: string; readonly at: number },
): ForestMark[] {
  const accuracy = score[part][name]
  if (accuracy === undefined) return []
  const published = part === 'byCategory' ? ownPublished(score, name) : []
  return [{ ...accuracy, name: score.model, series: at }, ...published.map(publishedMark)]
}

function figures({ title, scores, part, word }: Breakdown, names: readonly string[]): Html {
  return table({
    caption: `Accuracy on ${title} by ${word}, with 95% intervals`,
    columns: [
      text(word.replace(/^./, (letter) => letter.toUpperCase())),
      ...scores.map(({ model }) => number(model)),
    ],
    rows: names.map((name) => [name, ...scores.map((score) => cell(score[part][name]))]),
    total: ['All', ...scores.map(({ accuracy }) => cell(accuracy))],
  })
}

function cell(accuracy: Accuracy | undefined): Html {
  return accuracy
    ? stackedFigure(accuracy, `${count(accuracy.correct)} of ${count(accuracy.n)}`)
    : html`–`
}

/** Numbers by their size, names by their letters. */
function inOrder(a: string, b: string): number {
  return Number(a) - Number(b) || compareText(a, b)
}
