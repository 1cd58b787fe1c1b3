import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setInterval as ticks } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLlamaFactoryTrainer } from '../../../adapters/llama-factory-trainer.ts'
import type { TrainingJob } from '../../../core/ports/trainer.ts'
import { totalSteps } from '../../../core/training/steps.ts'
import { datasetInfo } from '../../../core/training/trainer-config.ts'
import { readTrainerLog } from '../../../core/training/trainer-log.ts'
import type { Training } from '../../../core/training/training.ts'
import { exampleTraining } from '../../core/training/example-training.ts'
import {
  createWorkFolder,
  describeWithTrainer,
  makeStudent,
  patience,
  programPath,
} from './trainer-programs.ts'

const packed = { kind: 'packed', tokens: 512 } as const
/** Of a loss; what is seen is 3e-7. */
const rounding = 1e-5
/** 51 rows, 8 a step: seven steps an epoch, the last of three rows. */
const rowCount = 51

describeWithTrainer('a training of packed rows', () => {
  const trainer = createLlamaFactoryTrainer({
    python: process.env['SKY_T1_TRAINER_PYTHON'],
    programs: programPath('.'),
  })
  let work: Awaited<ReturnType<typeof createWorkFolder>>
  const directory = (name: string) => join(work.folder, name)

  async function train(
    name: string,
    changes: Partial<Training>,
    resumeFrom?: string,
  ): Promise<Losses> {
    const job: TrainingJob = {
      directory: directory(name),
      name,
      training: { ...training, ...changes },
      seed: 7,
      rows: rowCount,
      modelDirectory: directory('model'),
      datasetDirectory: work.dataset,
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    }
    await mkdir(job.directory)
    await trainer.launch(job)
    for await (const _ of ticks(100)) if (!(await trainer.look(job.directory)).alive) break
    const { log, tail } = await trainer.look(job.directory)
    const steps = readTrainerLog(log)
    if (steps.length === 0) throw new Error(`the trainer ended before its first step: ${tail}`)
    return steps.map(({ globalStep, loss, learningRate }) => ({ globalStep, loss, learningRate }))
  }

  beforeAll(async () => {
    work = await createWorkFolder()
    await writeFile(work.corpus, unevenRows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    await writeFile(
      join(work.dataset, 'dataset_info.json'),
      JSON.stringify(datasetInfo('rows.jsonl')),
    )
    await makeStudent(work.corpus, directory('model'))
  }, patience)
  afterAll(() => work.remove())

  test(
    'it has the losses of the same training unpacked, also when it goes on from a checkpoint',
    async () => {
      const asDrawn = await train('drawn', {})
      const undisturbed = await train('packed', { grouping: packed })
      expect(undisturbed).toHaveLength(totalSteps(training, rowCount))
      expect(ratesOf(undisturbed)).toEqual(ratesOf(asDrawn))
      expect(difference(undisturbed, asDrawn)).toBeLessThan(rounding)

      const checkpoint = join(trainer.outputDirectory(directory('packed')), 'checkpoint-10')
      const resumed = await train('resumed', { grouping: packed }, checkpoint)
      expect(resumed).toEqual(undisturbed.slice(10))
    },
    2 * patience,
  )

  test(
    'on two devices, with a dropped remainder, it has the losses of the same training unpacked',
    async () => {
      const onTwo: Partial<Training> = {
        remainder: 'dropped',
        cluster: { ...training.cluster, devicesPerNode: 2 },
      }
      const asDrawn = await train('drawn-on-two', onTwo)
      const undisturbed = await train('packed-on-two', { ...onTwo, grouping: packed })
      expect(undisturbed).toHaveLength(totalSteps({ ...training, ...onTwo }, rowCount))
      expect(ratesOf(undisturbed)).toEqual(ratesOf(asDrawn))
      expect(difference(undisturbed, asDrawn)).toBeLessThan(rounding)
    },
    2 * patience,
  )
})

type Losses = ReadonlyArray<{
  readonly globalStep: number
  readonly loss: number
  readonly learningRate: number
}>

const training: Training = {
  ...exampleTraining,
  cutoffLength: 256,
  epochs: 3,
  learningRate: 0.003,
  examplesPerStep: 8,
  grouping: { kind: 'as-drawn', perDevice: 1 },
  checkpoints: { everySteps: 10, keepLast: 3, keepEvery: null },
}

const ratesOf = (losses: Losses) => losses.map(({ learningRate }) => learningRate)

/** The largest difference between losses of the same step, as a share of the loss. */
function difference(some: Losses, others: Losses): number {
  return Math.max(...some.map(({ loss }, at) => Math.abs(loss / (others[at]?.loss ?? 0) - 1)))
}

/** One to ten sums in a row. */
const unevenRows = Array.from({ length: rowCount }, (_, at) => {
  const sums = Array.from({ length: 1 + ((at * 7) % 10) }, (__, of) => `${at % 10} + ${of}`)
  return {
    system: 'Think first.',
    conversations: [
      { from: 'user', value: `What is ${sums.join(', and ')}?` },
      { from: 'assistant', value: sums.map((sum) => `I add ${sum}.`).join('\n') },
    ],
  }
})
