import { z } from 'zod'
import type { TrainingStep } from '../checkpoint.ts'
import type { Training } from './training.ts'

/** What went wrong in a training, by a name that says what to do about it. */
export const TrainingFault = z.strictObject({
  name: z.enum([
    'diverged',
    'stalled',
    'out-of-memory',
    'disk-full',
    'communication',
    'bad-row',
    'missing-template',
    'died',
    'node-lost',
    'node-missing',
  ]),
  /** In one line, with the mend. */
  message: z.string(),
  /** Whether the same start would end the same way. */
  isFinal: z.boolean(),
})
export type TrainingFault = z.infer<typeof TrainingFault>

type Sign = { readonly pattern: RegExp } & Omit<TrainingFault, 'message'> & {
    readonly mend: string
  }

/** What trainers print as they end, most telling first. */
const signs: readonly Sign[] = [
  {
    pattern:
      /CUDA out of memory|torch\.OutOfMemoryError|DefaultCPUAllocator: can't allocate|MemoryError/,
    name: 'out-of-memory',
    isFinal: true,
    mend: 'lower training.cutoffLength or what a device holds at once, offload more, or take larger machines',
  },
  {
    pattern: /No space left on device|Disk quota exceeded|ENOSPC/,
    name: 'disk-full',
    isFinal: false,
    mend: 'free disk space on the node, or lower training.checkpoints.keepLast',
  },
  {
    pattern:
      /Watchdog caught collective operation timeout|NCCL (?:error|timeout)|ncclSystemError|ncclRemoteError|Connection closed by peer|Gloo .*(?:timed? ?out|Connection)/i,
    name: 'communication',
    isFinal: false,
    mend: 'a process or a link between devices hung; it goes on from the last checkpoint',
  },
  {
    pattern: /Template .* does not exist|KeyError: '?template/,
    name: 'missing-template',
    isFinal: true,
    mend: 'name a template in training.template that the trainer knows',
  },
  {
    pattern:
      /Cannot find valid samples|DatasetGenerationError|Invalid role tag|ArrowInvalid|pyarrow\.lib|JSON parse error/,
    name: 'bad-row',
    isFinal: true,
    mend: 'a row of the data set is not what dataset_info.json says; make the data set anew',
  },
]

/** What the trainer's last lines say of its end. */
export function faultOfLastLines(tail: string): TrainingFault {
  const sign = signs.find(({ pattern }) => pattern.test(tail))
  if (sign === undefined) {
    const message = 'the trainer ended before its last step; it goes on from the last checkpoint'
    return { name: 'died', message, isFinal: false }
  }
  return { name: sign.name, message: `${sign.name}: ${sign.mend}`, isFinal: sign.isFinal }
}

const mebibyte = 2 ** 20

/** A disk of this node on which nothing more can be written, as we found it. */
export function diskFull(directory: string, freeBytes: number): TrainingFault {
  const free = `${directory} has ${Math.floor(freeBytes / mebibyte)} MiB free`
  const { message, ...fault } = faultOfLastLines('ENOSPC')
  return { ...fault, message: `${message}; ${free}` }
}

/** A loss that left its way, by the profile's rule: undefined while it has not. */
export function divergence(
  steps: readonly TrainingStep[],
  rule: Training['watch']['divergence'],
): TrainingFault | undefined {
  if (rule === null || steps.length < 2 * rule.steps) return undefined
  const means = windowMeans(
    steps.map(({ loss }) => loss),
    rule.steps,
  )
  const latest = means.at(-1) ?? 0
  const lowest = Math.min(...means.slice(0, -rule.steps))
  if (latest <= rule.ratio * lowest) return undefined
  const at = steps.at(-1)?.globalStep ?? 0
  return {
    name: 'diverged',
    isFinal: true,
    message:
      `the mean loss of the ${rule.steps} steps up to ${at} is ${latest.toFixed(3)}, over ` +
      `${rule.ratio} times the lowest before (${lowest.toFixed(3)}); lower training.learningRate`,
  }
}

function windowMeans(losses: readonly number[], width: number): number[] {
  let sum = 0
  return losses.flatMap((loss, at) => {
    sum += loss - (losses[at - width] ?? 0)
    return at + 1 < width ? [] : [sum / width]
  })
}

/** When steps were seen to be reached, in milliseconds of one clock. */
export type StepTimes = { readonly startedAt: number; readonly reachedAt: readonly number[] }

/** No step for so long that none will come, by the profile's rule. */
export function stall(
  { startedAt, reachedAt }: StepTimes,
  now: number,
  { stallMedians, leastStallSeconds, firstStepSeconds }: Training['watch'],
): TrainingFault | undefined {
  const since = now - (reachedAt.at(-1) ?? startedAt)
  const gaps = reachedAt.slice(1).map((at, index) => at - (reachedAt[index] ?? at))
  const median = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]
  const allowed =
    reachedAt.length === 0
      ? 1000 * firstStepSeconds
      : Math.max(1000 * leastStallSeconds, stallMedians * (median ?? 0))
  if (since <= allowed) return undefined
  const seconds = Math.round(since / 1000)
  return {
    name: 'stalled',
    isFinal: false,
    message: `no step for ${seconds} s, where ${Math.round(allowed / 1000)} s are the most; the trainer is started again`,
  }
}
