import { mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { TrainingJob } from '../core/ports/trainer.ts'
import { type PackedStep, packCost, packSteps } from '../core/training/packing.ts'
import { drawnSteps, stepLayout, totalSteps } from '../core/training/steps.ts'
import { type TrainerPaths, dataArguments } from '../core/training/trainer-config.ts'
import { readText } from './detached-process.ts'

/** Runs a program of the trainer's directory to its end; rejects with what it printed when it fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<unknown>

/** The rows of a job could not be packed; the message names the job and the mend. */
export class PackingError extends Error {
  override readonly name = 'PackingError'
}

/** What packed rows are made from, and how many micro-steps a step of them has. */
const Packed = z.object({ from: z.string(), microSteps: z.int().positive() })

const Numbers = z.array(z.int().nonnegative())

/**
 * The job's rows as LLaMA-Factory reads them, packed for all its steps; undefined where its training
 * does not pack. A directory that was left half-written, or made for another layout, is made anew;
 * the same job always gives the same rows.
 */
export async function preparePackedRows(
  job: TrainingJob,
  runProgram: RunProgram,
): Promise<TrainerPaths['packedRows']> {
  const { grouping } = job.training
  if (grouping.kind !== 'packed') return undefined
  const directory = join(job.directory, 'packed')
  const rows = join(directory, 'rows')
  const draw = drawOf(job)
  const from = JSON.stringify({
    ...draw,
    ...stepsOf(job),
    capacity: grouping.tokens,
    rows: job.rows,
  })
  const before = await finished(directory)
  if (before?.from === from) return { directory: rows, microSteps: before.microSteps }

  const making = await emptyDirectory(job.directory)
  const microSteps = await packRows(job, { draw, capacity: grouping.tokens, making }, runProgram)
  await writeFile(join(making, 'packed.json'), JSON.stringify({ from, microSteps }))
  // Nothing is there under this name before all of it is written.
  await rm(directory, { recursive: true, force: true })
  await rename(making, directory)
  return { directory: rows, microSteps }
}

/** Never the one of before: a program that outlived a killed worker may still write there. */
async function emptyDirectory(within: string): Promise<string> {
  const prefix = 'packed.making-'
  const left = (await readdir(within)).filter((name) => name.startsWith(prefix))
  await Promise.all(left.map((name) => rm(join(within, name), { recursive: true, force: true })))
  return mkdtemp(join(within, prefix))
}

/** Packs the rows into `rows` of the directory; answers the micro-steps of a step. */
async function packRows(
  job: TrainingJob,
  {
    draw,
    capacity,
    making,
  }: {
    readonly draw: ReturnType<typeof drawOf>
    readonly capacity: number
    readonly making: string
  },
  runProgram: RunProgram,
): Promise<number> {
  const drawFile = join(making, 'draw.json')
  const drawn = join(making, 'drawn')
  const packs = join(making, 'packs.jsonl')
  await writeFile(drawFile, JSON.stringify(draw))
  await attempt(job, runProgram('draw_rows.py', ['--draw', drawFile, '--output', drawn]))
  const draws = await readFile(join(drawn, 'draws.jsonl'), 'utf8')
  const steps = packDraws(job, { draws, capacity })
  await writeFile(packs, steps.flat(2).map(packLine).join(''))
  const paths = ['--rows', join(drawn, 'rows'), '--packs', packs, '--output', join(making, 'rows')]
  await attempt(job, runProgram('pack_rows.py', paths))
  await rm(drawn, { recursive: true })
  return steps[0]?.length ?? 1
}

async function attempt(job: TrainingJob, program: Promise<unknown>): Promise<void> {
  await program.catch((cause: unknown) => {
    throw new PackingError(
      `the rows of ${job.datasetDirectory} could not be packed: ${String(cause)}; mend that and ` +
        'start the training again, or choose training.grouping as-drawn',
      { cause },
    )
  })
}

/** What `draw_rows.py` reads. */
function drawOf({ training, seed, ...paths }: TrainingJob) {
  const epochs = Math.ceil(training.epochs)
  const { devices } = stepLayout(training)
  return { arguments: dataArguments(training, paths), seed, epochs, devices }
}

function stepsOf({ training, rows }: TrainingJob) {
  return { steps: totalSteps(training, rows), examplesPerStep: training.examplesPerStep }
}

function packDraws(
  job: TrainingJob,
  { draws, capacity }: { readonly draws: string; readonly capacity: number },
): readonly PackedStep[] {
  const [lengths = [], ...epochs] = draws
    .trimEnd()
    .split('\n')
    .map((line) => Numbers.parse(JSON.parse(line)))
  if (lengths.length !== job.rows) {
    throw new PackingError(
      `the trainer reads ${lengths.length} rows of ${job.datasetDirectory}, ${job.rows} were written ` +
        'there: it leaves out rows whose turns do not alternate; write the data set anew',
    )
  }
  const examples = epochs.map((rows) => rows.map((row) => ({ row, tokens: lengths[row] ?? 0 })))
  const { devices } = stepLayout(job.training)
  return packSteps(drawnSteps(examples, stepsOf(job)), { devices, capacity, cost: packCost })
}

function packLine(pack: PackedStep[number][number]): string {
  return `${JSON.stringify(pack.map(({ row }) => row))}\n`
}

async function finished(directory: string): Promise<z.infer<typeof Packed> | undefined> {
  const text = await readText(join(directory, 'packed.json'))
  return text === '' ? undefined : Packed.parse(JSON.parse(text))
}
