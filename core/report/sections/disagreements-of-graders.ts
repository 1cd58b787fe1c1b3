import { code, definitions } from '../definitions.ts'
import { count } from '../figures.ts'
import type { DisagreementView, GraderDisagreement } from '../grader-disagreement.ts'
import { html, type Html } from '../html.ts'
import { excerpt, modelText } from '../model-text.ts'
import { outcomeLabel } from '../outcome-label.ts'
import type { ReportData } from '../report-data.ts'
import { number, table, text } from '../table.ts'
import { verdictTerms } from '../verdict-terms.ts'
import { traceAnchor } from './traces.ts'

/** Over what graders are at odds, each way for itself: counted, and some to look at. */
export function disagreementsOfGraders({ graders, traces }: ReportData): Html {
  const { views, list } = graders
  if (views.length === 0) return html``
  const readable = new Set(traces.map(({ verdict }) => verdict.traceId))
  return html`<p>
      Some of each are shown, in turn from each source and reason, chosen by the recipe’s
      seed.${list !== null && html` The list of all is ${code(list)}.`}
    </p>
    ${views.map((view) => group(view, readable))}`
}

const kinds: Readonly<
  Record<
    GraderDisagreement['kind'],
    {
      readonly title: string
      readonly about: string
      readonly ours: string
      readonly other: string
    }
  >
> = {
  'rule-judge': {
    title: 'Rules against judge',
    about: 'The judge decided otherwise than the rules; its word is the verdict.',
    ours: 'Rules',
    other: 'Judge',
  },
  'strict-legacy': {
    title: 'Strict against legacy',
    about:
      'Either our graders accept and the published pipeline’s rules do not, or the other way round.',
    ours: 'Our verdict',
    other: 'Legacy',
  },
  'suspect-reference': {
    title: 'Suspect references',
    about: 'What the answer was to be judged against is in doubt itself, so the rules say nothing.',
    ours: 'Our verdict',
    other: 'Legacy',
  },
}

function group({ kind, total, tallies, shown }: DisagreementView, readable: ReadonlySet<string>) {
  const { title, about, ours, other } = kinds[kind]
  return html`<details class="group">
    <summary>${title} <span class="count">${count(total)}</span></summary>
    <p>${about}${shown.length < total && ` ${count(shown.length)} are shown.`}</p>
    ${table({
      caption: `${title} by source and reason`,
      columns: [
        text('Source'),
        text('Domain'),
        text(ours),
        text('Reason'),
        text('Tier'),
        text(other),
        number('Traces'),
      ],
      rows: tallies.map((tally) => [
        tally.source,
        tally.domain,
        outcomeLabel(tally.outcome),
        tally.reason,
        tally.tier,
        outcomeLabel(tally.other),
        count(tally.count),
      ]),
      total: ['All', '', '', '', '', '', count(total)],
    })}
    ${shown.map((each) => disagreement(each, readable))}
  </details> `
}

function disagreement(
  { source, domain, prompt, reference, verdict }: GraderDisagreement,
  readable: ReadonlySet<string>,
): Html {
  const { traceId, problemId, extracted, reason } = verdict
  return html`<details class="item">
    <summary>
      <span class="tags"
        >${outcomeLabel(verdict.outcome)} <span>${reason}</span> <span>${domain}</span>
        <span>${source}</span></span
      >
      <span class="gist"
        >${excerpt(extracted ?? 'no answer', 50)} <span class="count">against</span> ${excerpt(
          reference,
          50,
        )}</span
      >
    </summary>
    <h3 class="unseen">Trace ${traceId.slice(0, 12)}</h3>
    ${definitions([
      ['Reference', html`<bdi class="kept">${reference}</bdi>`],
      ...verdictTerms(verdict),
      ['Problem', code(problemId)],
      [
        'Trace',
        readable.has(traceId)
          ? html`<a href="#${traceAnchor(traceId)}">${code(traceId)}</a>`
          : code(traceId),
      ],
    ])}
    ${modelText('Problem', prompt)}
  </details> `
}
