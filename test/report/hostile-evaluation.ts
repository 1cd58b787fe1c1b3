import type { EvaluationReportData, ProblemPage } from '../../core/report/evaluation-report-data.ts'
import { type ExampleEvaluation, exampleEvaluation } from './example-evaluation.ts'
import { hostileTexts } from './hostile-report.ts'

/** An evaluation in which the text stands wherever text of others can stand, of as many models. */
export function hostileEvaluation(text: string = hostileTexts.join('\n')): ExampleEvaluation {
  const { data, pages } = exampleEvaluation()
  const rename = new Map(
    data.scores.map(({ model }) => model).map((model, at) => [model, `${at % 3}${text}`]),
  )
  const named = (model: string) => rename.get(model) ?? text
  return {
    data: {
      ...data,
      evaluation: { ...data.evaluation, name: text },
      scores: data.scores.map((score) => hostileScore(score, { text, model: named(score.model) })),
      nights: data.nights.map(({ alert, ...night }) => ({
        ...night,
        model: named(night.model),
        alert: alert && { ...alert, sentence: text },
      })),
      comparisons: data.comparisons.map(({ models: [first, second], ...each }) => ({
        ...each,
        models: [named(first), named(second)],
        test: text,
      })),
      lengths: data.lengths.map((each) => ({ ...each, model: named(each.model) })),
      problems: data.problems.map((index) => ({
        ...index,
        title: text,
        models: index.models.map(named),
        pages: index.pages.map((page) =>
          page.map((problem) => ({ ...problem, problemId: text, gist: text, category: text })),
        ),
      })),
      labels: data.labels.map(({ comparison, ...each }) => ({
        ...each,
        model: named(each.model),
        title: text,
        comparison: {
          ...comparison,
          disagreements: comparison.disagreements.map((one) => ({
            ...one,
            label: { ...one.label, source: text, reason: text },
            verdict: { ...one.verdict, reason: text, extracted: text },
            prompt: text,
            reference: text,
          })),
        },
      })),
    },
    pages: pages.slice(0, 1).map((page) => hostilePage(page, { text, named })),
  }
}

type Score = EvaluationReportData['scores'][number]

function hostileScore(score: Score, { text, model }: { text: string; model: string }): Score {
  const { settings } = score
  return {
    ...score,
    model,
    modelDigest: text,
    title: text,
    byCategory: { [text]: score.accuracy, other: score.accuracy },
    published: score.published.map((each) => ({ ...each, model })),
    settings: {
      ...settings,
      prompt: text,
      grader: { ...settings.grader, profile: text },
      engine: settings.engine && { ...settings.engine, name: text, version: text, dtype: text },
    },
  }
}

type Hostility = { readonly text: string; readonly named: (model: string) => string }

function hostilePage(page: ProblemPage, { text, named }: Hostility): ProblemPage {
  const shown = { head: text, omitted: 3, tail: text }
  return {
    ...page,
    evaluation: text,
    title: text,
    models: page.models.map(named),
    problems: page.problems.slice(0, 3).map(({ samples, ...problem }) => ({
      ...problem,
      problemId: text,
      source: text,
      category: text,
      prompt: shown,
      samples: Object.fromEntries(
        Object.entries(samples).map(([model, those]) => [
          named(model),
          those.map((sample) => ({
            ...sample,
            verdict: { ...sample.verdict, traceId: text, reason: text, extracted: text },
            text: shown,
          })),
        ]),
      ),
    })),
  }
}
