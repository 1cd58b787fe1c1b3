import { createHash } from 'node:crypto'
import { ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import { crc32Base64, type PartAnswer, type PartFileTask, type PartOrder } from './part-file.ts'

// The thread behind a PartFile: reads, writes and sums up, so that gigabytes of digests keep nobody
// waiting. Orders come in the order of the file, for the digest of the whole.

const { path, mode, bytes: fileBytes }: PartFileTask = workerData
const file = openSync(path, mode === 'read' ? 'r' : 'w')
if (mode === 'write') ftruncateSync(file, fileBytes)
const whole = createHash('sha256')
/** Bytes between two looks at the disk: of a size that the processor's cache holds. */
const pieceBytes = 1024 * 1024

parentPort?.on('message', (order: PartOrder) => {
  const { memory } = order
  try {
    parentPort?.postMessage(follow(order), [memory])
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    parentPort?.postMessage({ failure } satisfies PartAnswer, [])
  }
})

function follow({ memory, offset, length, withMd5 }: PartOrder): PartAnswer {
  const md5 = withMd5 ? createHash('md5') : undefined
  let crc = 0
  for (let at = 0; at < length; at += pieceBytes) {
    const piece = new Uint8Array(memory, at, Math.min(pieceBytes, length - at))
    if (mode === 'read') readFully(piece, offset + at)
    whole.update(piece)
    md5?.update(piece)
    if (mode === 'read') crc = crc32(piece, crc)
    if (mode === 'write') writeFully(piece, offset + at)
  }
  const sums = { crc32: crc32Base64(crc), md5: md5?.digest('hex') }
  const sha256 = offset + length === fileBytes ? whole.digest('hex') : undefined
  return { memory, sums, sha256 }
}

function readFully(piece: Uint8Array, position: number): void {
  for (let read = 0; read < piece.length;) {
    const more = readSync(file, piece, read, piece.length - read, position + read)
    if (more === 0) throw new Error(`${path} became shorter while it was read`)
    read += more
  }
}

function writeFully(piece: Uint8Array, position: number): void {
  for (let written = 0; written < piece.length;) {
    written += writeSync(file, piece, written, piece.length - written, position + written)
  }
}
