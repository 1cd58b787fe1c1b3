import { expect, test } from 'vitest'
import { parametersOf } from '../../../core/training/architecture.ts'
import { launchLine } from '../../../core/training/launch-line.ts'
import { checkTraining, expectationOf } from '../../../core/training/training-plan.ts'
import { expectedMicroSteps, stepLayout, totalSteps } from '../../../core/training/steps.ts'
import type { Training } from '../../../core/training/training.ts'
import { profile } from './profiles.ts'

const { training, architecture } = profile('faithful')

test('the faithful profile is the published run: 510 steps, 19 hours, $455, 459 GB a checkpoint', () => {
  const expectation = expectationOf(training, architecture, training.expected)
  expect(parametersOf(architecture)).toBe(32_763_876_352)
  expect(expectation.steps).toBe(510)
  expect(expectation.hours).toBeCloseTo(19, 0)
  expect(expectation.dollars).toBeCloseTo(455, 0)
  expect(expectation.checkpoint / 1e9).toBeCloseTo(458.7, 1)
  expect(expectation.weights / 1e9).toBeCloseTo(65.5, 1)
})

test('a step of 96 is one example a device, twelve times', () => {
  expect(stepLayout(training)).toEqual({ devices: 8, perDevice: 1, microSteps: 12 })
})

test('the rows that are left at the end of an epoch make a smaller step, or none', () => {
  expect(totalSteps({ ...training, remainder: 'kept' }, 16_401)).toBe(513)
  expect(totalSteps({ ...training, remainder: 'dropped' }, 16_401)).toBe(510)
})

test.each(['faithful', 'fast', 'lora', 'miniature'])('the profile %s fits its machines', (name) => {
  const { training: named, architecture: shape } = profile(name)
  expect(() => checkTraining(named, shape)).not.toThrow()
})

test('packs of the fast profile are expected to need five micro-steps, as measured lengths do', () => {
  const fast = profile('fast').training
  expect(expectedMicroSteps(fast, fast.expected.tokensPerRow)).toBe(5)
  expect(expectedMicroSteps(training, 4500)).toBe(12)
})

test('nodes without a rendezvous are refused: each would wait for the others', () => {
  const two = { ...training, cluster: { ...training.cluster, nodes: 2 } }
  const program = { python: 'python', entry: 'train.py', config: 'training.yaml' }
  expect(() => launchLine(two, program, null)).toThrow(
    'field training.cluster.nodes: 2 nodes have no rendezvous here',
  )
})

test('each of several nodes runs the same line, but for its rank', () => {
  const two = { ...training, cluster: { ...training.cluster, nodes: 2 } }
  const program = { python: 'python', entry: 'train.py', config: 'training.yaml' }
  const line = (nodeRank: number) =>
    launchLine(two, program, { address: '[fd00::1]:29500', id: 'launch-3', nodeRank }).join(' ')
  expect(line(1)).toBe(
    'python -m torch.distributed.run --nnodes=2 --nproc-per-node=8 --node-rank=1 ' +
      '--master-addr=[fd00::1] --master-port=29500 --rdzv-id=launch-3 --max-restarts=0 ' +
      'train.py training.yaml',
  )
  expect(line(0)).toBe(line(1).replace('--node-rank=1', '--node-rank=0'))
})

const { cluster } = training
test.each<[string, Partial<Training>, string]>([
  [
    'a step that devices cannot share',
    { examplesPerStep: 100 },
    'field training.examplesPerStep: 100 examples cannot be shared out over 8 devices with 1 at once; make it a multiple of 8',
  ],
  [
    'a cut-off over the model’s',
    { cutoffLength: 40_000 },
    "field training.cutoffLength: 40000 tokens are more than the model's 32768; make it at most 32768",
  ],
  [
    'packs shorter than a row',
    { grouping: { kind: 'packed', tokens: 8192 } },
    'field training.grouping.tokens: a row may have 16384 tokens; make it at least 16384',
  ],
  [
    'kernels for GPUs on processors',
    { deepspeed: null, liger: true, cluster: { ...cluster, device: 'cpu' } },
    'field training.liger: its kernels need a GPU; make it false',
  ],
  [
    'packs under a mean of each device',
    { grouping: { kind: 'packed', tokens: 16_384 } },
    'field training.lossMean: packing changes which device gets which examples; make it global',
  ],
  [
    'packs in 32 bits on GPUs',
    { grouping: { kind: 'packed', tokens: 16_384 }, precision: 'fp32', deepspeed: null },
    'field training.precision: packed examples are kept apart in 16 bits on GPUs; make it bf16',
  ],
  ['no offload on eight devices', { deepspeed: null }, 'field training.cluster.deviceMemoryGiB'],
  [
    'a small host',
    { cluster: { ...cluster, hostMemoryGiB: 700 } },
    'field training.cluster.hostMemoryGiB',
  ],
  ['a small disk', { cluster: { ...cluster, diskGiB: 1000 } }, 'field training.cluster.diskGiB'],
  [
    'offload of parameters without sharding them',
    {
      deepspeed: {
        stage: 2,
        offloadParameters: true,
        offloadOptimizer: 1,
        overlapCommunication: true,
      },
    },
    'field training.deepspeed.stage',
  ],
])('%s is refused before anything starts', (_, changes, message) => {
  const changed = { ...training, ...changes }
  expect(() => checkTraining(changed, architecture)).toThrow(message)
})
