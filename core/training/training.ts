import { z } from 'zod'

/** All parameters, or low-rank adapters beside them. */
const Tuning = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({
    kind: z.literal('lora'),
    rank: z.int().positive(),
    alpha: z.int().positive(),
    dropout: z.number().min(0).max(1),
  }),
])

/** How the examples of one optimizer step are laid out over devices and micro-steps. */
const Grouping = z.discriminatedUnion('kind', [
  /** As they are drawn, so many on a device at once. */
  z.strictObject({ kind: z.literal('as-drawn'), perDevice: z.int().positive() }),
  /** The same examples, shared out by cost and packed into micro-batches of at most `tokens`. */
  z.strictObject({ kind: z.literal('packed'), tokens: z.int().positive() }),
])

/** What DeepSpeed shards, and what it keeps in the host's memory. */
const DeepSpeed = z.strictObject({
  stage: z.union([z.literal(2), z.literal(3)]),
  offloadParameters: z.boolean(),
  /** The share of the optimizer's state that the host holds and updates; 0: none. */
  offloadOptimizer: z.number().min(0).max(1),
  overlapCommunication: z.boolean(),
})

/** The machines that a training needs. Nothing of it changes what is learned. */
const Cluster = z.strictObject({
  device: z.enum(['cpu', 'gpu']),
  nodes: z.int().positive(),
  devicesPerNode: z.int().positive(),
  deviceMemoryGiB: z.number().positive(),
  hostMemoryGiB: z.number().positive(),
  diskGiB: z.number().positive(),
  dollarsPerDeviceHour: z.number().nonnegative(),
})

/** What is known of a training before it starts. */
const Expected = z.strictObject({
  rows: z.int().positive(),
  tokensPerRow: z.number().positive(),
  tokensPerDeviceSecond: z.number().positive(),
  /** Where the figures come from. */
  basis: z.string().min(1),
})

/** When checkpoints are written, and which stay in the store. */
const Checkpoints = z.strictObject({
  /** Optimizer steps between two. */
  everySteps: z.int().positive(),
  keepLast: z.int().min(1),
  /** Those of steps that are a multiple of it stay, too; null: none. */
  keepEvery: z.int().positive().nullable(),
})

/** What is taken for a training that no longer gets anywhere. */
const Watch = z.strictObject({
  /** A step may take so many times the median step. */
  stallMedians: z.number().min(2),
  /** What a step may take at the least, and the first one with all that is before it. */
  leastStallSeconds: z.number().positive(),
  firstStepSeconds: z.number().positive(),
  /** The mean loss of the last `steps` may be so many times the lowest mean before; null: any number. */
  divergence: z.strictObject({ steps: z.int().min(2), ratio: z.number().gt(1) }).nullable(),
})

/** How a student learns: what LLaMA-Factory is told, on which machines, and what is watched. */
export const Training = z.strictObject({
  template: z.enum(['qwen25', 'qwen']),
  /** In tokens; a row that is longer is left out. */
  cutoffLength: z.int().positive(),
  epochs: z.number().positive(),
  learningRate: z.number().positive(),
  scheduler: z.enum(['cosine', 'linear', 'constant_with_warmup']),
  warmupRatio: z.number().min(0).max(1),
  /** Examples of one optimizer step, over all devices. */
  examplesPerStep: z.int().positive(),
  /**
   * How steps are counted: with the smaller one at each epoch's end, or without, as transformers before
   * 4.47 counted. Then the training ends sooner; today's trainer takes the smaller steps either way.
   */
  remainder: z.enum(['kept', 'dropped']),
  /** Over which label tokens the loss is the mean: of each device, then over devices, or of all. */
  lossMean: z.enum(['per-device', 'global']),
  tuning: Tuning,
  precision: z.enum(['fp32', 'bf16']),
  grouping: Grouping,
  attention: z.enum(['auto', 'sdpa', 'fa2']),
  liger: z.boolean(),
  recompute: z.boolean(),
  /** How it recomputes: by PyTorch's older way, or the newer, which stops at the last tensor wanted. */
  reentrantRecompute: z.boolean(),
  deepspeed: DeepSpeed.nullable(),
  checkpoints: Checkpoints,
  watch: Watch,
  cluster: Cluster,
  expected: Expected,
  /** A tracker of the trainer's own; the event log is written whatever it is. */
  reportTo: z.enum(['none', 'wandb']),
})
export type Training = z.infer<typeof Training>

/** What decides the weights; machines, watch and upkeep do not. */
export function learningOf(training: Training) {
  const {
    checkpoints: _,
    watch: __,
    cluster: ___,
    expected: ____,
    reportTo: _____,
    ...learning
  } = training
  return learning
}
