import { wilsonInterval } from '../../statistics/wilson-interval.ts'
import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { count, withInterval } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { contradictedLabels } from '../sections/disagreements.ts'
import { number, table, text } from '../table.ts'

/** Recorded answers: how often our verdict is the recorded label, and every label that it is not. */
export function recordedLabels({ labels }: EvaluationReportData): Html {
  if (labels.length === 0) return html``
  const contradicted = labels.flatMap(({ model, title, comparison }) =>
    comparison.disagreements.map((disagreement) => ({ disagreement, of: `${model} on ${title}` })),
  )
  return html`<p>
      These answers were recorded with a label of whoever recorded them. Labels are compared with,
      never trusted: they hold known errors.
    </p>
    ${table({
      caption: 'Agreement with recorded labels by model and benchmark',
      columns: [
        text('Model'),
        text('Benchmark'),
        number('Compared'),
        number('Disagree'),
        number('Agreement'),
        number('Without a verdict'),
      ],
      rows: labels.flatMap(({ model, title, comparison }) =>
        comparison.agreement.map(({ compared, agreed, unjudged }) => [
          model,
          title,
          count(compared),
          count(compared - agreed),
          compared === 0 ? '–' : withInterval(wilsonInterval(agreed, compared)),
          count(unjudged),
        ]),
      ),
    })}
    ${contradictedLabels(contradicted)}`
}
