import { compareText } from '../../compare-text.ts'
import { count, shareOf } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { outcomeLabel } from '../outcome-label.ts'
import type { ReportData, VerdictTally } from '../report-data.ts'
import { number, table, text } from '../table.ts'

/** Which grader decided what, and why. */
export function verdicts({ verdicts: tallies }: ReportData): Html {
  if (tallies.length === 0) return html``
  const all = sum(tallies)
  const kinds = Map.groupBy(tallies, ({ tier, outcome, reason }) => `${tier} ${outcome} ${reason}`)
  const rows = [...kinds.values()]
    .flatMap((kind) => kind.slice(0, 1).map((first) => ({ ...first, count: sum(kind) })))
    .toSorted((a, b) => compareText(a.tier, b.tier) || compareText(a.outcome, b.outcome))
  return table({
    caption: 'Verdicts on traces by tier and reason',
    columns: [text('Tier'), text('Verdict'), text('Reason'), number('Traces'), number('Of all')],
    rows: rows.map(({ tier, outcome, reason, count: traces }) => [
      tier,
      outcomeLabel(outcome),
      reason,
      count(traces),
      shareOf(traces, all),
    ]),
    total: ['All', '', '', count(all), shareOf(all, all)],
  })
}

function sum(tallies: readonly VerdictTally[]): number {
  return tallies.reduce((total, { count: traces }) => total + traces, 0)
}
