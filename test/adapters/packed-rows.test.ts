import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PackingError, preparePackedRows } from '../../adapters/packed-rows.ts'
import type { TrainingJob } from '../../core/ports/trainer.ts'
import { exampleTraining } from '../core/training/example-training.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-rows-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function jobNamed(name: string): Promise<TrainingJob> {
  const directory = join(folder, name)
  await mkdir(directory)
  return {
    directory,
    name,
    training: { ...exampleTraining, grouping: { kind: 'packed', tokens: 128 } },
    seed: 7,
    rows: 3,
    modelDirectory: '/m',
    datasetDirectory: '/d',
  }
}

/** Stands in for the trainer's programs: three rows of 40, 100 and 20 tokens, drawn 2, 0, 1. */
function programs() {
  const packed: string[] = []
  const run = async (program: string, args: readonly string[]) => {
    const told = (name: string) => args[args.indexOf(name) + 1] ?? ''
    await mkdir(told('--output'))
    if (program === 'draw_rows.py') {
      await writeFile(join(told('--output'), 'draws.jsonl'), '[40, 100, 20]\n[2, 0, 1]\n')
    } else {
      packed.push(await readFile(told('--packs'), 'utf8'))
    }
  }
  return { packed, run }
}

test('the packs of all steps stand in the order of micro-steps', async () => {
  const { packed, run } = programs()
  const job = await jobNamed('order')
  expect(await preparePackedRows(job, run)).toEqual({
    directory: join(job.directory, 'packed', 'rows'),
    microSteps: 1,
  })
  expect(packed).toEqual(['[0,2]\n[1]\n'])
})

test('rows are packed once a job; another layout or a half-written directory is done anew', async () => {
  const { packed, run } = programs()
  const job = await jobNamed('anew')
  const cut = async (program: string, args: readonly string[]) => {
    await run(program, args)
    if (program === 'pack_rows.py') throw new Error('no space left')
  }
  await expect(preparePackedRows(job, cut)).rejects.toThrow(PackingError)
  await preparePackedRows(job, run)
  await preparePackedRows(job, run)
  expect(packed).toHaveLength(2)
  const { training } = job
  await preparePackedRows({ ...job, training: { ...training, examplesPerStep: 3 } }, run)
  expect(packed.at(-1)).toBe('[1]\n[0,2]\n')
})

test('a data set that the trainer reads otherwise is refused', async () => {
  const job = await jobNamed('otherwise')
  await expect(preparePackedRows({ ...job, rows: 4 }, programs().run)).rejects.toThrow(
    'the trainer reads 3 rows of /d, 4 were written there',
  )
})

test('rows that are not packed need no program', async () => {
  const job = await jobNamed('drawn')
  const { packed, run } = programs()
  expect(await preparePackedRows({ ...job, training: exampleTraining }, run)).toBeUndefined()
  expect(packed).toEqual([])
})
