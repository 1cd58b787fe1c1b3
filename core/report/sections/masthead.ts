import { endpointNotice } from '../endpoint-notice.ts'
import { count, dollars, duration, instant, interval, percent, shareOf } from '../figures.ts'
import { type IntervalMark, intervalPlot } from '../charts/interval-plot.ts'
import { endsWithDataset, headlineOf, openingSentence } from '../headline.ts'
import { factList } from '../fact-list.ts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'
import type { Accuracy } from '../../score.ts'
import { addCosts } from '../../tally.ts'

/** The first screen: whose run, whether models were real, the score before and after, the verdict. */
export function masthead(data: ReportData): Html {
  const { run, recipe } = data
  return html`<header>
    <p class="eyebrow">
      Run report · recipe ${recipe.name} · finished
      <time datetime="${run.finishedAt}">${instant(run.finishedAt)}</time>
    </p>
    <h1>${run.name}</h1>
    ${notices(data).map((notice) => html`<p class="notice" role="note">${notice}</p>`)}
    <p class="verdict">${openingSentence(data)}</p>
    ${!endsWithDataset(data) && beforeAndAfter(data)} ${facts(data)}
    <p class="about">${recipe.description}</p>
  </header> `
}

function beforeAndAfter({ scores }: ReportData): Html {
  const { base, student } = headlineOf(scores)
  return html`<div class="before-after">
    <dl>
      ${[figure('Before training', 'base', base), figure('After training', 'student', student)]}
    </dl>
    ${
      (base || student) &&
      intervalPlot([
        ...plotRow('Base model', 'base', base),
        ...plotRow('Student', 'student', student),
      ])
    }
  </div>`
}

function notices({ endpoints, skipped }: ReportData): string[] {
  const missing = `Skipped: ${skipped.join(', ')}. What depends on it is not in this report.`
  return [...endpointNotice(endpoints), ...(skipped.length > 0 ? [missing] : [])]
}

function plotRow(label: string, series: IntervalMark['series'], accuracy: Accuracy | null) {
  return accuracy ? [{ label, marks: [{ series, accuracy }] }] : []
}

function figure(label: string, series: IntervalMark['series'], accuracy: Accuracy | null): Html {
  if (!accuracy)
    return html`<div class="${series}">
      <dt>${label}</dt>
      <dd>not measured</dd>
    </div>`
  const { correct, n, value } = accuracy
  return html`<div class="${series}">
    <dt>${label}</dt>
    <dd>
      <strong>${percent(value)}</strong> <span>95% interval ${interval(accuracy)}</span>
      <span>${count(correct)} of ${count(n)} correct</span>
    </dd>
  </div>`
}

function facts({ run, stages, yields }: ReportData): Html {
  const total = addCosts(stages.map(({ manifest }) => manifest.cost))
  const sum = (of: 'problems' | 'responses' | 'accepted' | 'datasetRows') =>
    yields.reduce((all, source) => all + source[of], 0)
  return factList([
    ['Problems', count(sum('problems'))],
    ['Accepted', `${count(sum('accepted'))} (${shareOf(sum('accepted'), sum('responses'))})`],
    ['Data set', `${count(sum('datasetRows'))} rows`],
    ['Tokens', count(total.promptTokens + total.completionTokens)],
    ['Cost', dollars(total.dollars)],
    ['Time', duration(run.startedAt, run.finishedAt)],
  ])
}
