import { code } from '../definitions.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html, type Piece } from '../html.ts'
import type { Score } from '../../score.ts'
import { type Column, number, table, text } from '../table.ts'

/** What each score was made by, folded: a score is nothing without it. */
export function settings({ scores }: EvaluationReportData): Html {
  if (scores.length === 0) return html``
  return html`<details class="fold">
    <summary>Engine, sampling, grader and digests of every score</summary>
    ${table({
      caption: 'By what each score was made; equal digests mean equal contents',
      columns: columns.map(([column]) => column),
      rows: scores.map((score) => columns.map(([, cell]) => cell(score))),
    })}
  </details>`
}

const columns: ReadonlyArray<readonly [Column, (score: Score) => Piece]> = [
  [text('Benchmark'), ({ title }) => title],
  [text('Model'), ({ model }) => model],
  [
    text('Engine'),
    ({ settings: { engine } }) =>
      engine ? `${engine.name} ${engine.version}` : 'an endpoint, which does not say',
  ],
  [text('Dtype'), ({ settings: { engine } }) => engine?.dtype ?? '–'],
  [number('Tensor parallel'), ({ settings: { engine } }) => engine?.tensorParallel ?? '–'],
  [number('Samples'), ({ settings: { samples } }) => count(samples)],
  [number('Temperature'), ({ settings: { temperature } }) => temperature],
  [number('Top-p'), ({ settings: { topP } }) => topP],
  [number('Most tokens'), ({ settings: { maxTokens } }) => count(maxTokens)],
  [number('Seed'), ({ settings: { seed } }) => seed],
  [text('Grader'), ({ settings: { grader } }) => `${grader.profile} ${grader.version}`],
  [text('Prompt'), ({ settings: { prompt } }) => short(prompt)],
  [text('Problems'), ({ problemsDigest }) => short(problemsDigest)],
  [text('Weights'), ({ modelDigest }) => short(modelDigest)],
]

/** Enough of a digest to tell it from another; the stored data hold it whole. */
function short(digest: string): Html {
  return code(digest.slice(0, 12))
}
