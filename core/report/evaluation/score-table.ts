import { count, interval, percent } from '../figures.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { html, type Html } from '../html.ts'
import type { PublishedComparison, Score } from '../../score.ts'
import { shortfallsOf } from '../../shortfalls.ts'
import { number, table, text } from '../table.ts'
import { isOwn, ownPublished } from './own-published.ts'
import { scoreGrid } from './score-grid.ts'
import { stackedFigure } from '../stacked-figure.ts'

/** Benchmarks by models, what was published beside them, and what went wrong on the way. */
export function scoreTable({ scores }: EvaluationReportData): Html {
  if (scores.length === 0) return html``
  return html`<p>
      Accuracy is the share of samples that are correct, with its 95% interval. An undecided sample
      counts as not correct; a sample of which no reply came is not counted, and is listed as
      missing.
    </p>
    ${overview(scores)} ${besidePublished(scores)} ${shortfallTable(scores)}`
}

function overview(scores: readonly Score[]): Html {
  const { models, benchmarks } = scoreGrid(scores)
  return table({
    caption: 'Accuracy by benchmark and model, with 95% intervals and problems × samples',
    columns: [text('Benchmark'), ...models.map((model) => text(model))],
    rows: benchmarks.map(({ title, scores: those }) => [
      title,
      ...models.map((model) => cell(those.find((score) => score.model === model))),
    ]),
  })
}

function cell(score: Score | undefined): Html {
  if (score === undefined) return html`–`
  const { accuracy, majority, settings } = score
  return html`<span class="figure"
      ><strong>${percent(accuracy.value)}</strong> ${interval(accuracy)}</span
    ><span class="aside">${asked(score)}</span>${
      majority &&
      html`<span class="aside"
        >majority@${settings.samples} ${percent(majority.value)} ${interval(majority)}</span
      >`
    }${ownPublished(score, null).map(
      (each) =>
        html`<span class="aside"
            >${standing(each)} the published ${percent(each.published.value)}</span
          ><span class="aside">(${interval(each.published)}, n = ${count(each.problems)})</span>`,
    )}`
}

function asked({ problems, settings }: Score): string {
  return `n = ${count(problems)} × ${count(settings.samples)}`
}

function standing({ standing: where }: PublishedComparison): Html {
  return html`<span class="standing ${where}">${where}</span>`
}

type Compared = { readonly score: Score; readonly each: PublishedComparison }

/** Those of the model itself, then, folded, those of others. */
function besidePublished(scores: readonly Score[]): Html {
  const compared = scores.flatMap((score) => score.published.map((each) => ({ score, each })))
  if (compared.length === 0) return html`<p>No score here has a published one beside it.</p>`
  const own = compared.filter(({ score, each }) => isOwn(score, each))
  const others = compared.filter(({ score, each }) => !isOwn(score, each))
  return html`${own.length > 0 && publishedTable('Beside what was published for the same model', own)}
    ${
      others.length > 0 &&
      html`<details class="fold">
        <summary>Beside what was published for other models</summary>
        ${publishedTable('Beside what was published for other models', others)}
      </details>`
    }
    <p>
      The interval of a published score is computed from the number of its problems. “Within” means
      that the measured accuracy lies in that interval.
    </p>`
}

function publishedTable(caption: string, compared: readonly Compared[]): Html {
  return table({
    caption: `${caption}, with 95% intervals`,
    columns: [
      text('Benchmark'),
      text('Part'),
      text('Model'),
      number('Accuracy'),
      number('Published'),
      text('Published for'),
      text('The accuracy is'),
    ],
    rows: compared.map(({ score, each }) => [
      score.title,
      each.category ?? 'whole',
      score.model,
      measured(score, each.category),
      stackedFigure(each.published, `${count(each.problems)} problems`),
      each.model,
      html`${standing(each)} the published interval`,
    ]),
  })
}

function measured(score: Score, category: string | null): Html {
  const accuracy = category === null ? score.accuracy : score.byCategory[category]
  if (accuracy === undefined) return html`–`
  return stackedFigure(accuracy, `${count(accuracy.correct)} of ${count(accuracy.n)}`)
}

function shortfallTable(scores: readonly Score[]): Html {
  return table({
    caption:
      'Samples that were undecided, gave no answer, were cut off, ran in a loop or never came, with 95% intervals',
    columns: [
      text('Benchmark'),
      text('Model'),
      number('Problems'),
      number('Samples of each'),
      number('Correct'),
      number('Undecided'),
      number('No answer'),
      number('Cut off'),
      number('Repeating'),
      number('Missing'),
    ],
    rows: scores.map((score) => [
      score.title,
      score.model,
      count(score.problems),
      count(score.settings.samples),
      stackedFigure(
        score.accuracy,
        `${count(score.accuracy.correct)} of ${count(score.accuracy.n)}`,
      ),
      ...shortfallsOf(score).map((each) =>
        stackedFigure(each, `${count(each.count)} of ${count(each.n)}`),
      ),
    ]),
  })
}
