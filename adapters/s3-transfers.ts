import {
  HeadObjectCommand,
  NotFound,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import pRetry from 'p-retry'
import { filesInFlight } from '../core/transfer-plan.ts'

/** What transfers need of the store that they belong to. */
export type Transfers = {
  readonly bucket: string
  /** For what is soon told, and for what a server may take its time over. */
  readonly control: S3Client
  /** For the parts. */
  readonly parts: S3Client
  /** Further tries of one request after it failed, and its client's own; see `patiently`. */
  readonly retries: number
}

/** A request that failed is sent again this many times: for about two minutes. */
export const patientRetries = 10

/** Files in parts of this process, whichever store they go to: their memory is bounded together. */
export const fileSlots = pLimit(filesInFlight)

/** Silence after which a connection is given up. */
const idleMs = 60_000

/** The client that parts travel with: connections for all of them, and none that hangs for ever. */
export function partsClient(config: S3ClientConfig): S3Client {
  const agent = { keepAlive: true, maxSockets: 64 }
  const client = new S3Client({
    ...config,
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: idleMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
  // Else the client digests every part once more. Their CRC32 is signed, the SHA-256 of the whole
  // stands in the manifest.
  client.middlewareStack.add(
    (next) => (step) => {
      const { request } = step
      if (hasHeaders(request)) request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
      return next(step)
    },
    { step: 'build', name: 'unsignedPayload' },
  )
  return client
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}

/** Does it again while the store fails or cannot be reached, with growing pauses of up to 30 seconds. */
export function patiently<Result>(
  { retries }: Transfers,
  signal: AbortSignal,
  request: () => Promise<Result>,
): Promise<Result> {
  return pRetry(request, {
    retries,
    minTimeout: 250,
    maxTimeout: 30_000,
    randomize: true,
    shouldRetry: ({ error }) => mayPass(error),
    signal,
  })
}

/** Refusals stay; what came altered, what took too long and what the server failed at may pass. */
function mayPass(error: Error): boolean {
  if (!(error instanceof S3ServiceException)) return true
  const { httpStatusCode: status = 500 } = error.$metadata
  return status >= 500 || status === 429 || passing.has(error.name)
}

const passing = new Set([
  'BadDigest',
  'IncompleteBody',
  'InternalError',
  'InvalidDigest',
  'RequestTimeout',
  'SlowDown',
  'XAmzContentChecksumMismatch',
])

/** Size and version of what stands under a key, or undefined. */
export async function findStanding(
  transfers: Transfers,
  key: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly etag: string } | undefined> {
  const { bucket, control } = transfers
  try {
    const head = new HeadObjectCommand({ Bucket: bucket, Key: key })
    const { ContentLength, ETag } = await patiently(transfers, signal, () => control.send(head))
    return { bytes: ContentLength ?? 0, etag: ETag ?? '' }
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
