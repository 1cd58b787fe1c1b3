import { InvalidInputError } from '../invalid-input.ts'
import type { Training } from './training.ts'

/** How one optimizer step is made up. */
export type StepLayout = {
  /** Devices that each see their own part of a step. */
  readonly devices: number
  /** Sequences on a device at once: examples, or packs of them. */
  readonly perDevice: number
  /** Micro-steps whose gradients are added up; undefined where packing decides it from the rows. */
  readonly microSteps: number | undefined
}

/** Throws InvalidInputError where the examples of a step cannot be shared out evenly. */
export function stepLayout({ cluster, grouping, examplesPerStep }: Training): StepLayout {
  const devices = cluster.nodes * cluster.devicesPerNode
  if (grouping.kind === 'packed') return { devices, perDevice: 1, microSteps: undefined }
  const atOnce = devices * grouping.perDevice
  if (examplesPerStep % atOnce !== 0) {
    throw new InvalidInputError(
      `field training.examplesPerStep: ${examplesPerStep} examples cannot be shared out over ` +
        `${devices} devices with ${grouping.perDevice} at once; make it a multiple of ${atOnce}`,
    )
  }
  return { devices, perDevice: grouping.perDevice, microSteps: examplesPerStep / atOnce }
}

/**
 * Optimizer steps of a whole training on so many rows. With `dropped`, as transformers before 4.47:
 * micro-batches of an epoch divided by micro-steps, rounded down (510 for the published run's
 * 16,401 rows); with `kept`, as transformers 5, rounded up.
 */
export function totalSteps(training: Training, rows: number): number {
  const { epochs, examplesPerStep, remainder } = training
  const { devices, perDevice } = stepLayout(training)
  const atOnce = devices * perDevice
  const round = remainder === 'dropped' ? Math.floor : Math.ceil
  const perEpoch = Math.max(1, round((Math.ceil(rows / atOnce) * atOnce) / examplesPerStep))
  return Math.ceil(perEpoch * epochs)
}

/** Standard deviation of rows' lengths over their mean: lognormal, sigma 0.65, as long traces have it. */
const lengthVariation = 0.725

/**
 * Micro-steps that packing is expected to need: the fullest of some hundred steps sets them for all,
 * and holds about three standard deviations more tokens than the mean step.
 */
export function expectedMicroSteps(training: Training, tokensPerRow: number): number {
  const { devices, microSteps } = stepLayout(training)
  const { grouping, examplesPerStep } = training
  if (grouping.kind !== 'packed') return microSteps ?? 1
  const spread = 3 * lengthVariation * Math.sqrt(examplesPerStep)
  return Math.ceil((tokensPerRow * (examplesPerStep + spread)) / (devices * grouping.tokens))
}

/**
 * What the trainer takes in each of so many steps, from the order in which it draws the rows of each
 * epoch. An epoch's last step is smaller, whatever becomes of the remainder: `dropped` ends the
 * training earlier, it leaves no step out before.
 */
export function drawnSteps<Row>(
  epochs: ReadonlyArray<readonly Row[]>,
  { steps, examplesPerStep }: { readonly steps: number; readonly examplesPerStep: number },
): ReadonlyArray<readonly Row[]> {
  return epochs.flatMap((rows) => chunks(rows, examplesPerStep)).slice(0, steps)
}

function chunks<Row>(rows: readonly Row[], size: number): ReadonlyArray<readonly Row[]> {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) =>
    rows.slice(at * size, (at + 1) * size),
  )
}
