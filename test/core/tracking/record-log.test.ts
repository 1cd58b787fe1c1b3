import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { recordLog } from '../../../core/tracking/record-log.ts'

const blockBytes = 32_768
const fileHeader = '3a572642e1be00'

/** Reads a log as LevelDB's document says, block by block; gives each chunk's type and data. */
function chunksOf(log: Uint8Array) {
  const chunks: { type: number; data: Uint8Array }[] = []
  const bytes = Buffer.from(log)
  expect(bytes.subarray(0, 7).toString('hex')).toBe(fileHeader)
  let at = 7
  while (at < bytes.length) {
    const left = blockBytes - (at % blockBytes)
    const gap = left < 7 ? left : 0
    expect(bytes.subarray(at, at + gap)).toEqual(Buffer.alloc(gap))
    at += gap
    const length = bytes.readUInt16LE(at + 4)
    expect((at % blockBytes) + 7 + length).toBeLessThanOrEqual(blockBytes)
    const data = bytes.subarray(at + 7, at + 7 + length)
    expect(bytes.readUInt32LE(at)).toBe(crc32(data, crc32(bytes.subarray(at + 6, at + 7))))
    chunks.push({ type: bytes.readUInt8(at + 6), data })
    at += 7 + length
  }
  return chunks
}

function recordOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at % 251)
}

test('a short record is one chunk behind the file’s header', () => {
  const log = recordLog([new TextEncoder().encode('a')])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(crc32(Buffer.of(1, 0x61))) // of the type and the data
  const chunk = `${checksum.toString('hex')}01000161`
  expect(Buffer.from(log).toString('hex')).toBe(fileHeader + chunk)
})

// What the first record leaves of the block, from less than a chunk's header to a little more.
test.each([0, 1, 6, 7, 8, 100])('records go on where a block has %i bytes left', (left) => {
  const first = recordOf(blockBytes - 7 - 7 - left)
  const second = recordOf(3 * blockBytes)
  const [whole, ...parts] = chunksOf(recordLog([first, second, recordOf(1)]))
  const last = parts.pop()
  expect(whole).toEqual({ type: 1, data: Buffer.from(first) })
  expect(last).toEqual({ type: 1, data: Buffer.from(recordOf(1)) })
  expect(parts.map(({ type }) => type)).toEqual([2, ...parts.slice(2).map(() => 3), 4])
  expect(Buffer.concat(parts.map(({ data }) => data)).equals(second)).toBe(true)
})
