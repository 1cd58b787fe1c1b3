import type { PublishedScore } from './benchmarks/benchmark.ts'
import type { Question } from './benchmarks/question.ts'
import { compareWithPublished, publishedScore } from './evaluation/published-score.ts'
import { measureRepetition } from './evaluation/repetition.ts'
import type { Response } from './response.ts'
import type {
  Accuracy,
  EstimateAtK,
  EvaluatedSample,
  Lengths,
  PublishedComparison,
  Score,
} from './score.ts'
import { type ClusteredRate, clusteredAccuracy } from './statistics/clustered-rate.ts'
import { majorityRate } from './statistics/majority-vote.ts'
import type { ProblemOutcomes } from './statistics/problem-outcomes.ts'
import { quantile } from './statistics/quantile.ts'
import { passAtKRate, passPowerKRate } from './statistics/repeated-samples.ts'
import { wilsonInterval } from './statistics/wilson-interval.ts'
import type { Verdict } from './verdict.ts'

/** A shard of an evaluation, sample by sample. */
export type EvaluationRows = {
  readonly questions: readonly Question[]
  readonly responses: readonly Response[]
  readonly verdicts: readonly Verdict[]
}

/** Joins every response with its problem and its verdict. Throws where one is missing: a sample is never dropped silently. */
export function joinSamples({ questions, responses, verdicts }: EvaluationRows): EvaluatedSample[] {
  const questionById = new Map(questions.map((question) => [question.problemId, question]))
  const verdictById = new Map(verdicts.map((verdict) => [verdict.traceId, verdict]))
  return responses.map((response) => {
    const question = questionById.get(response.problemId)
    const verdict = verdictById.get(response.id)
    if (question === undefined || verdict === undefined) {
      throw new Error(
        `response ${response.id} has no ${question === undefined ? 'problem' : 'verdict'}`,
      )
    }
    const { source, domain, category, difficulty, prompt } = question
    return {
      ...verdict,
      source,
      domain,
      category,
      ...(difficulty === undefined ? {} : { difficulty }),
      prompt,
      text: response.text,
      finishReason: response.finishReason,
      completionTokens: response.usage.completionTokens,
      repeating: measureRepetition(response.text).loop !== null,
    }
  })
}

/** What a score needs of a sample: thousands of them are in memory, their texts are not. */
export type Scored = Pick<
  EvaluatedSample,
  | 'problemId'
  | 'outcome'
  | 'extracted'
  | 'domain'
  | 'category'
  | 'difficulty'
  | 'finishReason'
  | 'completionTokens'
  | 'repeating'
>

/** A sample without its texts. */
export function scoredOf(sample: EvaluatedSample): Scored {
  const { problemId, outcome, extracted, domain, category, difficulty } = sample
  const { finishReason, completionTokens, repeating } = sample
  const answer = { problemId, outcome, extracted, finishReason, completionTokens, repeating }
  return { ...answer, domain, category, difficulty }
}

/** What a score is of, beside its samples. */
export type Scoring = Pick<
  Score,
  'model' | 'modelDigest' | 'benchmark' | 'title' | 'problemsDigest' | 'missing' | 'settings'
> & {
  readonly questions: readonly Question[]
  readonly published: readonly PublishedScore[]
  /** Of the bootstrap. */
  readonly seed: number
}

/** Shares of responses by whose lengths a distribution is told. */
const shares = [0.05, 0.25, 0.5, 0.75, 0.95] as const

/**
 * What samples come to, with intervals. An undecided sample is counted, and is not correct; one that
 * is missing is no sample.
 */
export function scoreOf(samples: readonly Scored[], scoring: Scoring): Score {
  const { questions, published, seed, ...of } = scoring
  const by = (group: (sample: Scored) => string | undefined) => accuracies(samples, group, seed)
  const accuracy = accuracyOf(samples, seed)
  const byCategory = by(({ category }) => category)
  return {
    ...of,
    problems: Map.groupBy(samples, ({ problemId }) => problemId).size,
    accuracy,
    byDomain: by(({ domain }) => domain),
    byCategory,
    byDifficulty: by(({ difficulty }) =>
      difficulty === undefined ? undefined : String(Math.floor(difficulty)),
    ),
    ...repeated(samples, seed),
    majority: majorityOf(samples, { questions, seed }),
    undecided: samples.filter(({ outcome }) => outcome === 'undecided').length,
    unanswered: samples.filter(isUnanswered).length,
    truncated: samples.filter(({ finishReason }) => finishReason === 'length').length,
    repeating: samples.filter(({ repeating }) => repeating).length,
    lengths: lengthsOf(samples),
    published: published.flatMap((each) => {
      const measured = each.category === null ? accuracy : byCategory[each.category]
      if (measured === undefined || measured.n === 0) return []
      return [comparisonOf(each, measured)]
    }),
  }
}

