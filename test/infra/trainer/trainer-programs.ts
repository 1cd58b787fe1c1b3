import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import type { Architecture } from '../../../core/training/architecture.ts'
import { projectRoot } from '../../../infra/project-root.ts'

/** The interpreter of the trainer's environment; undefined where none is installed. */
const python = process.env['SKY_T1_TRAINER_PYTHON']

/** How long imports, a model and a few steps may take on a loaded machine, in milliseconds. */
export const patience = 300_000

/** A suite that needs the trainer's environment, and says so where it is left out. */
export function describeWithTrainer(name: string, suite: () => void): void {
  const left = python === undefined ? ' (left out: SKY_T1_TRAINER_PYTHON is not set)' : ''
  describe.skipIf(python === undefined)(`${name}${left}`, () => {
    suite()
  })
}

/** Starts a program of `infra/trainer`. */
export function startProgram(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const env = { ...environment, ...more }
  return spawn(python ?? '', [programPath(program), ...args], { env, stdio: 'ignore' })
}

/** Starts a program of `infra/trainer` as torchrun does, in a process below it. */
export function startBelowTorchrun(program: string, args: readonly string[]) {
  const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=1']
  const options = { env: environment, stdio: 'ignore' } as const
  return spawn(python ?? '', [...torchrun, programPath(program), ...args], options)
}

/** Runs a program of `infra/trainer` to its end; rejects with its output when it fails. */
export async function runProgram(program: string, args: readonly string[]): Promise<string> {
  const options = { env: environment, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(
    python ?? '',
    [programPath(program), ...args],
    options,
  )
  return stdout
}

/** Runs a tool of the trainer's environment over its programs, as their settings say. */
export async function runTool([tool = '', ...args]: readonly string[]): Promise<string> {
  const options = { cwd: programPath('.'), env: environment }
  const { stdout } = await promisify(execFile)(python ?? '', ['-m', tool, ...args], options)
  return stdout
}

const environment = {
  PATH: process.env['PATH'] ?? '',
  HF_HOME: join(tmpdir(), 'sky-t1-trainer-cache'),
  HF_HUB_OFFLINE: '1',
  OMP_NUM_THREADS: '1',
}

/** A file of `infra/trainer`. */
export function programPath(program: string): string {
  return join(projectRoot, 'infra/trainer', program)
}

/** A folder of its own with training rows of single-digit sums, and what takes it away again. */
export async function createWorkFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'sky-t1-trainer-'))
  const dataset = join(folder, 'dataset')
  await mkdir(dataset)
  const corpus = join(dataset, 'rows.jsonl')
  await writeFile(corpus, sums.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return { folder, dataset, corpus, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Training rows of single-digit sums. */
export const sums = Array.from({ length: 96 }, (_, at) => {
  const [first, second] = [at % 10, Math.floor(at / 10)]
  const trace = [
    '<|begin_of_thought|>',
    `I add ${first} and ${second}.`,
    '<|end_of_thought|>',
    '<|begin_of_solution|>',
    `The answer is \\boxed{${first + second}}.`,
    '<|end_of_solution|>',
  ].join('\n\n')
  return {
    system: 'Think first.',
    conversations: [
      { from: 'user', value: `What is ${first} + ${second}?` },
      { from: 'assistant', value: trace },
    ],
  }
})

/** The shape of the student that `makeStudent` makes; its embeddings are always tied. */
export const studentArchitecture: Architecture = {
  vocabularySize: 400,
  hiddenSize: 32,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  intermediateSize: 64,
  maxPositions: 256,
  tiedEmbeddings: true,
}

/** Makes a student of a few thousand weights in `output`. */
export async function makeStudent(corpus: string, output: string, seed = 7): Promise<void> {
  const { tiedEmbeddings: _, ...shape } = studentArchitecture
  const student = { kind: 'random-qwen2', ...shape }
  const studentFile = `${output}.json`
  await writeFile(studentFile, JSON.stringify(student))
  const paths = ['--student', studentFile, '--corpus', corpus, '--output', output]
  await runProgram('make_model.py', [...paths, '--seed', String(seed)])
}
