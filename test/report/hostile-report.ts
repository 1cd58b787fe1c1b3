import type { GraderDisagreement } from '../../core/report/grader-disagreement.ts'
import type { ReportData } from '../../core/report/report-data.ts'
import { replayReport } from './example-report.ts'

/** What a model, a data set or a person could write to break out of a page, or to break its layout. */
export const hostileTexts: readonly string[] = [
  '<script>document.title = "broken"</script><img src="http://127.0.0.1:1/leak" onerror="alert(1)">',
  `"' onmouseover="alert(1)" style='display:none' x="`,
  '</pre></details></main></body></html><!-- ]]> <style>* { display: none }</style>',
  '</title></style></script><svg onload=alert(1)><a href="javascript:alert(1)">x</a></svg>',
  '\u202Eesrever si eman siht\u2066\u2067 \u200Fשלום \u061C',
  'x'.repeat(4000),
  `\u0000\u001B[31m\uD83D${'🧮'.repeat(400)}`,
  `${'| a '.repeat(500)}\n${'\t'.repeat(200)}end`,
]

/** A report in which the text stands wherever text of others can stand. */
export function hostileReport(text: string = hostileTexts.join('\n')): ReportData {
  const report = replayReport(2)
  return {
    ...report,
    run: { ...report.run, name: text },
    recipe: { ...report.recipe, name: text, description: text },
    endpoints: report.endpoints.map((endpoint) => ({ ...endpoint, model: text })),
    yields: report.yields.map((source) => ({
      ...source,
      source: text,
      losses: source.losses.map((loss) => ({ ...loss, reason: text })),
    })),
    parsing: report.parsing.map((each) => ({ ...each, source: text })),
    sampling: report.sampling.map((each) => ({ ...each, source: text })),
    verdicts: report.verdicts.map((tally) => ({ ...tally, source: text, reason: text })),
    scores: report.scores.map((score) => ({
      ...score,
      benchmark: text,
      byDomain: { [text]: score.accuracy, math: score.accuracy },
    })),
    stages: report.stages.slice(0, 3).map(({ manifest, state }) => ({
      name: text,
      state,
      manifest: { ...manifest, counts: { [text]: 1 }, inputs: [text] },
    })),
    traces: report.traces.map((trace) => ({
      ...trace,
      source: text,
      revision: text,
      prompt: text,
      reference: text,
      thought: text,
      solution: text,
      verdict: { ...trace.verdict, reason: text, extracted: text },
    })),
    graders: {
      list: text,
      views: report.graders.views.map((view) => ({
        ...view,
        tallies: view.tallies.map((tally) => ({ ...tally, source: text, reason: text })),
        shown: view.shown.slice(0, 2).map((each) => ({
          ...each,
          source: text,
          prompt: text,
          reference: text,
          verdict: { ...each.verdict, reason: text, extracted: text, ...hostileJudge(each, text) },
        })),
      })),
    },
    labels: {
      agreement: report.labels.agreement.map((each) => ({ ...each, source: text })),
      disagreements: report.labels.disagreements.map((each) => ({
        ...each,
        label: { ...each.label, source: text, reason: text },
        verdict: { ...each.verdict, reason: text, extracted: text },
        prompt: text,
        reference: text,
      })),
    },
  }
}

function hostileJudge({ verdict: { judged } }: GraderDisagreement, text: string) {
  if (judged === undefined) return {}
  return { judged: { ...judged, reason: text, said: text, rule: { ...judged.rule, reason: text } } }
}
