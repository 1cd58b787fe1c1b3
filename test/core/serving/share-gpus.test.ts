import { expect, test } from 'vitest'
import { InvalidInputError } from '../../../core/invalid-input.ts'
import type { Serving } from '../../../core/serving/serving.ts'
import { shareGpus } from '../../../core/serving/share-gpus.ts'

const model = { uri: 's3://b/models/x/manifest.json', sha256: 'a'.repeat(64), bytes: 1 }

function vllm(replicas: number, tensorParallel: number): Serving {
  const sizes = { dtype: 'auto', maxModelLength: 4096, gpuMemoryUtilization: 0.9 } as const
  return { engine: 'vllm', model, replicas, tensorParallel, ...sizes }
}

test.each([
  {
    which: 'counted from 0 where the node names none',
    serving: vllm(2, 2),
    visible: undefined,
    shared: [
      ['0', '1'],
      ['2', '3'],
    ],
  },
  {
    which: 'of those that the node names',
    serving: vllm(2, 1),
    visible: '3, 5,7',
    shared: [['3'], ['5']],
  },
  {
    which: 'by their universal names too',
    serving: vllm(1, 2),
    visible: 'GPU-a,GPU-b',
    shared: [['GPU-a', 'GPU-b']],
  },
])('GPUs are shared out, none twice: $which', ({ serving, visible, shared }) => {
  expect(shareGpus(serving, visible)).toEqual(shared)
})

test.each(['0,1,2', '', '0'])('a node with the GPUs %j is refused four of them', (visible) => {
  expect(() => shareGpus(vllm(2, 2), visible)).toThrow(InvalidInputError)
  expect(() => shareGpus(vllm(2, 2), visible)).toThrow('field replicas: 2 of 2 GPUs need 4')
})

test('an engine of the CPU needs none', () => {
  expect(shareGpus({ engine: 'cpu', replicas: 3 }, '')).toEqual([[], [], []])
})
