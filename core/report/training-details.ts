import type { TrainingProgress } from '../checkpoint.ts'
import { sparkline } from '../training/training-progress.ts'
import { count, dollars, span } from './figures.ts'

/** How far a training is, in one line of Markdown. */
export function trainingLine(progress: TrainingProgress): string {
  const { globalStep, totalSteps, loss, lastCheckpoint, secondsLeft } = progress
  return [
    `Training: step ${count(globalStep)} of ${count(totalSteps)}`,
    loss === null ? 'no loss yet' : `loss ${loss.toFixed(4)}`,
    lastCheckpoint === null
      ? 'no checkpoint yet'
      : `last checkpoint at step ${count(lastCheckpoint)}`,
    ...(secondsLeft === null ? [] : [`${span(secondsLeft)} left`]),
  ].join(' · ')
}

/** The same with its curve, its speed and its price, for the training's own page in the Temporal UI. */
export function trainingDetails(progress: TrainingProgress): string {
  const { learningRate, tokensPerSecond, curve } = progress
  const facts = [
    learningRate === null ? [] : [`learning rate ${learningRate.toExponential(2)}`],
    tokensPerSecond === null ? [] : [`${count(Math.round(tokensPerSecond))} tokens a second`],
    progress.dollars === 0 ? [] : [`${dollars(progress.dollars)} so far`],
  ].flat()
  const lines = [trainingLine(progress), facts.join(' · ')]
  if (curve.length > 1) lines.push(`Loss: \`${sparkline(curve)}\``)
  return lines.filter((line) => line !== '').join('\n\n')
}
