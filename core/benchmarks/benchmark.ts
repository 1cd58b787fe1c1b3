import { z } from 'zod'
import { Source } from '../sources/source.ts'

/** The system prompt of an evaluation: that of the training rows, a text, or (null) none. */
const SystemPrompt = z
  .union([z.literal('training-rows'), z.strictObject({ text: z.string().min(1) })])
  .nullable()

/** How a model is asked on a benchmark. */
export const Asking = z.strictObject({
  /** Responses to each problem. */
  samples: z.int().min(1).max(1024),
  temperature: z.number().min(0).max(2),
  topP: z.number().gt(0).max(1),
  maxTokens: z.int().positive(),
  /** Texts at which a response ends. The protocol takes four at most. */
  stop: z.array(z.string().min(1)).max(4),
  system: SystemPrompt,
  /** What the user says: `{problem}` stands for the problem's own text. */
  prompt: z.string().includes('{problem}', { message: 'say where the problem goes: {problem}' }),
})
export type Asking = z.infer<typeof Asking>

/** A score that its authors published, as they gave it. */
const PublishedScore = z.strictObject({
  /** Who reached it, as the publication names the model. */
  model: z.string().min(1),
  /** The part of the benchmark that it is of, by category; null: the whole. */
  category: z.string().min(1).nullable(),
  /** In percent, as published. */
  percent: z.number().min(0).max(100),
  /** Problems that it is of. */
  problems: z.int().positive(),
})
export type PublishedScore = z.infer<typeof PublishedScore>

/** A benchmark: its problems, how models are asked, and what was published. One file each in `recipes/benchmarks`. */
export const Benchmark = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and hyphens'),
  /** As people write it. */
  title: z.string().min(1),
  /** `held-out`: the problems that the recipe's sources keep from training; else its own set. */
  problems: z.union([z.literal('held-out'), Source]),
  asking: Asking,
  /** What is otherwise for some models, by the name that they are asked by. */
  models: z.record(z.string().min(1), Asking.partial()),
  published: z.array(PublishedScore),
})
export type Benchmark = z.infer<typeof Benchmark>
