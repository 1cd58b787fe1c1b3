import { renderTraining, type RenderedTraining } from './rendering.ts'
import { expectedMicroSteps } from './steps.ts'
import { architectureOf } from './student.ts'
import { checkTraining, expectationOf } from './training-plan.ts'
import type { PlannedDataset } from './training-dataset.ts'
import type { TrainingProfile } from './training-profile.ts'

/** What a training is expected to take; figures with a unit have it in their name. */
export type ExpectedFigures = {
  readonly parameters: number
  readonly steps: number
  /** Micro-steps of a step whose gradients are added up. */
  readonly microSteps: number
  /** Tokens over all epochs. */
  readonly tokens: number
  readonly hours: number
  readonly dollars: number
  /** Of each GPU; 0 where the training is on processors. */
  readonly deviceGiB: number
  /** Of each node. */
  readonly hostGiB: number
  /** Of each node. */
  readonly diskGiB: number
  /** One that a training can go on from. */
  readonly checkpointGB: number
  readonly weightsGB: number
  /** The profile's own figure, by which time and cost are reckoned. */
  readonly tokensPerDeviceSecond: number
  /** Where it is from. */
  readonly basis: string
}

/** A training before it is started. */
export type PlannedTraining = RenderedTraining & {
  /** The name of the profile, or the path of its file. */
  readonly profile: string
  readonly dataset: PlannedDataset
  readonly expected: ExpectedFigures
}

/** The trainer's own default, which the published run had. */
const plannedSeed = 42

/**
 * What a training of a profile would be told, and would take. Paths are relative to the training's own
 * directory, the command's to the project; of several nodes it is the first one's. Throws InvalidInputError where it cannot run.
 */
export function planTraining(
  profile: string,
  { student, training }: TrainingProfile,
  dataset: PlannedDataset,
): PlannedTraining {
  const shape = architectureOf(student)
  checkTraining(training, shape)
  const microSteps = expectedMicroSteps(training, dataset.tokensPerRow)
  const rendered = renderTraining(
    training,
    { name: profile, seed: plannedSeed, rows: dataset.rows },
    {
      program: { python: 'python', entry: 'infra/trainer/train.py' },
      files: { config: 'training.yaml', deepspeed: 'deepspeed.json' },
      paths: {
        modelDirectory: 'base',
        datasetDirectory: 'dataset',
        outputDirectory: 'output',
        ...(training.grouping.kind === 'packed'
          ? { packedRows: { directory: 'packed', microSteps } }
          : {}),
      },
      rendezvous:
        training.cluster.nodes === 1
          ? null
          : { address: 'FIRST-NODE:29500', id: 'TRAINING', nodeRank: 0 },
    },
  )
  const expected = expectationOf(training, shape, dataset)
  return {
    profile,
    dataset,
    ...rendered,
    expected: {
      parameters: expected.parameters,
      steps: expected.steps,
      microSteps,
      tokens: expected.tokens,
      hours: rounded(expected.hours),
      dollars: Number(expected.dollars.toFixed(2)),
      deviceGiB: rounded(expected.device / 2 ** 30),
      hostGiB: rounded(expected.host / 2 ** 30),
      diskGiB: rounded(expected.disk / 2 ** 30),
      checkpointGB: rounded(expected.checkpoint / 1e9),
      weightsGB: rounded(expected.weights / 1e9),
      tokensPerDeviceSecond: training.expected.tokensPerDeviceSecond,
      basis: training.expected.basis,
    },
  }
}

/** To four digits: no figure is known better. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
