import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
  ListPartsCommand,
  type ListPartsCommandOutput,
  NoSuchUpload,
} from '@aws-sdk/client-s3'
import type { TransferPlan } from '../core/transfer-plan.ts'
import { patiently, type Transfers } from './s3-transfers.ts'

/** An upload in parts that was begun and not completed. */
export type UnfinishedUpload = {
  readonly id: string
  /** ETags of the parts that the store holds, by their numbers. */
  readonly parts: ReadonlyMap<number, string>
}

/** What is to be gone on with. */
type Wanted = {
  readonly key: string
  readonly plan: TransferPlan
  readonly signal: AbortSignal
}

/**
 * The unfinished upload of a key that holds most parts of a file cut like this one, or undefined. It
 * may be of other content: whoever goes on with it compares each part. All others of the key are
 * aborted, since nobody will complete them and their parts are paid for.
 */
export async function findUnfinished(
  transfers: Transfers,
  wanted: Wanted,
): Promise<UnfinishedUpload | undefined> {
  let best: UnfinishedUpload | undefined
  for (const upload of await unfinishedOf(transfers, wanted)) {
    const { UploadId: id, ChecksumAlgorithm } = upload
    if (id === undefined) continue
    const fits = ChecksumAlgorithm === undefined || ChecksumAlgorithm === 'CRC32'
    const parts = fits ? await fittingParts(transfers, wanted, id) : undefined
    const isBetter = parts !== undefined && parts.size >= (best?.parts.size ?? 0)
    const dropped = isBetter ? best?.id : id
    if (dropped !== undefined) await abort(transfers, wanted, dropped)
    if (isBetter) best = { id, parts }
  }
  return best
}

async function unfinishedOf(
  transfers: Transfers,
  { key, signal }: Wanted,
): Promise<MultipartUpload[]> {
  const { bucket, control } = transfers
  const found: MultipartUpload[] = []
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    const list = new ListMultipartUploadsCommand({
      Bucket: bucket,
      Prefix: key,
      KeyMarker: page?.NextKeyMarker,
      UploadIdMarker: page?.NextUploadIdMarker,
    })
    page = await patiently(transfers, signal, () => control.send(list, { abortSignal: signal }))
    // Longer keys begin with this one too.
    found.push(...(page.Uploads ?? []).filter(({ Key }) => Key === key))
  } while (page.IsTruncated === true)
  return found
}

/** The parts of an upload, or undefined where they are not of a file cut as planned. */
async function fittingParts(
  transfers: Transfers,
  { key, plan, signal }: Wanted,
  id: string,
): Promise<Map<number, string> | undefined> {
  const { bucket, control } = transfers
  const held = new Map<number, string>()
  let page: ListPartsCommandOutput | undefined
  do {
    const list = new ListPartsCommand({
      Bucket: bucket,
      Key: key,
      UploadId: id,
      PartNumberMarker: page?.NextPartNumberMarker,
    })
    page = await patiently(transfers, signal, () => control.send(list, { abortSignal: signal }))
    for (const { PartNumber = 0, Size, ETag = '' } of page.Parts ?? []) {
      if (plan.parts[PartNumber - 1]?.length !== Size) return undefined
      held.set(PartNumber, ETag)
    }
    // Not the SDK's own paging, which goes by the marker: servers give one with the last page too.
  } while (page.IsTruncated === true)
  return held
}

async function abort(transfers: Transfers, { key, signal }: Wanted, id: string): Promise<void> {
  const { bucket, control } = transfers
  const aborted = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id })
  await patiently(transfers, signal, () => control.send(aborted)).catch((error: unknown) => {
    if (!(error instanceof NoSuchUpload)) throw error
  })
}
