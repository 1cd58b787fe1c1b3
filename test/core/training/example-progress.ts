import type { TrainingProgress } from '../../../core/checkpoint.ts'

/** A training that is under way. */
export const exampleProgress: TrainingProgress = {
  globalStep: 25,
  totalSteps: 100,
  loss: 1.23456,
  learningRate: 0.001,
  tokensPerSecond: 2000,
  secondsLeft: 150,
  lastCheckpoint: 20,
  dollars: 0,
  curve: [3, 2, 1.23456],
}
