/** A 32-bit checksum of bytes; `before`: the checksum of what stands before them. */
export type Checksum = (bytes: Uint8Array, before?: number) => number

/** As in zlib and PNG (ISO 3309). */
export const crc32 = checksumOf(0xedb8_8320)

/** Castagnoli's, as in iSCSI (RFC 3720, appendix B.4) and TensorFlow's records. */
export const crc32c = checksumOf(0x82f6_3b78)

/** The checksum of a polynomial in reversed bits, by a table of all bytes. */
function checksumOf(polynomial: number): Checksum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ ((remainder & 1) * polynomial)
    }
    return remainder
  })
  return (bytes, before = 0) => {
    let remainder = ~before
    for (const byte of bytes) {
      remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] ?? 0)
    }
    return ~remainder >>> 0
  }
}
