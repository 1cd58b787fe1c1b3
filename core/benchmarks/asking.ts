import { digestOf } from '../digest.ts'
import { studentSystemPrompt } from '../prompts/student-system.ts'
import type { ChatMessage } from '../response.ts'
import { Asking, type Benchmark } from './benchmark.ts'

/** Where a model comes from, as far as it changes how it is asked. */
export type Asked = {
  /** The name that the benchmark's settings by model know it by. */
  readonly model: string
  /** Whether it was trained on rows of ours, or is what such a model was before. */
  readonly ofTraining: boolean
}

/**
 * How a model is asked on a benchmark: as it says of that model, else as it says of all. A model of
 * ours is asked with the system prompt of the training rows, since one asked otherwise than it was
 * taught scores less.
 */
export function askingOf({ asking, models }: Benchmark, { model, ofTraining }: Asked): Asking {
  const usual: Asking = ofTraining ? { ...asking, system: 'training-rows' } : asking
  return Asking.parse({ ...usual, ...models[model] })
}

/** What a model is sent for a problem. */
export function evaluationMessages({ system, prompt }: Asking, problem: string): ChatMessage[] {
  const user: ChatMessage = { role: 'user', content: prompt.replaceAll('{problem}', () => problem) }
  const text = system === 'training-rows' ? studentSystemPrompt : system?.text
  return text === undefined ? [user] : [{ role: 'system', content: text }, user]
}

/** Digest of everything that is said around a problem. */
export function promptDigestOf(asking: Asking): string {
  return digestOf(evaluationMessages(asking, ''))
}

/** Of every sample of an occasion: nights draw anew, and one evaluation finds what another drew. */
export function seedOf(seed: number, occasion: string): number {
  if (occasion === usualOccasion) return seed
  return Number.parseInt(digestOf({ seed, occasion }).slice(0, 7), 16)
}

/** Samples of evaluations that are not of a night. */
export const usualOccasion = 'evaluation'
