import { canonicalJson, type Json } from '../digest.ts'
import { integerField, messageField, stringField, joined } from './protobuf.ts'
import { recordLog } from './record-log.ts'
import { type TimedStep, timedSteps, type TrackedRun } from './tracked-run.ts'

/** The numbers of the fields of wandb's messages (wandb/proto/wandb_internal.proto). */
const record = {
  number: 1,
  history: 2,
  summary: 3,
  run: 17,
  exit: 18,
  header: 21,
  footer: 22,
} as const
const header = { versionInfo: 1, producer: 1, minimumConsumer: 2 } as const
const run = { id: 1, project: 3, config: 4, displayName: 8, startTime: 17 } as const
const history = { item: 1, step: 2, stepNumber: 1 } as const
/** Of `ConfigRecord` and `SummaryRecord`. */
const update = 1
/** Of `HistoryItem`, `ConfigItem` and `SummaryItem`. */
const item = { key: 1, valueJson: 16 } as const
const exit = { code: 1, runtime: 2 } as const
/** Of `google.protobuf.Timestamp`. */
const timestamp = { seconds: 1 } as const

/** The release of wandb whose format this is, and the oldest that reads it. */
const producer = '0.31.0'
const oldestConsumer = '0.0.1'

/** The file of an offline run, by the path that `wandb sync` looks for, in the folder that it is given. */
export function wandbPath({ id, startedAt }: TrackedRun): { folder: string; file: string } {
  const [date = '', time = ''] = startedAt.toISOString().split('T')
  const stamp = `${date.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`
  return { folder: `offline-run-${stamp}-${id}`, file: `run-${id}.wandb` }
}

/** The run as the file of a wandb offline run, with the names that LLaMA-Factory's own would have. */
export function wandbRun(tracked: TrackedRun): Uint8Array {
  const steps = timedSteps(tracked)
  const last = steps.at(-1)
  const runtime = Math.round((tracked.finishedAt.getTime() - tracked.startedAt.getTime()) / 1000)
  const summary = last === undefined ? {} : { ...valuesOf(last), _wandb: { runtime } }
  const messages = [
    headerRecord(),
    runRecord(tracked),
    ...steps.map(historyRecord),
    messageField(record.summary, items(update, summary)),
    messageField(record.exit, [integerField(exit.code, 0), integerField(exit.runtime, runtime)]),
    messageField(record.footer, []),
  ]
  return recordLog(
    messages.map((message, at) => joined([integerField(record.number, at), message])),
  )
}

function headerRecord(): Uint8Array {
  return messageField(record.header, [
    messageField(header.versionInfo, [
      stringField(header.producer, producer),
      stringField(header.minimumConsumer, oldestConsumer),
    ]),
  ])
}

function runRecord({ id, name, project, config, startedAt }: TrackedRun): Uint8Array {
  return messageField(record.run, [
    stringField(run.id, id),
    stringField(run.project, project),
    messageField(run.config, items(update, config)),
    stringField(run.displayName, name),
    messageField(run.startTime, [
      integerField(timestamp.seconds, Math.floor(startedAt.getTime() / 1000)),
    ]),
  ])
}

function historyRecord(step: TimedStep): Uint8Array {
  return messageField(record.history, [
    ...items(history.item, valuesOf(step)),
    messageField(history.step, [integerField(history.stepNumber, step.globalStep)]),
  ])
}

/** What is logged at a step. Names that begin with `_` are wandb's own. */
function valuesOf({ globalStep, loss, learningRate, runtime, wallTime }: TimedStep) {
  return {
    'train/global_step': globalStep,
    'train/loss': loss,
    'train/learning_rate': learningRate,
    _step: globalStep,
    _runtime: runtime,
    _timestamp: wallTime,
  }
}

/** Named values, each in JSON of its own. */
function items(field: number, values: Readonly<Record<string, Json>>): Uint8Array[] {
  return Object.entries(values).map(([key, value]) =>
    messageField(field, [
      stringField(item.key, key),
      stringField(item.valueJson, canonicalJson(value)),
    ]),
  )
}
