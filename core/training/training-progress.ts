import type { TrainingProgress, TrainingStep } from '../checkpoint.ts'
import type { StepTimes } from './training-fault.ts'
import type { Training } from './training.ts'

/** Steps that say how fast a training is now. */
const paceSteps = 20
/** Points of the loss curve that travel with the progress. */
const curvePoints = 40
const secondsPerHour = 3600

/** What is known of a training at one moment. */
export type TrainingMoment = {
  readonly steps: readonly TrainingStep[]
  readonly times: StepTimes
  readonly tokensPerStep: number
  readonly lastCheckpoint: number | null
  /** How long its machines have been held, over all supervisors. */
  readonly heldSeconds: number
}

/** How far a training is, how fast, and what it has cost. */
export function progressOf(
  { cluster }: Pick<Training, 'cluster'>,
  { steps, times, tokensPerStep, lastCheckpoint, heldSeconds }: TrainingMoment,
): TrainingProgress {
  const last = steps.at(-1)
  const secondsPerStep = paceOf(times)
  const left = last === undefined ? 0 : last.totalSteps - last.globalStep
  const devices = cluster.nodes * cluster.devicesPerNode
  return {
    globalStep: last?.globalStep ?? 0,
    totalSteps: last?.totalSteps ?? 0,
    loss: last?.loss ?? null,
    learningRate: last?.learningRate ?? null,
    tokensPerSecond: secondsPerStep === null ? null : tokensPerStep / secondsPerStep,
    secondsLeft: secondsPerStep === null ? null : left * secondsPerStep,
    lastCheckpoint,
    dollars: (heldSeconds / secondsPerHour) * devices * cluster.dollarsPerDeviceHour,
    curve: thinned(
      steps.map(({ loss }) => loss),
      curvePoints,
    ),
  }
}

/** Seconds of a step lately; null before two were seen. */
function paceOf({ reachedAt }: StepTimes): number | null {
  const lately = reachedAt.slice(-paceSteps - 1)
  const [first, last] = [lately[0], lately.at(-1)]
  if (first === undefined || last === undefined || last <= first) return null
  return (last - first) / 1000 / (lately.length - 1)
}

/** Means of so many stretches of equal length. */
function thinned(values: readonly number[], most: number): number[] {
  const width = Math.max(1, Math.ceil(values.length / most))
  return Array.from({ length: Math.ceil(values.length / width) }, (_, at) => {
    const stretch = values.slice(at * width, (at + 1) * width)
    return stretch.reduce((sum, value) => sum + value, 0) / stretch.length
  })
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** Values as a line of blocks, the lowest and the highest of them as the ends of the scale. */
export function sparkline(values: readonly number[]): string {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  const scale = highest > lowest ? (levels.length - 1) / (highest - lowest) : 0
  return values.map((value) => levels[Math.round((value - lowest) * scale)]).join('')
}
