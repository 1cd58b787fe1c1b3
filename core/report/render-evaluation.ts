import { atK } from './evaluation/at-k.ts'
import { breakdowns } from './evaluation/breakdowns.ts'
import { differences } from './evaluation/differences.ts'
import { forest } from './evaluation/forest.ts'
import { lengths } from './evaluation/lengths.ts'
import { masthead } from './evaluation/masthead.ts'
import { nights } from './evaluation/nights.ts'
import { listPath, mainPath, problemPagePath, type ReportPage } from './evaluation/paths.ts'
import { problemLinks } from './evaluation/problem-links.ts'
import { problemList } from './evaluation/problem-list.ts'
import { problemPage } from './evaluation/problem-page.ts'
import { filterScript } from './evaluation/filter-script.ts'
import { recordedLabels } from './evaluation/recorded-labels.ts'
import { scoreTable } from './evaluation/score-table.ts'
import { settings } from './evaluation/settings.ts'
import type { EvaluationReportData, ProblemPage } from './evaluation-report-data.ts'
import { evaluationStylesheet } from './evaluation-stylesheet.ts'
import { html, type Html } from './html.ts'
import { pageSections, renderPage } from './page.ts'

/** The sections below the first screen, in order. One with nothing to show is left out. */
const sections: ReadonlyArray<
  readonly [id: string, title: string, section: (data: EvaluationReportData) => Html]
> = [
  ['scores', 'Scores', scoreTable],
  ['intervals', 'Intervals', forest],
  ['nights', 'Nights', nights],
  ['differences', 'Models against each other', differences],
  ['parts', 'By difficulty and category', breakdowns],
  ['samples', 'With more samples', atK],
  ['lengths', 'Length and correctness', lengths],
  ['problems', 'Problems', problemLinks],
  ['labels', 'Beside recorded labels', recordedLabels],
  ['settings', 'Settings', settings],
]

/**
 * The main page of an evaluation's report and the list of each benchmark's problems. Pages need no
 * network and lead to each other by relative links: they stand in a folder by their paths, together
 * with those of `renderProblemPage`. The same data give the same bytes.
 */
export function renderEvaluation(data: EvaluationReportData): ReportPage[] {
  const { name } = data.evaluation
  const main = renderPage({
    title: `${name} · evaluation report`,
    style: evaluationStylesheet,
    body: html`${masthead(data)}
    ${pageSections(sections.map(([id, title, section]) => ({ id, title, body: section(data) })))}`,
  })
  const lists = data.problems.map((index) => ({
    path: listPath(index.benchmark),
    html: renderPage({
      title: `${index.title} · ${name}`,
      style: evaluationStylesheet,
      script: filterScript,
      body: problemList(name, index),
    }),
  }))
  return [{ path: mainPath, html: main }, ...lists]
}

/** One page of problems with every sample of every model: made by itself, so that only one is held at a time. */
export function renderProblemPage(data: ProblemPage): ReportPage {
  return {
    path: problemPagePath(data.benchmark, data.page),
    html: renderPage({
      title: `${data.title}, page ${data.page} of ${data.pages} · ${data.evaluation}`,
      style: evaluationStylesheet,
      script: filterScript,
      body: problemPage(data),
    }),
  }
}
