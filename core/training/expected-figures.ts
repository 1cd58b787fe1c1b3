import { bytes, count, dollars, span } from '../report/figures.ts'
import type { PlannedTraining } from './planned-training.ts'
import type { PlannedDataset } from './training-dataset.ts'
import type { Training } from './training.ts'

/** The figures of a plan as a table in Markdown, and where the whole of it stands. */
export function expectedMarkdown(
  plan: PlannedTraining,
  cluster: Training['cluster'],
  uri: string,
): string {
  const lines = expectedRows(plan, cluster).map(([name, figure]) => `| ${name} | ${figure} |`)
  return ['| Expected | |', '| --- | --- |', ...lines, '', `The whole plan: \`${uri}\``].join('\n')
}

/** The figures of a plan, each with its unit; one without a name belongs to the one before. */
export function expectedRows(
  { dataset, expected }: PlannedTraining,
  cluster: Training['cluster'],
): Array<readonly [name: string, figure: string]> {
  const devices = cluster.nodes * cluster.devicesPerNode
  const isGpu = cluster.device === 'gpu'
  const { deviceGiB, hostGiB, diskGiB } = expected
  const price = dollars(cluster.dollarsPerDeviceHour)
  return [
    ['data', `${count(dataset.rows)} rows of ${count(Math.round(dataset.tokensPerRow))} tokens`],
    ['', lengthsOf(dataset)],
    ['tokens', `${count(expected.tokens)} over all epochs`],
    ['steps', `${count(expected.steps)}, each of ${microStepsOf(expected)}`],
    ['speed', `${count(expected.tokensPerDeviceSecond)} tokens/s a ${isGpu ? 'GPU' : 'process'}`],
    ['', expected.basis],
    ['time', span(3600 * expected.hours)],
    ['cost', `${dollars(expected.dollars)}: ${devices} × ${price} an hour`],
    ...(isGpu ? [['a GPU', memory(deviceGiB, cluster.deviceMemoryGiB)] as const] : []),
    ['a host', memory(hostGiB, cluster.hostMemoryGiB)],
    ['a disk', memory(diskGiB, cluster.diskGiB)],
    [
      'checkpoint',
      `${bytes(1e9 * expected.checkpointGB)}, and ${bytes(1e9 * expected.weightsGB)} of weights`,
    ],
  ]
}

function microStepsOf({ microSteps }: PlannedTraining['expected']): string {
  return microSteps === 1 ? 'one micro-step' : `${microSteps} micro-steps`
}

function memory(needed: number, there: number): string {
  return `${count(needed)} GiB of ${count(there)}`
}

function lengthsOf({ from, leftOut, lengths }: PlannedDataset): string {
  const words = {
    stated: `${from}, lengths as it states them`,
    estimated: `${from}, lengths estimated from characters`,
    profile: "the profile's figures; name a data set with --dataset",
  } as const
  const over = leftOut === 0 ? '' : `; ${count(leftOut)} more are over the cut-off and left out`
  return `${words[lengths]}${over}`
}
