import { type Architecture, adapterParameters, parametersOf } from './architecture.ts'
import type { Training } from './training.ts'

/** What a training takes, in bytes. */
export type Footprint = {
  /** Of each device, at the peak of a micro-step of the longest sequences. */
  readonly device: number
  /** Of each node's own memory. */
  readonly host: number
  /** One checkpoint that a training can go on from. */
  readonly checkpoint: number
  /** The weights alone. */
  readonly weights: number
  /** Of each node: the base model, the checkpoints that stand at once, the weights at the end. */
  readonly disk: number
}

/** Bytes of a parameter's optimizer state: the fp32 copy and Adam's two moments. */
const optimizerBytes = 12
/** What the CUDA context, NCCL's buffers and fragmentation take of a device. */
const deviceOverhead = 5e9
/** Parameters that ZeRO-3 keeps gathered at most (`stage3_max_live_parameters`), in bf16. */
const gatheredBytes = 2e9
/**
 * What a host needs over the states that it holds: pinned buffers are rounded up, and every process
 * loads weights. 744 GB were too little for this model (LLaMA-Factory issue 6755), which holds 590.
 */
const hostSlack = 1.6

/** What a training takes, computed from shapes; within some ten percent of what is measured. */
export function footprintOf(training: Training, shape: Architecture): Footprint {
  const parameters = parametersOf(shape)
  const { tuning, precision, checkpoints, cluster } = training
  const wide = precision === 'bf16' ? 2 : 4
  const trained = tuning.kind === 'full' ? parameters : adapterParameters(shape, tuning.rank)
  const weights = wide * (tuning.kind === 'full' ? parameters : trained)
  const stateOf = training.deepspeed === null ? optimizerBytes : optimizerBytes + wide
  const checkpoint = trained * stateOf
  const standing = checkpoints.keepLast + 1
  return {
    device:
      cluster.device === 'cpu'
        ? 0
        : statesOnDevice(training, parameters, trained) + activations(training, shape),
    host:
      hostOf(training, parameters, trained) +
      (cluster.device === 'cpu' ? activations(training, shape) : 0),
    checkpoint,
    weights,
    disk: wide * parameters + standing * checkpoint + weights,
  }
}

function statesOnDevice(training: Training, parameters: number, trained: number): number {
  const { deepspeed, cluster, precision } = training
  const wide = precision === 'bf16' ? 2 : 4
  if (deepspeed === null) {
    return deviceOverhead + wide * parameters + (wide + optimizerBytes) * trained
  }
  const devices = cluster.nodes * cluster.devicesPerNode
  const { stage, offloadParameters, offloadOptimizer } = deepspeed
  const whole = stage === 3 ? parameters / devices : parameters
  const held = offloadParameters ? 0 : wide * whole
  const onDevice = 1 - offloadOptimizer
  const gradients = offloadOptimizer === 1 ? 0 : (wide * trained) / devices
  const optimizer = (onDevice * optimizerBytes * trained) / devices
  return deviceOverhead + (stage === 3 ? gatheredBytes : 0) + held + gradients + optimizer
}

function hostOf(training: Training, parameters: number, trained: number): number {
  const { deepspeed, cluster, precision } = training
  const wide = precision === 'bf16' ? 2 : 4
  if (cluster.device === 'cpu') return (wide + wide + optimizerBytes) * parameters
  if (deepspeed === null) return wide * parameters
  const { offloadParameters, offloadOptimizer } = deepspeed
  const states =
    (offloadParameters ? wide * parameters : 0) + offloadOptimizer * (optimizerBytes + 4) * trained
  return (hostSlack * states) / cluster.nodes + wide * parameters
}

/**
 * Activations of the longest micro-batch: the input of every layer, one layer at work (every layer
 * without recomputing), and the logits (bf16, their fp32 copy and its gradient), which liger's fused
 * loss never holds whole.
 */
function activations(training: Training, shape: Architecture): number {
  const { grouping, cutoffLength, precision, recompute, liger } = training
  const tokens = grouping.kind === 'packed' ? grouping.tokens : grouping.perDevice * cutoffLength
  const wide = precision === 'bf16' ? 2 : 4
  const { hiddenSize, intermediateSize, layers, heads, keyValueHeads, vocabularySize } = shape
  const keyValue = (hiddenSize / heads) * keyValueHeads
  const layer = wide * (6 * hiddenSize + 2 * keyValue + (liger ? 2 : 4) * intermediateSize)
  const kept = recompute ? layers * wide * hiddenSize + 2 * layer : layers * layer
  const logits = liger ? 0 : (wide + 4 + 4) * vocabularySize
  return tokens * (kept + logits)
}
