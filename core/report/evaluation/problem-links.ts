import type { EvaluationReportData, ProblemIndex } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { number, table, text } from '../table.ts'
import { listPath } from './paths.ts'
import { type PairOutcome, pairOutcome, standingOf } from './standing.ts'

/** Where every problem can be read, and how often two models agree. */
export function problemLinks({ problems }: EvaluationReportData): Html {
  if (problems.length === 0) return html``
  return html`<p>
      Every sample with its verdict, side by side between models, is on pages beside this one. A
      model is right on a problem where more than half of its samples are correct; it is undecided
      where undecided samples could tip that.
    </p>
    <ul class="pages">
      ${problems.map(
        ({ benchmark, title, pages, gated }) =>
          html`<li>
            <a href="${listPath(benchmark)}">${title}: ${count(pages.flat().length)} problems</a>
            ${gated && html`<span class="tags">verdicts only</span>`}
          </li>`,
      )}
    </ul>
    ${pairTable(problems)}`
}

const outcomes: ReadonlyArray<readonly [PairOutcome, string]> = [
  ['right-right', 'Both right'],
  ['right-wrong', 'Only the first'],
  ['wrong-right', 'Only the second'],
  ['wrong-wrong', 'Both wrong'],
  ['undecided', 'Undecided'],
]

function pairTable(problems: readonly ProblemIndex[]): Html {
  const pairs = problems.flatMap((index) => pairsOf(index))
  if (pairs.length === 0) return html``
  return table({
    caption: 'Problems that two models are right on',
    columns: [
      text('Benchmark'),
      text('First model'),
      text('Second model'),
      ...outcomes.map(([, heading]) => number(heading)),
      number('Problems'),
    ],
    rows: pairs.map(({ title, first, second, found }) => [
      title,
      first,
      second,
      ...outcomes.map(([outcome]) => count(found.filter((each) => each === outcome).length)),
      count(found.length),
    ]),
  })
}

type Pair = {
  readonly title: string
  readonly first: string
  readonly second: string
  readonly found: readonly PairOutcome[]
}

function pairsOf({ title, models, pages }: ProblemIndex): Pair[] {
  const standings = pages.flat().map(({ attempts }) => attempts.map((each) => standingOf(each)))
  return models.flatMap((first, a) =>
    models.slice(a + 1).map((second, beyond) => ({
      title,
      first,
      second,
      found: standings.map((those) => pairOutcome(those[a] ?? null, those[a + 1 + beyond] ?? null)),
    })),
  )
}
