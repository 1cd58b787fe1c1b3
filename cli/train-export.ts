import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WorkflowNotFoundError } from '@temporalio/client'
import { findTraining } from '../activities/find-training.ts'
import { eventFileName, tensorboardEvents } from '../core/tracking/tensorboard-events.ts'
import type { TrackedRun } from '../core/tracking/tracked-run.ts'
import { wandbPath, wandbRun } from '../core/tracking/wandb-run.ts'
import { type Command, soleArgument, UsageError } from './command.ts'
import { connect, type Connected } from './deployment.ts'

const formats = ['wandb', 'tensorboard'] as const
export type TrackerFormat = (typeof formats)[number]

/** `sky-t1 train export RUN`: a finished training's loss curve as a tracker's files. */
export const trainExport: Command = {
  usage: `train export RUN --format ${formats.join('|')} --output DIR`,
  purpose: 'write the loss curve of a finished training for Weights & Biases or TensorBoard',
  details: [
    'RUN: a run with a report, or the key of a training in the store (stages/train/KEY).',
    'wandb: DIR/offline-run-…, which `wandb sync` takes; the recipe’s training is its config.',
    'tensorboard: DIR/RUN/events.out.tfevents.…, for `tensorboard --logdir DIR`.',
    'The loss curve holds no times: steps are spread evenly over the training’s time.',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, output: { type: 'string' } },
    })
    const run = soleArgument(positionals, 'name a run, as in `sky-t1 train export miniature`')
    const format = formats.find((each) => each === values.format)
    if (format === undefined) {
      throw new UsageError(`--format ${values.format ?? ''}: name one of ${formats.join(', ')}`)
    }
    const { output } = values
    if (output === undefined) throw new UsageError('name a folder with --output DIR')
    const connected = await connect()
    try {
      const training = await findTraining(connected.store, run)
      if (training === undefined) throw await notFound(connected, run)
      console.log(await writeTracked(training, format, output))
      return 0
    } finally {
      await connected.close()
    }
  },
}

/** Writes a training in a tracker's format; gives the folder made. Throws UsageError where it is there. */
export async function writeTracked(
  training: TrackedRun,
  format: TrackerFormat,
  output: string,
): Promise<string> {
  if (format === 'tensorboard') {
    const folder = await newFolder(output, training.name.replaceAll(/[^\w.-]/g, '_'))
    await writeFile(join(folder, eventFileName(training)), tensorboardEvents(training))
    return folder
  }
  const { folder: name, file } = wandbPath(training)
  const folder = await newFolder(output, name)
  // Where `wandb sync` puts the config and the summary that it uploads.
  await mkdir(join(folder, 'files'))
  await writeFile(join(folder, file), wandbRun(training))
  return folder
}

async function newFolder(output: string, name: string): Promise<string> {
  const folder = join(output, name)
  const made = await mkdir(folder, { recursive: true })
  if (made !== undefined) return folder
  throw new UsageError(`${folder} is there already: remove it, or name another --output`)
}

async function notFound({ client, store }: Connected, run: string): Promise<UsageError> {
  if (/^[0-9a-f]{64}$/.test(run)) {
    return new UsageError(
      `no finished training stands at ${store.uri(`stages/train/${run}/`)}; name a run, or another key`,
    )
  }
  try {
    await client.workflow.getHandle(run).describe()
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return new UsageError(`there is no run ${run}`)
    throw error
  }
  return new UsageError(
    `run ${run} has no report of a finished training; see whether it trains, and how far it is, with \`sky-t1 status ${run}\``,
  )
}
