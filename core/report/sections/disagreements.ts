import { code, definitions } from '../definitions.ts'
import { count, shareOf } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { excerpt, modelText } from '../model-text.ts'
import type { Disagreement, ReportData } from '../report-data.ts'
import { number, table, text } from '../table.ts'
import { verdictTerms } from '../verdict-terms.ts'

/** Every recorded label that our verdict contradicts, with both reasons. */
export function disagreements({ labels }: ReportData): Html {
  if (labels.disagreements.length === 0) return html``
  const groups = Map.groupBy(labels.disagreements, kindOf)
  return html`<p>The recorded labels are compared with, never trusted: they hold known errors.</p>
    ${table({
      caption: 'Agreement with recorded labels by source',
      columns: [
        text('Source'),
        number('Compared'),
        number('Agree'),
        number('Disagree'),
        number('Agreement'),
        number('Without a verdict'),
      ],
      rows: labels.agreement.map(({ source, compared, agreed, unjudged }) => [
        source,
        count(compared),
        count(agreed),
        count(compared - agreed),
        shareOf(agreed, compared),
        count(unjudged),
      ]),
    })}
    ${[...groups].map(
      ([kind, members]) =>
        html`<details class="group">
          <summary>${kind} <span class="count">${count(members.length)}</span></summary>
          ${members.map(disagreement)}
        </details> `,
    )}`
}

function kindOf({ label, verdict }: Disagreement): string {
  return `Recorded as ${label.correct ? 'correct' : 'wrong'}, our verdict ${verdict.outcome}`
}

function disagreement({ label, verdict, prompt, reference }: Disagreement): Html {
  return html`<details class="item">
    <summary>
      <span class="tags"
        ><span>${label.source}</span> <span>${verdict.tier}</span>
        <span>${verdict.reason}</span></span
      >
      <span class="gist"
        >${excerpt(verdict.extracted ?? 'no answer', 50)}
        <span class="count">against</span> ${excerpt(reference, 50)}</span
      >
    </summary>
    <h3 class="unseen">Trace ${verdict.traceId.slice(0, 12)}</h3>
    ${definitions([
      [
        'Recorded label',
        html`${label.correct ? 'correct' : 'wrong'}:
          <bdi class="kept">${label.reason.trim() || 'no reason recorded'}</bdi>`,
      ],
      ['Reference', html`<bdi class="kept">${reference}</bdi>`],
      ...verdictTerms(verdict),
      ['Trace', code(verdict.traceId)],
    ])}
    ${modelText('Problem', prompt)}
  </details> `
}
