import { crc32c } from './cyclic-redundancy.ts'
import {
  doubleField,
  floatField,
  integerField,
  joined,
  messageField,
  stringField,
} from './protobuf.ts'
import { timedSteps, type TrackedRun } from './tracked-run.ts'

/** The numbers of the fields of `Event` and `Summary` (tensorboard/compat/proto/{event,summary}.proto). */
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const
const summary = { value: 1, tag: 1, simpleValue: 2 } as const

/** The name of the run's event file: TensorBoard reads files whose names hold `tfevents`. */
export function eventFileName({ id, startedAt }: TrackedRun): string {
  return `events.out.tfevents.${epochSeconds(startedAt)}.${id}`
}

/** The run's loss curve as a TensorBoard event file, with the names that LLaMA-Factory's own would have. */
export function tensorboardEvents(run: TrackedRun): Uint8Array {
  const version = [
    doubleField(event.wallTime, epochSeconds(run.startedAt)),
    stringField(event.fileVersion, 'brain.Event:2'),
  ]
  const steps = timedSteps(run).map(({ globalStep, wallTime, loss, learningRate }) => [
    doubleField(event.wallTime, wallTime),
    integerField(event.step, globalStep),
    messageField(event.summary, [
      scalar('train/loss', loss),
      scalar('train/learning_rate', learningRate),
    ]),
  ])
  return joined([version, ...steps].map((fields) => tfRecord(joined(fields))))
}

/**
 * One record of a TFRecord file: the length with its checksum, the data with theirs
 * (tensorflow/core/lib/io/record_writer.h).
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true)
  return joined([length, maskedChecksum(length), data, maskedChecksum(data)])
}

/** Rotated and shifted, lest data that hold checksums give odd ones (tensorflow/core/lib/hash/crc32c.h). */
function maskedChecksum(bytes: Uint8Array): Uint8Array {
  const checksum = crc32c(bytes)
  const rotated = (checksum >>> 15) | (checksum << 17)
  const masked = new Uint8Array(4)
  new DataView(masked.buffer).setUint32(0, rotated + 0xa282_ead8, true)
  return masked
}

function scalar(tag: string, value: number): Uint8Array {
  return messageField(summary.value, [
    stringField(summary.tag, tag),
    floatField(summary.simpleValue, value),
  ])
}

function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
