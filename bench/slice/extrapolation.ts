import { type Cost, modelFlops, parameters, peakFlops } from './cost.ts'
import { type Step, ranks } from './grouping.ts'
import { pairsOf, tokensOf } from './measurements.ts'

/** Steps of the published schedule. */
const stepsOfRun = 510
/** Assumed, not measured: what NCCL moves to or from a GPU while all eight gather, over NVLink. */
export const assumedCollectiveRate = 300e9
/** Assumed, not measured: what the memory of a host with two processors gives all eight ranks. */
export const assumedHostMemoryRate = 400e9
/** Adam on the host reads four fp32 numbers a parameter, writes three, and writes the bf16 weight. */
const adamBytes = 34
const wide = 2

/** What a GPU and its host do, measured. */
export type Rates = {
  readonly toDevice: number
  readonly toHost: number
  readonly hostAdam: number
  readonly deviceAdam: number
}

export type Profile = {
  readonly name: string
  readonly steps: readonly Step[]
  readonly cost: Cost
  readonly offloadParameters: boolean
  /** The share of the optimizer's state on the host. */
  readonly offloadOptimizer: number
}

/** Seconds of a step, by what takes them, were nothing done at the same time as anything else. */
export type Parts = {
  readonly compute: number
  readonly transfers: number
  readonly collectives: number
  readonly optimizer: number
}

export type Extrapolation = {
  readonly name: string
  readonly microSteps: number
  readonly parts: Parts
  /** Compute of the average rank over that of the slowest. */
  readonly balance: number
  /** Transfers and collectives wholly behind compute, and wholly exposed: the truth is between. */
  readonly hidden: Outcome
  readonly exposed: Outcome
}

export type Outcome = {
  readonly secondsPerStep: number
  readonly hours: number
  readonly tokensPerSecondAndGpu: number
  readonly mfu: number
}

/** What eight GPUs would take for a step, on the average of the profile's steps. A model, no measurement. */
export function extrapolate(profile: Profile, rates: Rates): Extrapolation {
  const { name, steps, cost } = profile
  const microSteps = steps[0]?.length ?? 0
  const slowest = mean(steps.map((step) => sum(step.map((packs) => Math.max(...packs.map(cost))))))
  const average = mean(steps.map((step) => sum(step.flat().map(cost)) / ranks))
  const traffic = trafficSeconds(profile, rates)
  const parts: Parts = {
    compute: slowest,
    transfers: microSteps * traffic.transfers,
    collectives: microSteps * traffic.collectives,
    optimizer: optimizerSeconds(profile, rates),
  }
  const { compute, transfers, collectives, optimizer } = parts
  const size = {
    tokens: mean(steps.map((step) => sum(step.flat().map(tokensOf)))),
    pairs: mean(steps.map((step) => sum(step.flat().map(pairsOf)))),
  }
  const outcome = (secondsPerStep: number): Outcome => ({
    secondsPerStep,
    hours: (secondsPerStep * stepsOfRun) / 3600,
    tokensPerSecondAndGpu: size.tokens / secondsPerStep / ranks,
    mfu: modelFlops(size) / secondsPerStep / ranks / peakFlops,
  })
  return {
    name,
    microSteps,
    parts,
    balance: average / slowest,
    hidden: outcome(Math.max(compute, transfers, collectives) + optimizer),
    exposed: outcome(compute + transfers + collectives + optimizer),
  }
}

/**
 * A micro-step's traffic of one rank. ZeRO-3 gathers the weights for the forward and again for the
 * backward pass, after a copy from the host where they are kept there, and scatters the gradients,
 * which DeepSpeed adds up in buffers on the host: in to the device, added, and out again.
 */
function trafficSeconds({ offloadParameters }: Profile, rates: Rates) {
  const shard = (wide * parameters) / ranks
  const inwards = (offloadParameters ? 2 : 0) * shard + shard
  return {
    transfers: inwards / rates.toDevice + shard / rates.toHost,
    collectives: (3 * shard * (ranks - 1)) / assumedCollectiveRate,
  }
}

/** Adam on host and device at once; new weights go back to the device where they are not offloaded. */
function optimizerSeconds(profile: Profile, rates: Rates): number {
  const { offloadOptimizer, offloadParameters } = profile
  const shard = parameters / ranks
  const hostRate = Math.min(rates.hostAdam, assumedHostMemoryRate / adamBytes / ranks)
  const onHost = (offloadOptimizer * shard) / hostRate
  const back = offloadParameters ? 0 : (offloadOptimizer * wide * shard) / rates.toDevice
  const onDevice = ((1 - offloadOptimizer) * shard) / rates.deviceAdam
  return Math.max(onHost + back, onDevice)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
