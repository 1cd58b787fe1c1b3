import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import {
  type Layout,
  type Pack,
  fillPacks,
  packSteps,
  padded,
} from '../../core/training/packing.ts'
import type { Cost } from './cost.ts'

export const ranks = 8
const examplesPerStep = 96
const cutoff = 16_384

/** Micro-steps of packs, a rank each, of lengths that go through it together. */
export type Step = ReadonlyArray<ReadonlyArray<readonly number[]>>

/**
 * Steps of 96 lengths: log-normal, sigma 0.65, cut at 16,384, with a mean of about 4,500, as the
 * published data set's size suggests.
 */
export function drawSteps(count: number, seed: number): ReadonlyArray<readonly number[]> {
  const random = xoroshiro128plus(seed)
  const length = () =>
    Math.min(cutoff, Math.max(1, Math.round(3680 * Math.exp(0.65 * normal(random)))))
  return Array.from({ length: count }, () => Array.from({ length: examplesPerStep }, length))
}

function normal(random: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)))
  return radius * Math.cos(2 * Math.PI * uniformFloat64(random))
}

/** As the published run: in the data's order, one example a rank and micro-step. */
export function oneByOne(lengths: readonly number[]): Step {
  return chunks(
    lengths.map((length) => [length]),
    ranks,
  )
}

/** Packs all steps by a rule; the longest example goes first. */
export function packLengths(
  steps: ReadonlyArray<readonly number[]>,
  layout: Layout,
  cost: Cost,
): readonly Step[] {
  const examples = steps.map((step) => step.map((length, row) => ({ row, tokens: padded(length) })))
  const packed = packSteps(examples, { devices: ranks, capacity: cutoff, cost }, layout)
  return packed.map((step) =>
    step.map((microStep) => microStep.map((pack) => pack.map(({ tokens }) => tokens))),
  )
}

/** LPT over all packs of the step, packs of like cost side by side: what `levelled` is held against. */
export const likeCosts: Layout = (examples, microSteps, rule) => {
  const { packs, left } = fillPacks(examples, { packs: microSteps * ranks, most: Infinity }, rule)
  if (left.length > 0) return undefined
  const costOf = (pack: Pack) => rule.cost(pack.map(({ tokens }) => tokens))
  return chunks(
    packs.toSorted((a, b) => costOf(b) - costOf(a)),
    ranks,
  )
}

function chunks<T>(items: readonly T[], size: number): ReadonlyArray<readonly T[]> {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}
