import { once } from 'node:events'
import { access, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setInterval as ticks } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { processStart } from '../../../adapters/process-start.ts'
import { datasetInfo, trainerArguments } from '../../../core/training/trainer-config.ts'
import { readTrainerLog, reachedLastStep } from '../../../core/training/trainer-log.ts'
import { exampleTraining } from '../../core/training/example-training.ts'
import {
  createWorkFolder,
  describeWithTrainer,
  makeStudent,
  patience,
  runProgram,
  startBelowTorchrun,
  startProgram,
} from './trainer-programs.ts'

// 96 rows, 2 a step, 4 epochs.
const totalSteps = 192
const saveSteps = 40
const run = { name: 'toy', seed: 7, steps: totalSteps }

describeWithTrainer('train.py', () => {
  let work: Awaited<ReturnType<typeof createWorkFolder>>
  const output = (name: string) => join(work.folder, name)
  const log = (name: string) =>
    readFile(join(output(name), 'trainer_log.jsonl'), 'utf8').catch(() => '')

  async function configure(name: string, resumeFrom?: string): Promise<string> {
    const config = trainerArguments(training, run, {
      modelDirectory: output('model'),
      datasetDirectory: work.dataset,
      outputDirectory: output(name),
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    })
    const file = `${output(name)}.yaml`
    await writeFile(file, stringify(config))
    return file
  }

  beforeAll(async () => {
    work = await createWorkFolder()
    await writeFile(
      join(work.dataset, 'dataset_info.json'),
      JSON.stringify(datasetInfo('rows.jsonl')),
    )
    await makeStudent(work.corpus, output('model'))
    await runProgram('train.py', [await configure('undisturbed')])
  }, patience)
  afterAll(() => work.remove())

  test('a training ends at its last step, with a lower loss, and names its end token', async () => {
    const text = await log('undisturbed')
    const steps = readTrainerLog(text)
    expect(reachedLastStep(text)).toBe(true)
    expect(steps.map(({ globalStep }) => globalStep)).toEqual(
      Array.from({ length: totalSteps }, (_, at) => at + 1),
    )
    expect(steps.at(-1)?.loss).toBeLessThan((steps[0]?.loss ?? 0) / 2)
    const tokenizer = await readFile(join(output('undisturbed'), 'tokenizer_config.json'), 'utf8')
    expect(JSON.parse(tokenizer)).toMatchObject({ eos_token: '<|endoftext|>' })
  })

  test(
    'killed and resumed, it has the losses of an undisturbed training',
    async () => {
      const killed = startProgram('train.py', [await configure('killed')])
      const ended = once(killed, 'exit')
      await until(async () => reached(await log('killed'), saveSteps + 3))
      killed.kill('SIGKILL')
      await ended
      expect(reachedLastStep(await log('killed'))).toBe(false)
      const checkpoint = join(output('killed'), `checkpoint-${saveSteps}`)
      await removeLater(output('killed'), saveSteps)
      await runProgram('train.py', [await configure('killed', checkpoint)])
      expect(readTrainerLog(await log('killed'))).toEqual(readTrainerLog(await log('undisturbed')))
    },
    patience,
  )

  test(
    'asked to save and to stop, it does both after the step, and takes the requests away',
    async () => {
      const asked = startProgram('train.py', [await configure('asked')])
      const ended = once(asked, 'exit')
      await until(async () => reached(await log('asked'), 1))
      await writeFile(join(output('asked'), 'SAVE_NOW'), '')
      await writeFile(join(output('asked'), 'STOP_NOW'), '')
      expect(await ended).toEqual([0, null])
      const text = await log('asked')
      const last = readTrainerLog(text).at(-1)?.globalStep ?? 0
      expect(reachedLastStep(text)).toBe(false)
      const names = await readdir(output('asked'))
      expect(names).not.toContain('SAVE_NOW')
      expect(names).not.toContain('STOP_NOW')
      await access(join(output('asked'), `checkpoint-${last}`, 'trainer_state.json'))
    },
    patience,
  )

  test(
    'killed with all its group, torchrun leaves no process that trains on',
    async () => {
      const torchrun = startBelowTorchrun('train.py', [await configure('below')])
      const ended = once(torchrun, 'exit')
      await until(async () => reached(await log('below'), 1))
      const children = await readFile(`/proc/${torchrun.pid}/task/${torchrun.pid}/children`, 'utf8')
      torchrun.kill('SIGKILL')
      await ended
      const pids = children.trim().split(' ').map(Number)
      expect(pids).not.toEqual([])
      await until(async () => pids.every((pid) => processStart(pid) === undefined))
    },
    patience,
  )

  test(
    'left alone by its supervisor for too long, it saves and ends after the step',
    async () => {
      const attended = output('ATTENDED')
      await writeFile(attended, '')
      await utimes(attended, 0, 0)
      const left = startProgram('train.py', [await configure('left')], {
        SKY_T1_ATTENDED_FILE: attended,
        SKY_T1_UNATTENDED_SECONDS: '900',
      })
      expect(await once(left, 'exit')).toEqual([0, null])
      const text = await log('left')
      expect(readTrainerLog(text).map(({ globalStep }) => globalStep)).toEqual([1])
      await access(join(output('left'), 'checkpoint-1', 'trainer_state.json'))
    },
    patience,
  )
})

const training = {
  ...exampleTraining,
  cutoffLength: 256,
  epochs: 4,
  learningRate: 0.003,
  checkpoints: { everySteps: saveSteps, keepLast: 2, keepEvery: null },
}

function reached(log: string, step: number): boolean {
  return readTrainerLog(log).some(({ globalStep }) => globalStep >= step)
}

/** Looks until it is so; the test's own time limit ends a wait in vain. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for await (const _ of ticks(20)) if (await isSo()) return
}

/** Removes checkpoints after `step`, which a killed trainer may have left half written. */
async function removeLater(folder: string, step: number): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith('checkpoint-') && Number(name.slice('checkpoint-'.length)) > step,
  )
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true })))
}
