import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  NoSuchUpload,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { inTurn } from '../core/in-turn.ts'
import type { FileDigest } from '../core/ports/object-store.ts'
import { type FilePart, type TransferPlan, transferPlan } from '../core/transfer-plan.ts'
import { crc32Base64, PartFile } from './part-file.ts'
import { fileSlots, findStanding, patiently, type Transfers } from './s3-transfers.ts'
import { findUnfinished, type UnfinishedUpload } from './s3-unfinished-uploads.ts'

/** A local file and the key that it goes to. */
export type Upload = {
  readonly key: string
  readonly path: string
  readonly signal: AbortSignal
}

type PlannedUpload = Upload & { readonly bytes: number; readonly plan: TransferPlan }

/** Sends a file, or what is missing of it in the store; see `ObjectStore.upload`. */
export async function uploadFile(transfers: Transfers, upload: Upload): Promise<FileDigest> {
  const { size: bytes } = await stat(upload.path)
  const plan = transferPlan(bytes)
  const planned = { ...upload, bytes, plan }
  if (plan.parts.length === 1) return uploadWhole(transfers, planned)
  return fileSlots(async () => {
    const standing = await findStanding(transfers, upload.key, upload.signal)
    if (standing?.bytes === bytes) {
      // The file is read once more only here, where it most likely need not be sent.
      const local = await digestInParts(planned)
      if (local.etag === standing.etag) return { sha256: local.sha256, bytes }
    }
    return uploadParts(transfers, planned)
  })
}

async function uploadWhole(transfers: Transfers, upload: PlannedUpload): Promise<FileDigest> {
  const { bucket, parts } = transfers
  const { key, path, signal } = upload
  const content = await readFile(path)
  const digest = {
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.byteLength,
  }
  const standing = await findStanding(transfers, key, signal)
  if (standing?.etag === quoted(createHash('md5').update(content).digest('hex'))) return digest
  const put = {
    Bucket: bucket,
    Key: key,
    Body: content,
    ChecksumCRC32: crc32Base64(crc32(content)),
  }
  await patiently(transfers, signal, () =>
    parts.send(new PutObjectCommand(put), { abortSignal: signal }),
  )
  return digest
}

async function uploadParts(transfers: Transfers, upload: PlannedUpload): Promise<FileDigest> {
  const { path, bytes, plan, signal } = upload
  const unfinished =
    (await findUnfinished(transfers, upload)) ?? (await beginUpload(transfers, upload))
  await using file = PartFile.read(path, bytes)
  const sent = await inTurn(plan.parts, { atOnce: plan.partsInFlight, signal }, (part, stopped) =>
    sendPart(transfers, { ...upload, signal: stopped, file, unfinished }, part),
  )
  await complete(transfers, upload, { id: unfinished.id, sent })
  return { sha256: file.sha256, bytes }
}

async function beginUpload(
  transfers: Transfers,
  { key, signal }: PlannedUpload,
): Promise<UnfinishedUpload> {
  const { bucket, control } = transfers
  const begin = { Bucket: bucket, Key: key, ChecksumAlgorithm: 'CRC32' } as const
  const { UploadId } = await patiently(transfers, signal, () =>
    control.send(new CreateMultipartUploadCommand(begin)),
  )
  if (UploadId === undefined) throw new Error(`the store began no upload of ${key}: no ID came`)
  return { id: UploadId, parts: new Map() }
}

type SentPart = CompletedPart & { readonly ETag: string }

/**
 * Sends one part, unless the store holds it: of the same length and the same MD5. A part of other
 * content is replaced, as S3 replaces a part that is sent again; were it not, the completion would
 * be refused, since it names every part by its ETag.
 */
async function sendPart(
  transfers: Transfers,
  upload: PlannedUpload & { readonly file: PartFile; readonly unfinished: UnfinishedUpload },
  part: FilePart,
): Promise<SentPart> {
  const { bucket, parts } = transfers
  const { key, plan, signal, file, unfinished } = upload
  const held = unfinished.parts.get(part.number)
  const { memory, bytes, sums } = await file.read(part, {
    memory: file.memory(plan.partBytes),
    withMd5: held !== undefined,
  })
  const named = { PartNumber: part.number, ChecksumCRC32: sums.crc32 }
  try {
    if (held !== undefined && held === quoted(sums.md5)) return { ...named, ETag: held }
    const command = { Bucket: bucket, Key: key, UploadId: unfinished.id, Body: bytes, ...named }
    const { ETag } = await patiently(transfers, signal, () =>
      parts.send(new UploadPartCommand(command), { abortSignal: signal }),
    )
    if (ETag === undefined) throw new Error(`part ${part.number} of ${key} came to no ETag`)
    return { ...named, ETag }
  } finally {
    file.release(memory)
  }
}

async function complete(
  transfers: Transfers,
  { key, signal }: PlannedUpload,
  { id, sent }: { readonly id: string; readonly sent: readonly SentPart[] },
): Promise<void> {
  const { bucket, control } = transfers
  const whole = { Bucket: bucket, Key: key, UploadId: id, MultipartUpload: { Parts: [...sent] } }
  try {
    await patiently(transfers, signal, () =>
      control.send(new CompleteMultipartUploadCommand(whole), { abortSignal: signal }),
    )
  } catch (error) {
    // The answer to a completion may get lost; asked again, the store knows of no upload.
    if (!(error instanceof NoSuchUpload)) throw error
    const standing = await findStanding(transfers, key, signal)
    if (standing?.etag !== etagOfParts(sent.map(({ ETag }) => ETag))) throw error
  }
}

/** What the store would name the file, sent as planned, and its digest. */
async function digestInParts({ path, bytes, plan, signal }: PlannedUpload) {
  await using file = PartFile.read(path, bytes)
  const etags = await inTurn(plan.parts, { atOnce: 2, signal }, async (part) => {
    const read = await file.read(part, { memory: file.memory(plan.partBytes), withMd5: true })
    file.release(read.memory)
    return quoted(read.sums.md5)
  })
  return { etag: etagOfParts(etags), sha256: file.sha256 }
}

/**
 * The ETag of an object in parts: MD5 of their MD5s. A store that encrypts with keys of its own gives
 * other ETags; there nothing is ever found to stand already, and all is sent.
 */
function etagOfParts(etags: readonly string[]): string {
  const md5 = createHash('md5')
  for (const etag of etags) md5.update(Buffer.from(etag.replaceAll('"', ''), 'hex'))
  return `"${md5.digest('hex')}-${etags.length}"`
}

function quoted(md5: string | undefined): string {
  return `"${md5}"`
}
