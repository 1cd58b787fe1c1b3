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
    ${contradictedLabels(
      labels.disagreements.map((disagreement) => ({ disagreement, of: disagreement.label.source })),
    )}`
}

/** A label that our verdict contradicts, and whose output it is of. */
type Contradicted = { readonly disagreement: Disagreement; readonly of: string }

/** Labels that our verdicts contradict, each way for itself. */
export function contradictedLabels(contradicted: readonly Contradicted[]): Html {
  const groups = Map.groupBy(contradicted, ({ disagreement }) => kindOf(disagreement))
  return html`${[...groups].map(
    ([kind, members]) =>
      html`<details class="group">
        <summary>${kind} <span class="count">${count(members.length)}</span></summary>
        ${members.map(contradictedLabel)}
      </details> `,
  )}`
}

function kindOf({ label, verdict }: Disagreement): string {
  return `Recorded as ${label.correct ? 'correct' : 'wrong'}, our verdict ${verdict.outcome}`
}

function contradictedLabel({ disagreement, of }: Contradicted): Html {
  const { label, verdict, prompt, reference } = disagreement
  return html`<details class="item">
    <summary>
      <span class="tags"
        ><span>${of}</span> <span>${verdict.tier}</span> <span>${verdict.reason}</span></span
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
