import { execFile } from 'node:child_process'
import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Trainer, TrainingJob, TrainingSight } from '../core/ports/trainer.ts'
import { renderTraining } from '../core/training/rendering.ts'
import {
  endRecorded,
  isAlive,
  isMissing,
  lastLinesOf,
  readText,
  startDetached,
} from './detached-process.ts'
import { type RunProgram, preparePackedRows } from './packed-rows.ts'
import {
  jobEnvironment,
  trackerEnvironment,
  trackerSecrets,
  trainerEnvironment,
  withoutSecrets,
} from './trainer-environment.ts'
import { trainingFiles } from './training-files.ts'

/** Where the trainer's programs and environment are. */
export type TrainerInstallation = {
  /** The interpreter of the trainer's environment; undefined where none is installed. */
  readonly python: string | undefined
  /** The directory of `train.py` and `make_model.py`. */
  readonly programs: string
}

/** The trainer cannot run here; the message names the mend. */
export class TrainerUnavailableError extends Error {
  override readonly name = 'TrainerUnavailableError'
}

const run = promisify(execFile)

/** LLaMA-Factory, through the project's own entry, as a detached process. */
export function createLlamaFactoryTrainer({ python, programs }: TrainerInstallation): Trainer {
  const interpreter = () => {
    if (python !== undefined) return python
    throw new TrainerUnavailableError(
      'SKY_T1_TRAINER_PYTHON: the trainer environment is not installed; run `npx sky-t1 doctor`',
    )
  }
  return {
    async check(training) {
      await access(interpreter()).catch((cause: unknown) => {
        const message = `SKY_T1_TRAINER_PYTHON: ${python} cannot be run; run \`npx sky-t1 doctor\``
        throw new TrainerUnavailableError(message, { cause })
      })
      if (training?.reportTo === 'wandb') await checkWandb(interpreter())
    },
    async makeModel({ student, seed, corpus, output }) {
      await mkdir(output, { recursive: true })
      const studentFile = join(output, '..', 'student.json')
      await writeFile(studentFile, JSON.stringify(student))
      const paths = ['--student', studentFile, '--corpus', corpus, '--output', output]
      const args = [join(programs, 'make_model.py'), ...paths, '--seed', String(seed)]
      await run(interpreter(), args, { env: trainerEnvironment(), maxBuffer: 64 * 1024 * 1024 })
    },
    async countTokens({ model, dataset }) {
      const args = [join(programs, 'count_tokens.py'), '--model', model, '--dataset', dataset]
      const options = { env: trainerEnvironment(), maxBuffer: 64 * 1024 * 1024 }
      const { stdout } = await run(interpreter(), args, options)
      return stdout.trimEnd().split('\n').map(Number)
    },
    async prepare(job) {
      await packedRowsOf(job, { python: interpreter(), programs })
    },
    launch: (job) => launch(job, { python: interpreter(), programs }),
    look,
    attend: (directory) => writeFile(join(directory, attendedName), ''),
    ask,
    stop,
    kill,
    outputDirectory,
  }
}

async function checkWandb(python: string): Promise<void> {
  // A folder of that name where the worker stands imports too, but holds no function.
  const env = { ...trainerEnvironment(), ...trackerEnvironment({ reportTo: 'wandb' }) }
  const needs = (program: string, refusal: string) =>
    run(python, ['-P', '-c', program], { env }).catch((cause: unknown) => {
      const message = `field training.reportTo: ${refusal}, or make the field none`
      throw new TrainerUnavailableError(message, { cause })
    })
  await needs(
    'from wandb import login',
    `wandb does not import in ${python}; install it there (\`uv pip install --python ${python} wandb\`)`,
  )
  // What it does at the start of a run, but without the network.
  await needs(
    'from wandb import login; login(verify=False)',
    "wandb has no valid key; set WANDB_API_KEY, or WANDB_MODE=offline, in the worker's environment",
  )
}

/** What it printed leaves the node once it has ended: secrets are taken out of it. */
async function kill(directory: string): Promise<void> {
  const { recordFile, logFile } = processFiles(directory)
  await endRecorded(recordFile, 0)
  const printed = await readText(logFile)
  const shown = withoutSecrets(printed, trackerSecrets())
  if (shown !== printed) await writeFile(logFile, shown)
}

/** Where the programs are, and what runs them. */
type Programs = { readonly python: string; readonly programs: string }

function packedRowsOf(job: TrainingJob, { python, programs }: Programs) {
  const env = jobEnvironment(job.directory)
  const runProgram: RunProgram = (program, programArgs) =>
    run(python, [join(programs, program), ...programArgs], { env, maxBuffer: 64 * 1024 * 1024 })
  return preparePackedRows(job, runProgram)
}

