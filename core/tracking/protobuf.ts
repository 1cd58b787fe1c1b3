/**
 * Fields of Protocol Buffers messages in their wire format (protobuf.dev/programming-guides/encoding):
 * as much of it as trackers' files need.
 */

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** An `int32`, `int64` or `uint64`: a safe integer from 0 on. */
export function integerField(number: number, value: number): Uint8Array {
  return field(number, 'varint', varint(value))
}

/** A `double`. */
export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return field(number, 'fixed64', bytes)
}

/** A `float`: the value is rounded to it. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return field(number, 'fixed32', bytes)
}

/** A `string`. */
export function stringField(number: number, value: string): Uint8Array {
  return messageField(number, [new TextEncoder().encode(value)])
}

/** A message within a message, of the fields that it has. */
export function messageField(number: number, fields: readonly Uint8Array[]): Uint8Array {
  const message = joined(fields)
  return field(number, 'bytes', joined([varint(message.length), message]))
}

/** Pieces of bytes, one after the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function field(number: number, type: keyof typeof wireTypes, value: Uint8Array): Uint8Array {
  return joined([varint(number * 8 + wireTypes[type]), value])
}

/** Seven bits a byte, the lowest first; by division, since shifts end at 32 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Uint8Array.of(...bytes, rest)
}
