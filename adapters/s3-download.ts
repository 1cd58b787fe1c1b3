import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { inTurn } from '../core/in-turn.ts'
import type { FileDigest } from '../core/ports/object-store.ts'
import { type FilePart, type TransferPlan, transferPlan } from '../core/transfer-plan.ts'
import { PartFile } from './part-file.ts'
import { fileSlots, findStanding, patiently, type Transfers } from './s3-transfers.ts'

/** An object and the local file that it comes to. */
export type Download = {
  readonly key: string
  readonly path: string
  readonly signal: AbortSignal
}

/** One version of an object, and how it comes. */
type PlannedDownload = Download & {
  readonly bytes: number
  readonly etag: string
  readonly plan: TransferPlan
}

/** Fetches an object into a file, whole or not at all; undefined where nothing stands there. */
export async function downloadFile(
  transfers: Transfers,
  download: Download,
): Promise<FileDigest | undefined> {
  const { key, path, signal } = download
  const standing = await findStanding(transfers, key, signal)
  if (standing === undefined) return undefined
  const plan = transferPlan(standing.bytes)
  await mkdir(dirname(path), { recursive: true })
  // Renamed when whole: a killed download leaves nothing that looks finished.
  const partial = `${path}.partial-${process.pid}`
  const planned = { ...download, ...standing, plan, path: partial }
  try {
    const sha256 =
      plan.parts.length === 1
        ? await downloadWhole(transfers, planned)
        : await fileSlots(() => downloadParts(transfers, planned))
    await rename(partial, path)
    return { sha256, bytes: standing.bytes }
  } finally {
    await rm(partial, { force: true })
  }
}

async function downloadWhole(transfers: Transfers, download: PlannedDownload): Promise<string> {
  const memory = new ArrayBuffer(download.bytes)
  const [whole] = download.plan.parts
  // A range of nothing cannot be asked for.
  if (whole !== undefined && whole.length > 0)
    await fetchPart(transfers, download, { ...whole, memory })
  const bytes = new Uint8Array(memory)
  await writeFile(download.path, bytes)
  return createHash('sha256').update(bytes).digest('hex')
}

async function downloadParts(transfers: Transfers, download: PlannedDownload): Promise<string> {
  const { path, bytes, plan, signal } = download
  await using file = PartFile.write(path, bytes)
  let writtenBefore: Promise<void> = Promise.resolve()
  await inTurn(plan.parts, { atOnce: plan.partsInFlight, signal }, async (part, stopped) => {
    const { promise: ordered, resolve: goOn } = Promise.withResolvers<void>()
    const before = writtenBefore
    writtenBefore = ordered
    try {
      const memory = file.memory(plan.partBytes)
      await fetchPart(transfers, { ...download, signal: stopped }, { ...part, memory })
      await before
      stopped.throwIfAborted()
      const writing = file.write(part, memory)
      goOn()
      await writing
    } finally {
      // The next must not wait for one that failed: it has been told to stop.
      goOn()
    }
  })
  return file.sha256
}

/** One range, of this version of the object only; asked for again where it was cut off. */
async function fetchPart(
  transfers: Transfers,
  { key, etag, signal }: PlannedDownload,
  { memory, offset, length }: FilePart & { readonly memory: ArrayBuffer },
): Promise<void> {
  const { bucket, parts } = transfers
  const range = {
    Bucket: bucket,
    Key: key,
    Range: `bytes=${offset}-${offset + length - 1}`,
    IfMatch: etag,
  }
  await patiently(transfers, signal, async () => {
    const { Body } = await parts.send(new GetObjectCommand(range), { abortSignal: signal })
    if (!(Body instanceof Readable)) throw new Error(`${key} came without a body`)
    await fill(new Uint8Array(memory, 0, length), Body)
  })
}

async function fill(bytes: Uint8Array, body: Readable): Promise<void> {
  let filled = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes.set(chunk, filled)
    filled += chunk.byteLength
  }
  if (filled === bytes.byteLength) return
  throw new Error(`${filled} of ${bytes.byteLength} bytes of a range came`)
}
