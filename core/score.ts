import { z } from 'zod'
import { FinishReason } from './response.ts'
import { Verdict } from './verdict.ts'

/** One graded sample of a model on a benchmark. */
export const EvaluatedSample = z.strictObject({
  ...Verdict.shape,
  source: z.string(),
  domain: z.string(),
  category: z.string(),
  /** AoPS scale, 1 to 10, where it is known. */
  difficulty: z.number().optional(),
  prompt: z.string(),
  text: z.string(),
  finishReason: FinishReason,
  completionTokens: z.int().nonnegative(),
  /** Whether the response runs in a loop. */
  repeating: z.boolean(),
})
export type EvaluatedSample = z.infer<typeof EvaluatedSample>

/** A figure between 0 and 1 with its 95 % interval. */
const Estimate = z.strictObject({
  value: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
})
export type Estimate = z.infer<typeof Estimate>

/**
 * The share of samples that are correct, with its 95 % interval: Wilson's for one sample a problem,
 * else that of a bootstrap over problems. `n` counts samples.
 */
export const Accuracy = z.strictObject({
  correct: z.int().nonnegative(),
  n: z.int().nonnegative(),
  ...Estimate.shape,
})
export type Accuracy = z.infer<typeof Accuracy>

/** What is reached with `k` samples. */
export const EstimateAtK = z.strictObject({ k: z.int().positive(), ...Estimate.shape })
export type EstimateAtK = z.infer<typeof EstimateAtK>

/** Tokens of responses, as the endpoint counted them. */
export const Lengths = z.strictObject({
  mean: z.number().nonnegative(),
  /** By their share of responses, 0.05 to 0.95. */
  quantiles: z.array(z.strictObject({ share: z.number(), tokens: z.number().nonnegative() })),
})
export type Lengths = z.infer<typeof Lengths>

/** A measured accuracy beside a published one, whose interval is computed from its problems. */
export const PublishedComparison = z.strictObject({
  model: z.string(),
  category: z.string().nullable(),
  problems: z.int().positive(),
  published: Estimate,
  /** Where the measured accuracy lies. */
  standing: z.enum(['below', 'within', 'above']),
})
export type PublishedComparison = z.infer<typeof PublishedComparison>

/** How the samples of a score were drawn. */
export const SampledSettings = z.strictObject({
  samples: z.int().positive(),
  temperature: z.number(),
  topP: z.number(),
  maxTokens: z.int().positive(),
  seed: z.int(),
  /** Digest of the system prompt and of what the user says around a problem. */
  prompt: z.string(),
  /** What served the model; null: an endpoint of others, which does not say. */
  engine: z
    .strictObject({
      name: z.string(),
      version: z.string(),
      dtype: z.string(),
      tensorParallel: z.int().positive(),
    })
    .nullable(),
})
export type SampledSettings = z.infer<typeof SampledSettings>

/** By what a score was made: it says nothing without. */
const ScoreSettings = z.strictObject({
  ...SampledSettings.shape,
  grader: z.strictObject({ profile: z.string(), version: z.int().positive() }),
})

/** What a model reached on a benchmark. */
export const Score = z.strictObject({
  /** Its name in the evaluation; `base` and `student` in a run. */
  model: z.string().min(1),
  /** Digest of the weights; of endpoint and name where others serve it. */
  modelDigest: z.string(),
  benchmark: z.string(),
  title: z.string(),
  /** Digest of the benchmark's problems: scores compare where it is equal. */
  problemsDigest: z.string(),
  problems: z.int().nonnegative(),
  accuracy: Accuracy,
  byDomain: z.record(z.string(), Accuracy),
  byCategory: z.record(z.string(), Accuracy),
  /** By the whole part of the difficulty; empty where none is known. */
  byDifficulty: z.record(z.string(), Accuracy),
  /** Probability that one of `k` samples is correct, unbiased; k from 1 to n by powers of two, and n. */
  passAt: z.array(EstimateAtK),
  /** Probability that all of `k` samples are correct (pass^k). */
  passAll: z.array(EstimateAtK),
  /** The most frequent answer of a problem's samples is correct; null where answers are not comparable. */
  majority: Estimate.nullable(),
  /** Samples of which no usable reply came; no other figure counts them. */
  missing: z.int().nonnegative(),
  undecided: z.int().nonnegative(),
  /** Samples that are wrong since no answer, or no program, was found in them. */
  unanswered: z.int().nonnegative(),
  truncated: z.int().nonnegative(),
  repeating: z.int().nonnegative(),
  lengths: Lengths,
  published: z.array(PublishedComparison),
  settings: ScoreSettings,
})
export type Score = z.infer<typeof Score>
