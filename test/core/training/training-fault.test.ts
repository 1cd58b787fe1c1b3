import { expect, test } from 'vitest'
import {
  diskFull,
  divergence,
  faultOfLastLines,
  stall,
} from '../../../core/training/training-fault.ts'
import { profile } from './profiles.ts'

test.each([
  [
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 9.28 GiB.',
    'out-of-memory',
    true,
  ],
  [
    "OSError: [Errno 28] No space left on device: 'checkpoint-100/optimizer.pt'",
    'disk-full',
    false,
  ],
  [
    '[Rank 3] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=71)',
    'communication',
    false,
  ],
  ['ValueError: Template qwen26 does not exist.', 'missing-template', true],
  [
    'datasets.exceptions.DatasetGenerationError: An error occurred while generating',
    'bad-row',
    true,
  ],
  ['Killed', 'died', false],
])('%j is named', (tail, name, isFinal) => {
  expect(faultOfLastLines(`step 3\n${tail}\n`)).toMatchObject({ name, isFinal })
})

test('a disk that we find full is named with what is free of it', () => {
  expect(diskFull('/data', 3.5 * 2 ** 20)).toEqual({
    name: 'disk-full',
    isFinal: false,
    message: expect.stringMatching(/^disk-full: free disk space .*; \/data has 3 MiB free$/),
  })
})

const rule = { steps: 3, ratio: 2 }
const curve = (losses: readonly number[]) =>
  losses.map((loss, at) => ({ globalStep: at + 1, totalSteps: 100, loss, learningRate: 1 }))

test('a mean loss of twice the lowest is a divergence, with where and how far', () => {
  const fault = divergence(curve([3, 2, 1, 1, 1, 1, 4, 5, 6]), rule)
  expect(fault).toMatchObject({ name: 'diverged', isFinal: true })
  expect(fault?.message).toContain('up to 9 is 5.000')
})

test('one high loss, a falling curve, and no rule are none', () => {
  expect(divergence(curve([3, 2, 1, 1, 1, 1, 1, 1, 3]), rule)).toBeUndefined()
  expect(divergence(curve([9, 8, 7, 6, 5, 4, 3, 2, 1]), rule)).toBeUndefined()
  expect(divergence(curve([1, 1, 1, 9, 9, 9]), null)).toBeUndefined()
})

const { watch } = profile('faithful').training

test('a step that takes twenty medians is a stall; before the first, all that is before it counts', () => {
  const reachedAt = [0, 130, 260, 390].map((seconds) => 1000 * seconds)
  const times = { startedAt: 0, reachedAt }
  expect(stall(times, 1000 * (390 + 2599), watch)).toBeUndefined()
  expect(stall(times, 1000 * (390 + 2601), watch)?.message).toContain('no step for 2601 s')
  const none = { startedAt: 0, reachedAt: [] }
  expect(stall(none, 1000 * 7199, watch)).toBeUndefined()
  expect(stall(none, 1000 * 7201, watch)).toMatchObject({ name: 'stalled', isFinal: false })
})