async function launch(job: TrainingJob, { python, programs }: Programs): Promise<void> {
  const output = outputDirectory(job.directory)
  await mkdir(output, { recursive: true })
  // A request left by a stopped training must not stop this one.
  await Promise.all(requests.map((name) => rm(join(output, name), { force: true })))
  await writeFile(join(job.directory, attendedName), '')
  const { name, training, seed, rows, directory, rendezvous = null, ...paths } = job
  const files = {
    config: join(directory, 'training.yaml'),
    deepspeed: join(directory, 'deepspeed.json'),
  }
  const packedRows = await packedRowsOf(job, { python, programs })
  const rendered = renderTraining(
    training,
    { name, seed, rows },
    {
      program: { python, entry: join(programs, 'train.py') },
      files,
      paths: {
        ...paths,
        ...(packedRows === undefined ? {} : { packedRows }),
        outputDirectory: output,
      },
      rendezvous,
    },
  )
  const texts = trainingFiles(rendered)
  if (texts.deepspeed !== null) await writeFile(files.deepspeed, texts.deepspeed)
  await writeFile(files.config, texts.config)
  const [command, ...args] = rendered.launch
  await startDetached({
    command,
    args,
    cwd: directory,
    env: {
      ...jobEnvironment(directory),
      ...trackerEnvironment(training),
      SKY_T1_ATTENDED_FILE: join(directory, attendedName),
      SKY_T1_UNATTENDED_SECONDS: String(unattendedSeconds),
    },
    ...processFiles(directory),
  })
}

async function look(directory: string): Promise<TrainingSight> {
  const { recordFile, logFile } = processFiles(directory)
  // Looked at first: whatever a dead trainer has written is all there.
  const alive = await isAlive(recordFile)
  const output = outputDirectory(directory)
  const names = await listing(output)
  const isFinished =
    !alive &&
    names.includes('train_results.json') &&
    names.some((name) => /^(?:adapter_)?model.*\.safetensors$/.test(name))
  return {
    alive,
    log: await readText(join(output, 'trainer_log.jsonl')),
    checkpoints: await finishedCheckpoints(output, names),
    finalModel: isFinished ? output : undefined,
    tail: withoutSecrets(lastLinesOf(withoutReport(await readText(logFile))), trackerSecrets()),
    logFile,
  }
}

/** What was printed but for torchrun's report at the end, which is long and hides what went wrong. */
function withoutReport(text: string): string {
  const at = text.lastIndexOf('] failed (exitcode: ')
  const isAtEnd = at !== -1 && /={20,}\s*$/.test(text)
  return isAtEnd ? text.slice(0, text.lastIndexOf('\n', at) + 1) : text
}

async function ask(directory: string, request: { readonly stop: boolean }): Promise<void> {
  const output = outputDirectory(directory)
  await mkdir(output, { recursive: true })
  const asked = request.stop ? requests : requests.slice(0, 1)
  await Promise.all(asked.map((name) => writeFile(join(output, name), '')))
}

async function stop(directory: string, graceSeconds: number): Promise<void> {
  const { recordFile } = processFiles(directory)
  if (await isAlive(recordFile)) {
    await ask(directory, { stop: true })
    const deadline = Date.now() + 1000 * graceSeconds
    while (Date.now() < deadline && (await isAlive(recordFile))) await wait(100)
  }
  await endRecorded(recordFile, 0)
}

/** Touched by whoever watches the trainer. */
const attendedName = 'ATTENDED'
/** A trainer that nobody watches for so long saves and ends: its node was given up. */
const unattendedSeconds = 900

/** Files by which the trainer's entry is asked to save and to stop. */
const requests = ['SAVE_NOW', 'STOP_NOW'] as const

function outputDirectory(directory: string): string {
  return join(directory, 'output')
}

function processFiles(directory: string) {
  return { recordFile: join(directory, 'trainer.json'), logFile: join(directory, 'trainer.log') }
}

/** In a checkpoint that the processes of all nodes have written whole. */
const savedName = 'SAVED'

async function finishedCheckpoints(output: string, names: readonly string[]) {
  const found = names.flatMap((name) => {
    const step = /^checkpoint-(\d+)$/.exec(name)?.[1]
    return step === undefined ? [] : [{ step: Number(step), directory: join(output, name) }]
  })
  const finished = await Promise.all(
    found.map(async ({ directory }) => (await listing(directory)).includes(savedName)),
  )
  return found.filter((_, at) => finished[at]).toSorted((a, b) => a.step - b.step)
}

async function listing(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
