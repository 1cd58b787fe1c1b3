import { metricMeter } from '@temporalio/activity'
import type { TrainingProgress } from '../core/checkpoint.ts'

/** A figure of a training as it is scraped; its unit is in its name. */
type TrainingMetric = {
  readonly name: `sky_t1_training_${string}`
  readonly description: string
  /** Null where it is not known yet. */
  readonly of: (progress: TrainingProgress) => number | null
}

const metrics: readonly TrainingMetric[] = [
  {
    name: 'sky_t1_training_step',
    description: 'Optimizer steps that are done',
    of: ({ globalStep }) => globalStep,
  },
  {
    name: 'sky_t1_training_planned_steps',
    description: 'Optimizer steps of the whole training',
    of: ({ totalSteps }) => totalSteps,
  },
  {
    name: 'sky_t1_training_loss',
    description: 'Loss of the last step',
    of: ({ loss }) => loss,
  },
  {
    name: 'sky_t1_training_learning_rate',
    description: 'Learning rate of the last step',
    of: ({ learningRate }) => learningRate,
  },
  {
    name: 'sky_t1_training_tokens_per_second',
    description: 'Tokens a second over all devices, lately',
    of: ({ tokensPerSecond }) => tokensPerSecond,
  },
  {
    name: 'sky_t1_training_remaining_seconds',
    description: 'Seconds to the last step',
    of: ({ secondsLeft }) => secondsLeft,
  },
  {
    name: 'sky_t1_training_stored_checkpoint_step',
    description: 'Step of the newest checkpoint that is whole in the store',
    of: ({ lastCheckpoint }) => lastCheckpoint,
  },
  {
    name: 'sky_t1_training_cost_dollars',
    description: 'What the machines have cost so far, in US dollars',
    of: ({ dollars }) => dollars,
  },
]

/** Makes the gauges of the training whose activity runs; gives what sets them. */
export function createTrainingGauges(): (progress: TrainingProgress) => void {
  const gauges = metrics.map(({ name, description, of }) => ({
    gauge: metricMeter.createGauge(name, 'float', '', description),
    of,
  }))
  return (progress) => {
    for (const { gauge, of } of gauges) {
      // NaN: what an earlier training of this worker left there is not this one's.
      const value = of(progress) ?? Number.NaN
      // The meter throws at a negative one, and a figure must not end a training.
      if (!(value < 0)) gauge.set(value)
    }
  }
}
