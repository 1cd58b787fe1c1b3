import { z } from 'zod'
import { ObjectRef } from '../object-ref.ts'

/** A model on the Hugging Face Hub, at one commit. */
const HubModel = z.strictObject({
  hub: z.string().regex(/^\w[\w.-]*\/\w[\w.-]*$/, 'a Hub id such as Qwen/QwQ-32B-Preview'),
  revision: z.string().regex(/^[0-9a-f]{40}$/, 'the 40 digits of a commit'),
})

const replicas = z.int().min(1).max(64)

/** vLLM on the GPUs of a node; every replica has its own. */
const vllm = {
  engine: z.literal('vllm'),
  replicas,
  /** GPUs of one replica. */
  tensorParallel: z.int().min(1).max(16),
  dtype: z.enum(['auto', 'bfloat16', 'float16']),
  /** Tokens of prompt and reply together. */
  maxModelLength: z.int().positive(),
  /** Share of a GPU's memory for weights and cache. */
  gpuMemoryUtilization: z.number().gt(0).max(1),
}

/** The small server of the trainer's environment, on a CPU: for models of tests. */
const cpu = { engine: z.literal('cpu'), replicas }

/** An engine that serves models, whichever they are. */
export const Engine = z.discriminatedUnion('engine', [z.strictObject(vllm), z.strictObject(cpu)])
export type Engine = z.infer<typeof Engine>

/**
 * The engine that serves the teacher for as long as it is asked. None of it changes a row: replies
 * are known by what was asked of which endpoint.
 */
export const Serving = z.discriminatedUnion('engine', [
  z.strictObject({ ...vllm, model: z.union([HubModel, ObjectRef]) }),
  z.strictObject({ ...cpu, model: ObjectRef }),
])
export type Serving = z.infer<typeof Serving>

/** The numbers that a model is computed with: another score may come of others. */
export function precisionOf(engine: Engine): string {
  return engine.engine === 'cpu' ? 'float32' : engine.dtype
}
