import { crc32 } from './cyclic-redundancy.ts'
import { joined } from './protobuf.ts'

/** A chunk holds a whole record, or a part of one that goes on in the next block. */
const chunkTypes = { full: 1, first: 2, middle: 3, last: 4 } as const

const blockBytes = 32_768
/** Checksum (4 bytes), length (2), type (1). */
const headerBytes = 7

/**
 * Records as wandb keeps them on disk: LevelDB's log (github.com/google/leveldb, doc/log_format.md)
 * behind wandb's own first bytes, which count in the first block; the checksums are zlib's.
 */
export function recordLog(records: readonly Uint8Array[]): Uint8Array {
  const pieces = [fileHeader()]
  let position = headerBytes
  const push = (piece: Uint8Array) => {
    pieces.push(piece)
    position += piece.length
  }
  const room = () => blockBytes - (position % blockBytes)
  for (const record of records) {
    let written = 0
    let begins = true
    do {
      if (room() < headerBytes) push(new Uint8Array(room())) // too little for a chunk: left empty
      const part = record.subarray(written, written + room() - headerBytes)
      written += part.length
      push(chunk(part, chunkType(begins, written === record.length)))
      begins = false
    } while (written < record.length)
  }
  return joined(pieces)
}

/** `:W&B`, a magic number and the version of the format, 0 (wandb, core/internal/transactionlog). */
function fileHeader(): Uint8Array {
  return Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0)
}

function chunkType(begins: boolean, ends: boolean): number {
  if (begins) return ends ? chunkTypes.full : chunkTypes.first
  return ends ? chunkTypes.last : chunkTypes.middle
}

function chunk(data: Uint8Array, type: number): Uint8Array {
  const bytes = new Uint8Array(headerBytes + data.length)
  const header = new DataView(bytes.buffer)
  header.setUint32(0, crc32(data, crc32(Uint8Array.of(type))), true)
  header.setUint16(4, data.length, true)
  header.setUint8(6, type)
  bytes.set(data, headerBytes)
  return bytes
}
