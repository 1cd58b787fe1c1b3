import { layers, parameters } from './cost.ts'
import { ranks } from './grouping.ts'
import type { Run } from './measurements.ts'

/** What an H100 of 80 GB has, 81,559 MiB. */
const deviceBytes = 85.5e9
/** Assumed: the CUDA context, NCCL's buffers, fragmentation, and what ZeRO-3 keeps gathered. */
const assumedOverhead = 7e9
/** Assumed: gradients of a layer's widest tensors that stand at once while it goes backward. */
const wideGradients = 3 * 16_384 * 27_648 * 2

/**
 * The least share of the optimizer's state, in tenths, that must be on the host for a full pack to fit
 * beside weights and gradients; undefined where all of it is not enough. What layers keep is measured.
 */
export function leastOffload(run: Run, unrecomputed: Run): number | undefined {
  const shard = parameters / ranks
  const oneLayer = unrecomputed.layerBytes - run.layerBytes
  const activations = layers * run.layerBytes + run.restBytes + oneLayer + wideGradients
  const free = deviceBytes - assumedOverhead - activations - 2 * 2 * shard
  const share = Math.ceil(10 * (1 - free / (12 * shard))) / 10
  return share > 1 ? undefined : Math.max(0, share)
}
