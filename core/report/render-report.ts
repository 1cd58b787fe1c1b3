import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { html, Html } from './html.ts'
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
  const present = sections
    .map(([id, title, section]) => ({ id, title, body: section(data) }))
    .filter(({ body }) => body.markup !== '')
  return html`${new Html('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${data.run.name} · run report</title>
        ${new Html(`<style>${stylesheet}</style>`)}
      </head>
      <body>
        <main>
          ${masthead(data)}
          <nav aria-label="Sections">
            <ul>
              ${present.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
          ${present.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
      </body>
    </html> `.markup
}

const styleHash = btoa(String.fromCharCode(...sha256(utf8ToBytes(stylesheet))))
const contentPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`
