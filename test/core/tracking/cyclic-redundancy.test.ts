import { crc32 as zlibCrc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { crc32, crc32c } from '../../../core/tracking/cyclic-redundancy.ts'

const rising = Uint8Array.from({ length: 32 }, (_, at) => at)

// RFC 3720, appendix B.4.
test.each([
  ['32 zeros', new Uint8Array(32), 0x8a91_36aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8_ab43],
  ['32 rising bytes', rising, 0x46dd_794e],
  ['32 falling bytes', rising.toReversed(), 0x113f_db5c],
])('the Castagnoli checksum of %s is the published one', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected)
})

test('the other checksum is zlib’s, also of bytes that stand after others', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf4_3926)
  expect(crc32(rising, crc32(Uint8Array.of(1)))).toBe(zlibCrc32(rising, zlibCrc32(Buffer.of(1))))
})
