import { z } from 'zod'
import { ObjectRef } from './object-ref.ts'

/** One step as the trainer logged it (`trainer_log.jsonl`); tolerant, since the trainer adds fields. */
export const TrainerLogLine = z.object({
  current_steps: z.int().nonnegative(),
  total_steps: z.int().positive(),
  loss: z.number().optional(),
  lr: z.number().optional(),
  epoch: z.number().optional(),
})
export type TrainerLogLine = z.infer<typeof TrainerLogLine>

/** One point of the loss curve: the last record of its step. */
export const TrainingStep = z.strictObject({
  globalStep: z.int().nonnegative(),
  totalSteps: z.int().positive(),
  loss: z.number(),
  learningRate: z.number(),
})
export type TrainingStep = z.infer<typeof TrainingStep>

/** Heartbeat of a training, and answer to the `progress` query. */
export const TrainingProgress = z.strictObject({
  globalStep: z.int().nonnegative(),
  totalSteps: z.int().nonnegative(),
  loss: z.number().nullable(),
  learningRate: z.number().nullable(),
  /** Over all devices, lately; null before two steps were seen. */
  tokensPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** The step of the newest checkpoint that is whole in the store. */
  lastCheckpoint: z.int().nonnegative().nullable(),
  /** What the machines have cost so far, at the profile's price. */
  dollars: z.number().nonnegative(),
  /** The loss so far, in forty means at most. */
  curve: z.array(z.number()),
})
export type TrainingProgress = z.infer<typeof TrainingProgress>

/**
 * A file of a model, by its path below the model's directory, with `/` between. It never leads out of
 * the directory, and is not the manifest's own name.
 */
export const ModelFileName = z
  .string()
  .refine(
    (name) =>
      name !== 'manifest.json' &&
      !/[\\\0]/.test(name) &&
      name.split('/').every((part) => !['', '.', '..'].includes(part)),
    { error: 'must be a relative path inside the model, without "." or "..", not manifest.json' },
  )

/** A complete checkpoint or model in the store: every file with its digest. Put last, so it marks completeness. */
export const ModelManifest = z.strictObject({
  /** Digest over the files' names and digests: the identity of these weights. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  globalStep: z.int().nonnegative(),
  files: z.record(ModelFileName, ObjectRef),
})
export type ModelManifest = z.infer<typeof ModelManifest>

/**
 * The order in which files of a checkpoint are stored: first what the weights are loaded from, so that
 * a model can be used early, then the state of the optimizer, which is most of the bytes.
 */
export function inTransferOrder(names: readonly string[]): string[] {
  return names.toSorted((a, b) => {
    const [first, second] = [isLoaded(a), isLoaded(b)]
    if (first !== second) return first ? -1 : 1
    return a < b ? -1 : 1
  })
}

/** True for weights, configuration and tokenizer: files of the model's own directory. */
function isLoaded(name: string): boolean {
  return /^[^/]+\.(safetensors|json|jinja|txt|model)$/.test(name)
}
