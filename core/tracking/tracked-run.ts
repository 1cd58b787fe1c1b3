import type { TrainingStep } from '../checkpoint.ts'
import type { Json } from '../digest.ts'

/** A finished training, as trackers are told of it. The same run gives the same bytes. */
export type TrackedRun = {
  /** What a tracker knows the run by: letters, digits and hyphens. */
  readonly id: string
  /** What people read. */
  readonly name: string
  /** What the tracker lists the run under. */
  readonly project: string
  /** What was trained, and how; no secrets. */
  readonly config: Readonly<Record<string, Json>>
  readonly startedAt: Date
  readonly finishedAt: Date
  /** The loss curve, by rising step. */
  readonly steps: readonly TrainingStep[]
}

/** A step with the time that trackers draw it at. */
export type TimedStep = TrainingStep & {
  /** Seconds since the start of the training. */
  readonly runtime: number
  /** Seconds since 1970, UTC. */
  readonly wallTime: number
}

/**
 * The steps with times. The loss curve holds none, since a training that was resumed has several
 * for one step: the steps are spread evenly over the training's time.
 */
export function timedSteps({ steps, startedAt, finishedAt }: TrackedRun): TimedStep[] {
  const started = startedAt.getTime() / 1000
  const seconds = finishedAt.getTime() / 1000 - started
  return steps.map((step) => {
    const runtime = seconds * Math.min(1, step.globalStep / step.totalSteps)
    return { ...step, runtime, wallTime: started + runtime }
  })
}
