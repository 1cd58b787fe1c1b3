import { code, definitions } from '../definitions.ts'
import { html, type Html } from '../html.ts'
import { excerpt, modelText } from '../model-text.ts'
import { outcomeLabel } from '../outcome-label.ts'
import type { ReportData, ReportTrace } from '../report-data.ts'
import { verdictTerms } from '../verdict-terms.ts'

/** A few traces to read in full, accepted and not, with what leads back to where they came from. */
export function traces({ traces: chosen }: ReportData): Html {
  if (chosen.length === 0) return html``
  return html`<p>Chosen by the recipe’s seed, from every domain, some of them rejected.</p>
    ${chosen.map(trace)}`
}

function trace(shown: ReportTrace): Html {
  const { verdict, domain, source, prompt } = shown
  return html`<details class="item">
    <summary>
      <span class="tags"
        >${outcomeLabel(verdict.outcome)} <span>${verdict.reason}</span> <span>${domain}</span>
        <span>${source}</span></span
      >
      <span class="gist">${excerpt(prompt, 110)}</span>
    </summary>
    <h3 class="unseen" id="${traceAnchor(verdict.traceId)}">
      Trace ${verdict.traceId.slice(0, 12)}
    </h3>
    ${definitions([
      ['Reference', html`<bdi class="kept">${shown.reference}</bdi>`],
      ...verdictTerms(verdict),
      ['Data set', shown.inDataset ? 'a row of it' : 'not in it'],
    ])}
    ${modelText('Problem', prompt)} ${modelText('Thought', shown.thought)}
    ${modelText('Solution', shown.solution)}
    <h4>Lineage</h4>
    ${definitions([
      ['Problem', code(shown.problemId)],
      ['Source revision', code(shown.revision)],
      ['Response', code(shown.responseId)],
      ['Reformatting', code(shown.reformatting)],
    ])}
  </details> `
}

/** The place of a trace on the page. */
export function traceAnchor(traceId: string): string {
  return `trace-${traceId}`
}
