import { shareBars } from '../charts/share-bars.ts'
import { countedShare } from '../../statistics/wilson-interval.ts'
import { stackedFigure } from '../stacked-figure.ts'
import { count, shareOf } from '../figures.ts'
import { html, type Html, type Piece } from '../html.ts'
import type { Loss, ReportData, SourceYield } from '../report-data.ts'
import { number, table, text } from '../table.ts'
import { parseYield } from './parse-yield.ts'
import { samplingYield } from './sampling-yield.ts'

/** What became of each source's problems, and why the others were lost. */
export function yields(data: ReportData): Html {
  const { yields: bySource } = data
  if (bySource.length === 0) return html``
  return html`${shareBars(
    ['In the data set', 'Accepted, left out', 'Rejected by a grader', 'Never a trace'],
    bySource.map((each) => ({
      label: each.source,
      note: `${count(each.datasetRows)} of ${count(each.responses)}`,
      parts: [
        each.datasetRows,
        each.accepted - each.datasetRows,
        each.traces - each.accepted,
        each.responses - each.traces,
      ],
    })),
  )}
  ${funnel(bySource)} ${lossTable(bySource)} ${parseYield(data)} ${samplingYield(data)}`
}

const steps = [
  ['Problems', 'problems'],
  ['Responses', 'responses'],
  ['Truncated', 'truncated'],
  ['Refused', 'refused'],
  ['Traces', 'traces'],
  ['Accepted', 'accepted'],
  ['In the data set', 'datasetRows'],
] as const

type Step = (typeof steps)[number][1]

function funnel(bySource: readonly SourceYield[]): Html {
  const sum = (step: Step) => bySource.reduce((all, source) => all + source[step], 0)
  const whole = {
    problems: sum('problems'),
    responses: sum('responses'),
    truncated: sum('truncated'),
    refused: sum('refused'),
    traces: sum('traces'),
    accepted: sum('accepted'),
    datasetRows: sum('datasetRows'),
  }
  return table({
    caption: 'Yield by source; shares are of the responses, with 95% intervals',
    columns: [text('Source'), text('Domain'), ...steps.map(([heading]) => number(heading))],
    rows: bySource.map((source) => [
      source.source,
      source.domain,
      ...steps.map(([, step]) => stepOf(step, source)),
    ]),
    total: ['All', '', ...steps.map(([, step]) => stepOf(step, whole))],
  })
}

/** Of what may happen to a response, the share, too; else how many there are. */
function stepOf(step: Step, counts: Readonly<Record<Step, number>>): Piece {
  const { responses, problems } = counts
  const isRate = step === 'truncated' || step === 'refused' || step === 'accepted'
  if (!isRate || responses === 0) return count(counts[step])
  const share = countedShare({ count: counts[step], samples: responses, problems })
  return stackedFigure(share, `${count(counts[step])} of ${count(responses)}`)
}

function lossTable(bySource: readonly SourceYield[]): Html {
  const all = bySource.flatMap((source) => source.losses)
  if (all.length === 0) return html`<p>Nothing was lost on the way.</p>`
  const kinds = Map.groupBy(all, ({ stage, reason }) => `${stage} ${reason}`)
  const responses = bySource.reduce((sum, source) => sum + source.responses, 0)
  return table({
    caption: 'Losses by stage and reason',
    columns: [
      text('Reason'),
      text('Lost at'),
      ...bySource.map(({ source }) => number(source)),
      number('All'),
      number('Of responses'),
    ],
    rows: [...kinds.values()].map((kind) => [
      kind[0]?.reason,
      kind[0]?.stage,
      ...bySource.map((source) => count(lost(source.losses.filter((loss) => kind.includes(loss))))),
      count(lost(kind)),
      shareOf(lost(kind), responses),
    ]),
  })
}

function lost(losses: readonly Loss[]): number {
  return losses.reduce((sum, loss) => sum + loss.count, 0)
}
