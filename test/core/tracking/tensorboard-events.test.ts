import { expect, test } from 'vitest'
import {
  eventFileName,
  tensorboardEvents,
  tfRecord,
} from '../../../core/tracking/tensorboard-events.ts'
import { trackedExample } from './tracked-example.ts'

test('an event file begins as every event file does', () => {
  const begin = Buffer.from(tensorboardEvents(trackedExample(1))).subarray(0, 36)
  // The length 24 with its checksum, and `brain.Event:2`, as TensorFlow writes them.
  expect(begin.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22')
  expect(begin.subarray(-15).toString('latin1')).toBe('\u001a\rbrain.Event:2')
})

test('a record is its length and its data, each with a masked checksum', () => {
  // Of the checksum 0x8a9136aa: rotated by 15 bits, then 0xa282ead8 more.
  const mask = (((0x8a91_36aa >>> 15) | (0x8a91_36aa << 17)) + 0xa282_ead8) >>> 0
  const record = Buffer.from(tfRecord(new Uint8Array(32)))
  expect(record.length).toBe(8 + 4 + 32 + 4)
  expect(record.readBigUInt64LE(0)).toBe(32n)
  expect(record.readUInt32LE(44)).toBe(mask)
})

test('the same training gives the same file', () => {
  expect(eventFileName(trackedExample(3))).toBe('events.out.tfevents.1767323045.0123456789abcdef')
  expect(tensorboardEvents(trackedExample(3))).toEqual(tensorboardEvents(trackedExample(3)))
})