function comparisonOf(
  { model, category, percent, problems }: PublishedScore,
  measured: Accuracy,
): PublishedComparison {
  const { value, low, high } = publishedScore({ percent, n: problems })
  const standing = compareWithPublished(measured.value, { low, high })
  return { model, category, problems, published: { value, low, high }, standing }
}

/** The share that is correct; where problems have several samples, with an interval over problems. */
function accuracyOf(samples: readonly Scored[], seed: number): Accuracy {
  const correct = samples.filter(isCorrect).length
  const alone = wilsonInterval(correct, samples.length)
  const problems = outcomesOf(samples)
  if (problems.every(({ outcomes }) => outcomes.length === 1)) return alone
  const { value, low, high } = clusteredAccuracy(problems, seed)
  return { correct, n: samples.length, value, low, high }
}

function accuracies(
  samples: readonly Scored[],
  group: (sample: Scored) => string | undefined,
  seed: number,
): Record<string, Accuracy> {
  const groups = [...Map.groupBy(samples, group)].flatMap(([name, rows]) =>
    name === undefined ? [] : [[name, accuracyOf(rows, seed)] as const],
  )
  return Object.fromEntries(
    groups.toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })),
  )
}

/** pass@k and pass^k up to the samples that every problem has. */
function repeated(samples: readonly Scored[], seed: number): Pick<Score, 'passAt' | 'passAll'> {
  const problems = outcomesOf(samples)
  const most = Math.min(...problems.map(({ outcomes }) => outcomes.length))
  const ks = Number.isFinite(most) ? powersUpTo(most) : []
  return {
    passAt: ks.map((k) => atK(k, passAtKRate(problems, { k, seed }))),
    passAll: ks.map((k) => atK(k, passPowerKRate(problems, { k, seed }))),
  }
}

/** 1, 2, 4 … and the last one itself. */
function powersUpTo(most: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, at) => 2 ** at)
  return [...new Set([...powers, most])]
}

function atK(k: number, { value, low, high }: ClusteredRate): EstimateAtK {
  return { k, value, low, high }
}

/** Programs have no answers that could be counted, and one sample has no majority. */
function majorityOf(
  samples: readonly Scored[],
  { questions, seed }: Pick<Scoring, 'questions' | 'seed'>,
): Score['majority'] {
  const hasAnswers = questions.every(({ judgedBy }) => judgedBy !== 'tests')
  const problems = [...Map.groupBy(samples, ({ problemId }) => problemId)]
  if (!hasAnswers || !problems.some(([, votes]) => votes.length > 1)) return null
  const { value, low, high } = majorityRate(
    problems.map(([problemId, votes]) => ({
      problemId,
      votes: votes.map((sample) => ({
        answer: sample.outcome === 'undecided' ? null : voteOf(sample),
        correct: isCorrect(sample),
      })),
    })),
    seed,
  )
  return { value, low, high }
}

/** Answers that were accepted are one, however they are written. */
function voteOf({ outcome, extracted }: Scored): string | null {
  if (outcome === 'accepted') return 'accepted'
  return extracted === null ? null : `wrong ${extracted.replaceAll(/\s+/g, '')}`
}

function lengthsOf(samples: readonly Scored[]): Lengths {
  const tokens = samples.map(({ completionTokens }) => completionTokens).toSorted((a, b) => a - b)
  const sum = tokens.reduce((total, each) => total + each, 0)
  return {
    mean: tokens.length === 0 ? 0 : sum / tokens.length,
    quantiles: shares.map((share) => ({ share, tokens: quantile(tokens, share) })),
  }
}

/** Right or not, by problem. */
function outcomesOf(samples: readonly Scored[]): ProblemOutcomes[] {
  return [...Map.groupBy(samples, ({ problemId }) => problemId)].map(([problemId, rows]) => ({
    problemId,
    outcomes: rows.map(isCorrect),
  }))
}

function isUnanswered({ outcome, extracted }: Scored): boolean {
  return outcome === 'wrong' && extracted === null
}

function isCorrect({ outcome }: Pick<Scored, 'outcome'>): boolean {
  return outcome === 'accepted'
}
