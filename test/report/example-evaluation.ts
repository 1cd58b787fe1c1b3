import { digestOf } from '../../core/digest.ts'
import { compareModels } from '../../core/report/evaluation/compare-models.ts'
import { collectProblems } from '../../core/report/evaluation/collect-problems.ts'
import { outcomeLengths } from '../../core/report/evaluation/outcome-lengths.ts'
import { indexProblems, paginate } from '../../core/report/evaluation/paginate.ts'
import type {
  EvaluationReportData,
  Night,
  PairedDifference,
  ProblemPage,
} from '../../core/report/evaluation-report-data.ts'
import type { Estimate, EvaluatedSample, Score } from '../../core/score.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import { disagreement } from './example-report.ts'

/** An evaluation to look at: its data, and the pages of its problems. */
export type ExampleEvaluation = {
  readonly data: EvaluationReportData
  readonly pages: readonly ProblemPage[]
}

const models = ['Sky-T1-32B-Preview', 'Qwen2.5-32B-Instruct', 'QwQ-32B-Preview']

const benchmarks = [
  { name: 'math500', title: 'MATH500', problems: 60, samples: 1, gated: false, ease: 0.82 },
  { name: 'aime24', title: 'AIME 2024', problems: 30, samples: 8, gated: false, ease: 0.42 },
  {
    name: 'gpqa-diamond',
    title: 'GPQA-Diamond',
    problems: 40,
    samples: 1,
    gated: true,
    ease: 0.55,
  },
] as const
type ExampleBenchmark = (typeof benchmarks)[number]

const name = 'sky-t1-against-its-base'

/** Three models on three benchmarks, one of them gated, one asked eight times, over a fortnight. */
export function exampleEvaluation(): ExampleEvaluation {
  const measured = benchmarks.map((benchmark) => evaluated(benchmark))
  return {
    data: {
      evaluation: {
        name,
        finishedAt: '2026-11-22T21:31:12.480Z',
      },
      scores: measured.flatMap(({ scores }) => scores),
      nights: nights(),
      comparisons: measured.flatMap(({ comparisons }) => comparisons),
      lengths: measured.flatMap(({ lengths }) => lengths),
      problems: measured.map(({ index }) => index),
      labels: [
        {
          model: 'Sky-T1-32B-Preview',
          benchmark: 'math500',
          title: 'MATH500',
          comparison: {
            agreement: [{ source: 'math500', compared: 60, agreed: 56, unjudged: 0 }],
            disagreements: [0, 1, 2, 3].map(disagreement),
          },
        },
      ],
    },
    pages: measured.flatMap(({ pages }) => pages),
  }
}

function evaluated(benchmark: ExampleBenchmark) {
  const { name: id, title, gated } = benchmark
  const collection = collectProblems({ gated })
  const byModel = models.map((model, at) => ({ model, samples: samplesOf(benchmark, at) }))
  for (const { model, samples } of byModel) collection.add(model, samples)
  const pages = paginate(collection.problems())
  const of = { benchmark: id, title, gated, models }
  return {
    scores: byModel.map(({ model, samples }, at) => scoreOf(benchmark, { model, at, samples })),
    lengths: byModel.map(({ model, samples }) =>
      outcomeLengths({ model, benchmark: id, seed: 1 }, samples),
    ),
    comparisons: againstFirst(id, byModel),
    index: indexProblems(of, pages),
    pages: pages.map((problems, at) => ({
      evaluation: name,
      ...of,
      page: at + 1,
      pages: pages.length,
      first: 1 + pages.slice(0, at).flat().length,
      problems,
    })),
  }
}

const subjects = ['Algebra', 'Counting & Probability', 'Geometry', 'Number Theory']

function samplesOf(benchmark: ExampleBenchmark, model: number): EvaluatedSample[] {
  return Array.from({ length: benchmark.problems * benchmark.samples }, (_, at) =>
    sampleOf(benchmark, {
      model,
      problem: Math.floor(at / benchmark.samples),
      index: at % benchmark.samples,
    }),
  )
}

