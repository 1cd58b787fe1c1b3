import { html, type Html } from './html.ts'
import { pageSections, renderPage } from './page.ts'
import type { ReportData } from './report-data.ts'
import { costs } from './sections/costs.ts'
import { curation } from './sections/curation.ts'
import { disagreementsOfGraders } from './sections/disagreements-of-graders.ts'
import { disagreements } from './sections/disagreements.ts'
import { legacy } from './sections/legacy.ts'
import { lineage } from './sections/lineage.ts'
import { masthead } from './sections/masthead.ts'
import { scores } from './sections/scores.ts'
import { traces } from './sections/traces.ts'
import { training } from './sections/training.ts'
import { verdicts } from './sections/verdicts.ts'
import { yields } from './sections/yields.ts'
import { stylesheet } from './stylesheet.ts'

/** The sections below the first screen, in order. One with nothing to show is left out. */
const sections: ReadonlyArray<readonly [string, string, (data: ReportData) => Html]> = [
  ['scores', 'Scores', scores],
  ['curation', 'Curation', curation],
  ['yield', 'Yield', yields],
  ['legacy', 'Strict and legacy verdicts', legacy],
  ['verdicts', 'Verdicts', verdicts],
  ['graders', 'Where graders disagree', disagreementsOfGraders],
  ['training', 'Training', training],
  ['cost', 'Time and cost', costs],
  ['traces', 'Traces', traces],
  ['disagreements', 'Disagreements with recorded labels', disagreements],
  ['lineage', 'Lineage', lineage],
]

/**
 * The report as one HTML page that needs nothing else: no script, no request. The same data give
 * the same bytes. Its content policy allows its own style sheet, by hash, and nothing besides.
 */
export function renderReport(data: ReportData): string {
  return renderPage({
    title: `${data.run.name} · run report`,
    style: stylesheet,
    body: html`${masthead(data)}
    ${pageSections(sections.map(([id, title, section]) => ({ id, title, body: section(data) })))}`,
  })
}
