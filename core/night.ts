import { z } from 'zod'
import { EvaluateInput, TypedModel } from './evaluation/evaluate-input.ts'
import type { NightOutcomes } from './evaluation/night-outcomes.ts'
import type { NightVerdict } from './evaluation/night-verdict.ts'
import { ObjectRef } from './object-ref.ts'
import { Score } from './score.ts'

const Interval = z.strictObject({ low: z.number(), high: z.number() })

/** What a night says of a benchmark against the nights before it. */
const Verdict = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['steady', 'drop', 'rise']),
    difference: z.number(),
    interval: Interval,
    p: z.number(),
    level: z.number(),
    smallestDetectable: z.number(),
  }),
  z.strictObject({
    kind: z.literal('undecided'),
    reason: z.enum(['missing-samples', 'no-baseline', 'other-problems']),
    explanation: z.string(),
    level: z.number(),
  }),
]) satisfies z.ZodType<NightVerdict>

/** Which samples of a night are right, problem by problem: what later nights are compared with. */
export const StoredOutcomes = z.strictObject({
  problemsDigest: z.string(),
  samples: z.int().positive(),
  problems: z.array(z.strictObject({ problemId: z.string(), outcomes: z.array(z.boolean()) })),
}) satisfies z.ZodType<NightOutcomes>

const scored = {
  /** The night's date in UTC, as the schedule planned it: `2026-11-22`. */
  date: z.iso.date(),
  benchmark: z.string(),
  /** Key of the evaluation that holds the samples; null where there was none: the night was broken. */
  evaluation: z.string().nullable(),
  score: Score.nullable(),
  outcomes: ObjectRef.nullable(),
  verdict: Verdict,
}

/** A run's student, or another model, on one benchmark in one night: one entry of its history. */
export const Night = z.union([
  z.strictObject({ run: z.string().min(1), ...scored }),
  z.strictObject({ model: z.string().min(1), ...scored }),
])
export type Night = z.infer<typeof Night>

const { benchmarks, recipe, overrides } = EvaluateInput.shape

/** Input of the `nightly` workflow, as a user types it. */
export const NightlyInput = z
  .strictObject({
    /** A finished run, whose student is evaluated. */
    run: z.string().min(1).optional(),
    /** Any other model, as `evaluate` takes it: `hub:…`, `endpoint:…`, `s3://…`, or whole. */
    model: TypedModel.optional(),
    /** As `evaluate` takes them (`math500:4`); left out: those of the run's recipe. */
    benchmarks: benchmarks.optional(),
    /** How the model is asked, as `evaluate` takes it; left out: by the run's recipe, or the published one. */
    recipe,
    overrides,
    /** The chance of one false drop in a night where nothing changed. */
    level: z.number().gt(0).max(0.2).default(0.01),
    /** How many good nights before it a night is compared with. */
    window: z.int().min(1).max(90).default(7),
  })
  .refine(({ run, model }) => run !== undefined || model !== undefined, {
    path: ['run'],
    message: 'name a finished run, or in the field model any other model, as in hub:ORG/MODEL@main',
  })
  .refine(({ run, model }) => run === undefined || model === undefined, {
    path: ['model'],
    message: 'give a run or a model, not both: nights are those of one',
  })
  .refine((night) => night.benchmarks !== undefined || asItsRunSays(night), {
    path: ['benchmarks'],
    message:
      'name benchmarks, as in math500:4: only a run that is asked by its own recipe has some',
  })

function asItsRunSays(
  night: Readonly<Partial<Record<'model' | 'recipe' | 'overrides', unknown>>>,
): boolean {
  return [night.model, night.recipe, night.overrides].every((given) => given === undefined)
}

export type NightlyInput = z.input<typeof NightlyInput>