type Place = { readonly model: number; readonly problem: number; readonly index: number }

function sampleOf({ name: id, ease }: ExampleBenchmark, place: Place): EvaluatedSample {
  const { model, problem, index } = place
  const difficulty = 1 + (problem % 5)
  const chance = ease - ([0, 0.09, -0.03][model] ?? 0) - 0.09 * (difficulty - 3)
  const draw = pseudorandom(`${id} ${model} ${problem} ${index}`)
  const outcome = draw < chance ? 'accepted' : draw > 0.985 ? 'undecided' : 'wrong'
  const tokens = Math.round(420 * 2 ** (difficulty / 1.4 + 2.4 * pseudorandom(`length ${draw}`)))
  const cut = outcome === 'wrong' && draw > 0.93
  return {
    traceId: digestOf({ id, ...place }),
    problemId: digestOf({ id, problem }).slice(0, 32),
    index,
    outcome,
    reason: cut
      ? 'truncated'
      : outcome === 'accepted'
        ? 'equal'
        : outcome === 'wrong'
          ? 'different'
          : 'time-limit',
    tier: 'math-verify',
    profile: 'strict',
    profileVersion: 3,
    extracted: cut ? null : `\\frac{${problem + index}}{${difficulty + 1}}`,
    legacyOutcome: outcome === 'accepted' ? 'accepted' : 'wrong',
    source: id,
    domain: 'math',
    category: subjects[problem % subjects.length] ?? '',
    difficulty,
    prompt: `Find all positive integers $n$ less than ${problem + 12} such that $n^2 + ${difficulty}n$ is a perfect square, and give the sum of them as your answer.`,
    text: `Let me think about this step by step. We want $n^2 + ${difficulty}n = m^2$.\n\n${'So $(2n + d)^2 - 4m^2 = d^2$, and both factors have the same parity. Wait, let me check the small cases again. '.repeat(1 + Math.min(4, Math.floor(tokens / 400)))}\n\nThe answer is \\boxed{\\frac{${problem + index}}{${difficulty + 1}}}.`,
    finishReason: cut ? 'length' : 'stop',
    completionTokens: cut ? 32_768 : tokens,
    repeating: cut && draw > 0.97,
  }
}

/** Between 0 and 1, the same for the same text. */
function pseudorandom(text: string): number {
  return Number.parseInt(digestOf(text).slice(0, 8), 16) / 2 ** 32
}

type Measured = {
  readonly model: string
  readonly at: number
  readonly samples: readonly EvaluatedSample[]
}

function scoreOf(benchmark: ExampleBenchmark, { model, at, samples }: Measured): Score {
  const { name: id, title, problems, samples: each } = benchmark
  const accuracy = accuracyOf(samples)
  const ks = each === 1 ? [1] : [1, 2, 4, 8]
  return {
    model,
    modelDigest: digestOf(model),
    benchmark: id,
    title,
    problemsDigest: digestOf(id),
    problems,
    accuracy,
    byDomain: { math: accuracy },
    byCategory: by(samples, ({ category }) => category),
    byDifficulty: by(samples, ({ difficulty }) => String(difficulty)),
    passAt: ks.map((k) => ({ k, ...around(1 - (1 - accuracy.value) ** (k ** 0.6)) })),
    passAll: ks.map((k) => ({ k, ...around(accuracy.value ** (k ** 0.6)) })),
    majority: each === 1 ? null : around(accuracy.value + 0.08),
    missing: at,
    undecided: samples.filter(({ outcome }) => outcome === 'undecided').length,
    unanswered: samples.filter(
      ({ outcome, extracted }) => outcome === 'wrong' && extracted === null,
    ).length,
    truncated: samples.filter(({ finishReason }) => finishReason === 'length').length,
    repeating: samples.filter(({ repeating }) => repeating).length,
    lengths: { mean: 2100, quantiles: [{ share: 0.5, tokens: 1800 }] },
    published: published(benchmark, { model, at, accuracy }),
    settings: {
      samples: each,
      temperature: each === 1 ? 0 : 0.7,
      topP: each === 1 ? 1 : 0.95,
      maxTokens: 32_768,
      seed: 42,
      prompt: digestOf('prompt'),
      grader: { profile: 'strict', version: 3 },
      engine:
        at === 2 ? null : { name: 'vllm', version: '0.11.2', dtype: 'bfloat16', tensorParallel: 8 },
    },
  }
}

