import { InvalidInputError } from '../invalid-input.ts'
import { type Architecture, parametersOf } from './architecture.ts'
import { type Footprint, footprintOf } from './footprint.ts'
import { stepLayout, totalSteps } from './steps.ts'
import type { Training } from './training.ts'

/** How long the rows of a data set are, in tokens. */
export type DatasetSize = {
  readonly rows: number
  readonly tokensPerRow: number
  /** The longest row that is trained on; undefined where no row was counted. */
  readonly longestRow?: number
}

/** What a training is expected to take, before anything is started. */
export type Expectation = Footprint & {
  readonly parameters: number
  readonly steps: number
  /** Tokens over all epochs. */
  readonly tokens: number
  readonly hours: number
  readonly dollars: number
}

const secondsPerHour = 3600
const gibibyte = 2 ** 30

/** What a training on such a data set takes; the speed is the profile's own figure, not a promise. */
export function expectationOf(
  training: Training,
  shape: Architecture,
  { rows, tokensPerRow }: DatasetSize,
): Expectation {
  const { cluster, expected, epochs } = training
  const devices = cluster.nodes * cluster.devicesPerNode
  const tokens = Math.round(rows * tokensPerRow * epochs)
  const hours = tokens / (expected.tokensPerDeviceSecond * devices) / secondsPerHour
  return {
    ...footprintOf(training, shape),
    parameters: parametersOf(shape),
    steps: totalSteps(training, rows),
    tokens,
    hours,
    dollars: hours * devices * cluster.dollarsPerDeviceHour,
  }
}

/** Refuses a training that cannot run, naming the field and what to change. */
export function checkTraining(training: Training, shape: Architecture): void {
  const { cutoffLength, grouping, cluster, deepspeed, attention, precision } = training
  stepLayout(training)
  if (cutoffLength > shape.maxPositions) {
    refuse(
      'cutoffLength',
      `${cutoffLength} tokens are more than the model's ${shape.maxPositions}`,
      `at most ${shape.maxPositions}`,
    )
  }
  if (grouping.kind === 'packed') checkPacking(training)
  const onCpu = cluster.device === 'cpu'
  if (onCpu && deepspeed !== null) refuse('deepspeed', 'it needs GPUs', 'null')
  if (onCpu && training.liger) refuse('liger', 'its kernels need a GPU', 'false')
  if (onCpu && attention === 'fa2') refuse('attention', 'flash attention needs a GPU', 'sdpa')
  if (deepspeed?.offloadParameters === true && deepspeed.stage !== 3) {
    refuse('deepspeed.stage', 'parameters are offloaded by stage 3 alone', '3')
  }
  if (deepspeed !== null && precision !== 'bf16')
    refuse('precision', 'DeepSpeed is used in bf16', 'bf16')
  if (shape.hiddenSize % shape.heads !== 0) {
    throw new InvalidInputError(
      `field student.heads: ${shape.heads} heads do not share ${shape.hiddenSize} evenly; change one`,
    )
  }
  checkRoom(training, shape)
}

function checkPacking(training: Training): void {
  const { grouping, cutoffLength, examplesPerStep, cluster, lossMean, precision } = training
  if (grouping.kind !== 'packed') return
  if (grouping.tokens < cutoffLength) {
    refuse('grouping.tokens', `a row may have ${cutoffLength} tokens`, `at least ${cutoffLength}`)
  }
  const devices = cluster.nodes * cluster.devicesPerNode
  if (examplesPerStep < devices) {
    refuse('examplesPerStep', `${devices} devices need an example each`, `at least ${devices}`)
  }
  // On GPUs the trainer makes the mask that keeps packed examples apart in 16 bits.
  if (cluster.device === 'gpu' && precision === 'fp32') {
    refuse('precision', 'packed examples are kept apart in 16 bits on GPUs', 'bf16')
  }
  if (lossMean !== 'global' && devices > 1) {
    refuse('lossMean', 'packing changes which device gets which examples', 'global')
  }
}

function checkRoom(training: Training, shape: Architecture): void {
  const { cluster } = training
  const { device, host, disk } = footprintOf(training, shape)
  const rooms = [
    ['deviceMemoryGiB', device, cluster.deviceMemoryGiB, 'offload more, or take more devices'],
    ['hostMemoryGiB', host, cluster.hostMemoryGiB, 'offload less, or take larger nodes'],
    ['diskGiB', disk, cluster.diskGiB, 'keep fewer checkpoints, or take larger disks'],
  ] as const
  for (const [field, needed, there, mend] of rooms) {
    const gib = needed / gibibyte
    if (gib <= there) continue
    throw new InvalidInputError(
      `field training.cluster.${field}: about ${Math.ceil(gib)} GiB are needed, ${there} are there; ${mend}`,
    )
  }
}

function refuse(field: string, fault: string, wanted: string): never {
  throw new InvalidInputError(`field training.${field}: ${fault}; make it ${wanted}`)
}
