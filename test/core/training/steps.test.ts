import { expect, test } from 'vitest'
import { drawnSteps } from '../../../core/training/steps.ts'

const epochs = [
  ['c', 'a', 'e', 'b', 'd'],
  ['b', 'e', 'a', 'd', 'c'],
]

test('steps never reach over the end of an epoch, whose last one is smaller', () => {
  expect(drawnSteps(epochs, { steps: 6, examplesPerStep: 2 })).toEqual([
    ['c', 'a'],
    ['e', 'b'],
    ['d'],
    ['b', 'e'],
    ['a', 'd'],
    ['c'],
  ])
})

test('with a dropped remainder the training ends that many steps earlier', () => {
  expect(drawnSteps(epochs, { steps: 4, examplesPerStep: 2 }).at(-1)).toEqual(['b', 'e'])
})
