import { z } from 'zod'
import { FinishReason } from '../response.ts'
import { Accuracy, Score } from '../score.ts'
import { Verdict } from '../verdict.ts'
import { LabelComparison } from './report-data.ts'

const Count = z.int().nonnegative()

/** Becomes part of a path: what a benchmark may be called. */
const BenchmarkName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/)

/** The accuracy of a model on a benchmark in one night, and whether it is told. */
export const Night = z.strictObject({
  date: z.iso.date(),
  model: z.string(),
  benchmark: z.string(),
  /** Null where the model could not be evaluated. */
  accuracy: Accuracy.nullable(),
  /** The sentence names the benchmark. */
  alert: z
    .strictObject({ kind: z.enum(['drop', 'rise', 'undecided']), sentence: z.string().min(1) })
    .nullable(),
})
export type Night = z.infer<typeof Night>

/** The accuracy of the second model less that of the first on the same problems, with its 95 % interval. */
export const PairedDifference = z.strictObject({
  benchmark: z.string(),
  models: z.tuple([z.string(), z.string()]),
  /** Problems that both were asked. */
  problems: Count,
  difference: z.number().min(-1).max(1),
  low: z.number().min(-1).max(1),
  high: z.number().min(-1).max(1),
  p: z.number().min(0).max(1),
  /** The test that `p` comes from, as it is called. */
  test: z.string().min(1),
})
export type PairedDifference = z.infer<typeof PairedDifference>

const Tokens = z.number().nonnegative()

/** The tokens of some responses: the mean, and quantiles by share; null where there is none. */
const Spread = z
  .strictObject({
    /** Responses, and the problems that they are of. */
    n: z.int().positive(),
    problems: z.int().positive(),
    /** Every problem weighing the same, with its 95 % interval; null for one problem, which tells none. */
    mean: z.strictObject({
      value: Tokens,
      interval: z.strictObject({ low: Tokens, high: Tokens }).nullable(),
    }),
    p5: Tokens,
    p50: Tokens,
    p95: Tokens,
  })
  .nullable()

/** How long the right and the wrong responses of a model are, in completion tokens. */
export const OutcomeLengths = z.strictObject({
  model: z.string(),
  benchmark: z.string(),
  /** From shortest to longest, without gaps: from `from` to below `to` tokens. */
  bins: z.array(
    z.strictObject({
      from: Count,
      to: z.int().positive(),
      accepted: Count,
      wrong: Count,
      undecided: Count,
    }),
  ),
  all: Spread,
  accepted: Spread,
  wrong: Spread,
})
export type OutcomeLengths = z.infer<typeof OutcomeLengths>

/** The samples of one model to one problem, counted. */
export const Attempt = z.strictObject({ accepted: Count, undecided: Count, samples: Count })
export type Attempt = z.infer<typeof Attempt>

/** A benchmark's problems as its list shows them, by the page that each one is on. */
export const ProblemIndex = z.strictObject({
  benchmark: BenchmarkName,
  title: z.string(),
  /** The licence keeps the problems from being shown: verdicts only. */
  gated: z.boolean(),
  models: z.array(z.string()).min(1),
  pages: z.array(
    z.array(
      z.strictObject({
        problemId: z.string(),
        /** Its beginning; null where it is not shown. */
        gist: z.string().nullable(),
        category: z.string(),
        difficulty: z.number().nullable(),
        /** One for each of `models`; null: that model was not asked. */
        attempts: z.array(Attempt.nullable()),
      }),
    ),
  ),
})
export type ProblemIndex = z.infer<typeof ProblemIndex>

/** What others said of a model's recorded answers to a benchmark, beside our verdicts on them. */
const ModelLabels = z.strictObject({
  model: z.string(),
  benchmark: z.string(),
  title: z.string(),
  comparison: LabelComparison,
})

/** Everything that the main page and the lists of problems of an evaluation's report show. */
export const EvaluationReportData = z.strictObject({
  evaluation: z.strictObject({
    name: z.string().min(1),
    finishedAt: z.iso.datetime(),
  }),
  /** At most one for each model and benchmark; models and benchmarks stand in the order of them. */
  scores: z.array(Score),
  nights: z.array(Night),
  comparisons: z.array(PairedDifference),
  lengths: z.array(OutcomeLengths),
  problems: z.array(ProblemIndex),
  /** Empty where no recorded answers were evaluated. */
  labels: z.array(ModelLabels),
})
export type EvaluationReportData = z.infer<typeof EvaluationReportData>

/** A text of somebody else's; where it is very long, its beginning and its end. */
export const ShownText = z.strictObject({ head: z.string(), omitted: Count, tail: z.string() })
export type ShownText = z.infer<typeof ShownText>

/** One sample to read. `text` is null where it is not shown. */
export const ReportSample = z.strictObject({
  verdict: Verdict,
  finishReason: FinishReason,
  completionTokens: Count,
  repeating: z.boolean(),
  text: ShownText.nullable(),
})
export type ReportSample = z.infer<typeof ReportSample>

/** A problem with every sample of every model, by the model's name. */
export const ReportProblem = z.strictObject({
  problemId: z.string(),
  source: z.string(),
  category: z.string(),
  difficulty: z.number().nullable(),
  prompt: ShownText.nullable(),
  samples: z.record(z.string(), z.array(ReportSample)),
})
export type ReportProblem = z.infer<typeof ReportProblem>

/** One page of a benchmark's problems. A gated benchmark's holds no text, or is refused. */
export const ProblemPage = z
  .strictObject({
    evaluation: z.string().min(1),
    benchmark: BenchmarkName,
    title: z.string(),
    gated: z.boolean(),
    models: z.array(z.string()).min(1),
    /** Which page it is, from 1, and of how many. */
    page: z.int().positive(),
    pages: z.int().positive(),
    /** The place of its first problem in the benchmark, from 1. */
    first: z.int().positive(),
    problems: z.array(ReportProblem),
  })
  .refine(({ gated, problems }) => !gated || problems.every((problem) => withheld(problem)), {
    path: ['problems'],
    message: 'a gated benchmark shows no text: leave out prompts, responses and extracted answers',
  })
export type ProblemPage = z.infer<typeof ProblemPage>

function withheld({ prompt, samples }: ReportProblem): boolean {
  const all = Object.values(samples).flat()
  return (
    prompt === null &&
    all.every(
      ({ text, verdict }) =>
        text === null && verdict.extracted === null && verdict.judged === undefined,
    )
  )
}
