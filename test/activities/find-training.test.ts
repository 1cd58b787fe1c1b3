import { expect, test } from 'vitest'
import { findTraining } from '../../activities/find-training.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { MemoryStore } from './memory-store.ts'
import { trainedRun } from './trained-run.ts'

const steps = [
  { globalStep: 1, totalSteps: 2, loss: 2.5, learningRate: 0.001 },
  { globalStep: 2, totalSteps: 2, loss: 2, learningRate: 0 },
]

test('a run’s training is found with its curve, and what the recipe says of it', async () => {
  const store = new MemoryStore()
  const key = await trainedRun(store, 'first', steps)
  const { student, training, seed } = exampleRecipe
  expect(await findTraining(store, 'first')).toMatchObject({
    id: key.slice(0, 16),
    name: 'first',
    config: { recipe: 'example', seed, student, training, stageKey: key, counts: { steps: 2 } },
    steps,
  })
})

test('a training is found by its key, too', async () => {
  const store = new MemoryStore()
  const key = await trainedRun(store, 'first', steps)
  const id = key.slice(0, 16)
  const found = await findTraining(store, key)
  expect(found).toMatchObject({ id, name: id, config: { stageKey: key }, steps })
})

test('there is none of a run without a report, nor under another key', async () => {
  const store = new MemoryStore()
  await trainedRun(store, 'first', steps)
  expect(await findTraining(store, 'second')).toBeUndefined()
  expect(await findTraining(store, '0'.repeat(64))).toBeUndefined()
})
