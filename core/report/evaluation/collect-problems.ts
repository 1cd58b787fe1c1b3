import type { EvaluatedSample } from '../../score.ts'
import { Verdict } from '../../verdict.ts'
import type { ReportProblem, ReportSample, ShownText } from '../evaluation-report-data.ts'

/** Characters shown of a text: a long chain of thought is read at its beginning and at its end. */
const mostShown = 12_000

/** Gathers the problems of a benchmark while its samples are read, shard by shard. */
export type ProblemCollection = {
  readonly add: (model: string, samples: Iterable<EvaluatedSample>) => void
  /** In the order in which they first came, samples by their index. */
  readonly problems: () => ReportProblem[]
}

/**
 * An empty collection. Texts are cut as they are added, so that a benchmark need not be held whole;
 * of a gated one no text is kept at all.
 */
export function collectProblems({ gated }: { readonly gated: boolean }): ProblemCollection {
  const found = new Map<string, ReportProblem>()
  return {
    add(model, samples) {
      for (const sample of samples) {
        const problem = found.get(sample.problemId) ?? problemOf(sample, gated)
        found.set(sample.problemId, problem)
        const those = (problem.samples[model] ??= [])
        those.push(gated ? withheld(sample) : shown(sample))
      }
    },
    problems: () =>
      [...found.values()].map((problem) => ({
        ...problem,
        samples: Object.fromEntries(
          Object.entries(problem.samples).map(([model, those]) => [
            model,
            those.toSorted((a, b) => a.verdict.index - b.verdict.index),
          ]),
        ),
      })),
  }
}

function problemOf(sample: EvaluatedSample, gated: boolean): ReportProblem {
  const { problemId, source, category, difficulty, prompt } = sample
  return {
    problemId,
    source,
    category,
    difficulty: difficulty ?? null,
    prompt: gated ? null : shownText(prompt),
    samples: {},
  }
}

function shown(sample: EvaluatedSample): ReportSample {
  return {
    ...ending(sample),
    verdict: Verdict.strip().parse(sample),
    text: shownText(sample.text),
  }
}

const BareVerdict = Verdict.omit({ judged: true }).strip()

/** What a judge said and the extracted answer are text, too. */
function withheld(sample: EvaluatedSample): ReportSample {
  return {
    ...ending(sample),
    verdict: { ...BareVerdict.parse(sample), extracted: null },
    text: null,
  }
}

function ending({ finishReason, completionTokens, repeating }: EvaluatedSample) {
  return { finishReason, completionTokens, repeating }
}

/** A text as it is shown: whole, or without its middle. */
function shownText(text: string): ShownText {
  if (text.length <= mostShown) return { head: text, omitted: 0, tail: '' }
  const half = mostShown / 2
  return {
    head: copyOf(text.slice(0, half)),
    omitted: text.length - mostShown,
    tail: copyOf(text.slice(-half)),
  }
}

/** A part of a string holds the whole of it in memory; a copy of the part does not. */
function copyOf(part: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(part))
}
