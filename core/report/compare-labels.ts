import type { JudgedTrace } from '../dataset/shard-rows.ts'
import type { RecordedLabel } from '../sources/source.ts'
import { describeReference } from './describe-reference.ts'
import type { LabelComparison } from './report-data.ts'

/**
 * Holds recorded labels against our verdicts. `undecided` agrees with neither label: we say that
 * we do not know. A label whose output has no verdict (it never became a trace) is `unjudged`.
 */
export function compareLabels(
  labels: readonly RecordedLabel[],
  judged: ReadonlyArray<Pick<JudgedTrace, 'problem' | 'verdict'>>,
): LabelComparison {
  const byProblem = Map.groupBy(judged, ({ problem }) => problem.id)
  const pairs = labels.flatMap((label) =>
    (byProblem.get(label.problemId) ?? []).map((trace) => ({ label, ...trace })),
  )
  const disagreements = pairs
    .filter(({ label, verdict }) => verdict.outcome !== (label.correct ? 'accepted' : 'wrong'))
    .map(({ label, verdict, problem }) => {
      const { prompt } = problem
      return { label, verdict, prompt, reference: describeReference(problem.reference) }
    })
  const agreement = [...Map.groupBy(labels, ({ source }) => source)].map(([source, ofSource]) => {
    const compared = pairs.filter(({ label }) => label.source === source).length
    const disagreed = disagreements.filter(({ label }) => label.source === source).length
    const unjudged = ofSource.filter(({ problemId }) => !byProblem.has(problemId)).length
    return { source, compared, agreed: compared - disagreed, unjudged }
  })
  return { agreement, disagreements }
}