function published(
  { name: id, problems }: ExampleBenchmark,
  { model, at, accuracy }: Pick<Measured, 'model' | 'at'> & { readonly accuracy: Estimate },
): Score['published'] {
  if (id === 'gpqa-diamond' && at === 2) return []
  const value = Math.round(problems * Math.min(1, accuracy.value + ([0.03, -0.01, 0.2][at] ?? 0)))
  const interval = wilsonInterval(value, problems)
  const whole = {
    model,
    category: null,
    problems,
    published: { value: interval.value, low: interval.low, high: interval.high },
    standing: accuracy.value < interval.low ? ('below' as const) : ('within' as const),
  }
  if (id !== 'math500') return [whole]
  const other = { ...whole, model: 'o1-preview', ...publishedAs(0.814, 500) }
  return [whole, { ...whole, category: 'Algebra', problems: 30 }, other]
}

function publishedAs(value: number, problems: number) {
  const { low, high } = wilsonInterval(Math.round(value * problems), problems)
  return { problems, published: { value, low, high } }
}

function accuracyOf(samples: readonly EvaluatedSample[]) {
  return wilsonInterval(
    samples.filter(({ outcome }) => outcome === 'accepted').length,
    samples.length,
  )
}

function by(samples: readonly EvaluatedSample[], group: (sample: EvaluatedSample) => string) {
  return Object.fromEntries(
    [...Map.groupBy(samples, group)].map(([key, those]) => [key, accuracyOf(those)]),
  )
}

function around(value: number): Estimate {
  return { value, low: Math.max(0, value - 0.11), high: Math.min(1, value + 0.09) }
}

const broken = {
  kind: 'undecided',
  sentence: 'aime24: not decided, since the night is broken: the endpoint is down.',
} as const

function nights(): Night[] {
  return ['math500', 'aime24'].flatMap((benchmark, which) =>
    models.slice(0, 2).flatMap((model, at) =>
      Array.from({ length: 14 }, (_, night) => {
        const drops = benchmark === 'math500' && at === 0 && night === 11
        const isBroken = which === 1 && at === 0 && night === 5
        const n = 500 - 260 * which
        const share = 0.82 - 0.3 * which - 0.07 * at - (drops ? 0.12 : 0)
        const correct = Math.round(
          n * (share + 0.03 * (pseudorandom(`${benchmark} ${model} ${night}`) - 0.5)),
        )
        return {
          date: `2026-11-${String(9 + night).padStart(2, '0')}`,
          model,
          benchmark,
          accuracy: isBroken ? null : wilsonInterval(correct, n),
          alert: isBroken
            ? broken
            : drops
              ? {
                  kind: 'drop' as const,
                  sentence: `math500 dropped by -12.0 points (95 %: -15.2 points to -8.8 points) to 70.6% (66.5–74.4%, n = ${n}); p = 0.00012 at level 0.01, smallest detectable 4.1 points.`,
                }
              : night === 13 && at === 1 && which === 1
                ? {
                    kind: 'undecided' as const,
                    sentence:
                      'aime24: not decided, since tonight 20 of 30 problems have half of their samples or more, and 90 % are needed.',
                  }
                : null,
        }
      }),
    ),
  )
}

type OfModel = { readonly model: string; readonly samples: readonly EvaluatedSample[] }

/** Every other model against the first. */
function againstFirst(
  benchmark: string,
  [first, ...others]: readonly OfModel[],
): PairedDifference[] {
  return others.flatMap((other) => {
    if (first === undefined) return []
    const compared = compareModels({
      benchmark,
      models: [first.model, other.model],
      samples: [first.samples, other.samples],
      seed: 1,
    })
    return compared === null ? [] : [compared]
  })
}
