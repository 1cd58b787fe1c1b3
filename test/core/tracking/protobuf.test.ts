import { expect, test } from 'vitest'
import {
  doubleField,
  floatField,
  integerField,
  messageField,
  stringField,
} from '../../../core/tracking/protobuf.ts'

// The first three are the examples of protobuf.dev/programming-guides/encoding.
test.each([
  ['an integer', integerField(1, 150), '089601'],
  ['a string', stringField(2, 'testing'), '120774657374696e67'],
  ['a message', messageField(3, [integerField(1, 150)]), '1a03089601'],
  ['an integer of more than 32 bits', integerField(1, 2 ** 40 + 1), '08818080808020'],
  ['a field of a high number', integerField(16, 0), '800100'],
  ['a double', doubleField(1, 1.5), '09000000000000f83f'],
  ['a float', floatField(2, 1.5), '150000c03f'],
])('%s has the bytes of the wire format', (_, bytes, expected) => {
  expect(Buffer.from(bytes).toString('hex')).toBe(expected)
})
