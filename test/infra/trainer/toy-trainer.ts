import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { advanced, follow, meet, type Place, placeOf } from './toy-peers.ts'

// Stands in for the trainer's program where faults are many and time is short: it writes what
// LLaMA-Factory writes, learns a chain of digests (a step that is lost or done twice shows in every
// later loss), and fails as its control file says.
//     node toy-trainer.ts CONTROL [the arguments of torchrun] train.py training.yaml

const Control = z.object({
  steps: z.int(),
  stepMs: z.number(),
  /** From this step on, once: what goes wrong. */
  fault: z
    .object({ kind: z.enum(['nan', 'spike', 'hang', 'memory', 'disk', 'nccl']), at: z.int() })
    .optional(),
})
const Config = z.object({
  output_dir: z.string(),
  save_steps: z.int(),
  save_total_limit: z.int(),
  resume_from_checkpoint: z.string().optional(),
})

const complaints = {
  memory: 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB',
  disk: 'OSError: [Errno 28] No space left on device',
  nccl: 'Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1)',
} as const

const [, , controlFile = '', ...launched] = process.argv
const configFile = launched.at(-1) ?? ''
const place = placeOf(launched)
const config = Config.parse(parse(readFileSync(configFile, 'utf8')))
const output = config.output_dir
const log = join(output, 'trainer_log.jsonl')
mkdirSync(output, { recursive: true })
process.stdout.write(`variables: ${Object.keys(process.env).join(' ')}\n`)

let state = 'start'
let step = 0
const saved: string[] = []
if (place !== undefined && place.nodeRank > 0) {
  await trainBeside(place)
  process.exit()
}
if (config.resume_from_checkpoint !== undefined) {
  const kept = z
    .object({ state: z.string(), step: z.int() })
    .parse(
      JSON.parse(readFileSync(join(config.resume_from_checkpoint, 'trainer_state.json'), 'utf8')),
    )
  state = kept.state
  step = kept.step
}

const peers = place === undefined ? { tell: async () => [] } : await meet(place)
for (;;) {
  const { steps, stepMs, fault } = readControl()
  if (step >= steps) break
  await wait(stepMs)
  step += 1
  state = advanced(state, step, ...(await peers.tell('step', step)))
  const due = fault !== undefined && step >= fault.at ? fault.kind : undefined
  await comeTo(due)
  record(due, steps)
  const isLeft = isUnattended()
  const isAsked = taken('SAVE_NOW')
  if (isAsked || isLeft || step % config.save_steps === 0) {
    save()
    await peers.tell('save', step)
    writeFileSync(join(output, `checkpoint-${step}`, 'SAVED'), '')
    await peers.tell('mark', step)
  }
  if (taken('STOP_NOW') || isLeft) break
}
await peers.tell('end', step)
// LLaMA-Factory does so too where it was asked to stop.
writeFileSync(join(output, 'model.safetensors'), `weights of ${state}`)
writeFileSync(join(output, 'config.json'), '{}')
writeFileSync(join(output, 'train_results.json'), '{}')

/** On another node than the first: its state is its own, and is part of every loss. */
async function trainBeside(beside: Place): Promise<void> {
  const { nodeRank } = beside
  const name = `rng_state_${nodeRank}.pth`
  const from = config.resume_from_checkpoint
  let random = from === undefined ? `rank ${nodeRank}` : readFileSync(join(from, name), 'utf8')
  await follow(beside, async (what, at) => {
    const directory = join(output, `checkpoint-${at}`)
    const { fault } = readControl()
    if (what === 'step') {
      random = advanced(random, at)
      await comeTo(fault !== undefined && at >= fault.at ? fault.kind : undefined)
    }
    if (what === 'save') {
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, name), random)
    }
    if (what === 'mark') writeFileSync(join(directory, 'SAVED'), '')
    return random
  })
}

function readControl() {
  return Control.parse(JSON.parse(readFileSync(controlFile, 'utf8')))
}

async function comeTo(due: string | undefined): Promise<void> {
  if (due === 'hang') await wait(1_000_000)
  if (due === 'memory' || due === 'disk' || due === 'nccl') {
    process.stderr.write(`${complaints[due]}\n`)
    process.exit(1)
  }
}

function record(due: string | undefined, steps: number): void {
  const loss = Number.parseInt(state.slice(0, 8), 16) / 0xff_ff_ff_ff + (due === 'spike' ? 100 : 1)
  const line = { current_steps: step, total_steps: steps, loss, lr: 0.001 }
  const text = JSON.stringify(line)
  appendFileSync(log, `${due === 'nan' ? text.replace(String(loss), 'NaN') : text}\n`)
}

function save(): void {
  const directory = join(output, `checkpoint-${step}`)
  mkdirSync(join(directory, `global_step${step}`), { recursive: true })
  writeFileSync(join(directory, 'model.safetensors'), `weights of ${state}`.repeat(1000))
  writeFileSync(join(directory, `global_step${step}`, 'optimizer.pt'), state.repeat(1000))
  writeFileSync(join(directory, 'trainer_state.json'), JSON.stringify({ state, step }))
  saved.push(directory)
  for (const old of saved.splice(0, saved.length - config.save_total_limit)) {
    rmSync(old, { recursive: true })
  }
}

function taken(name: string): boolean {
  const file = join(output, name)
  if (!existsSync(file)) return false
  rmSync(file)
  return true
}

function isUnattended(): boolean {
  const { SKY_T1_ATTENDED_FILE: file = '', SKY_T1_UNATTENDED_SECONDS: seconds } = process.env
  return Date.now() - statSync(file).mtimeMs > 1000 * Number(seconds)
}
