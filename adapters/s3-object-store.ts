import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type {
  FileDigest,
  ObjectStore,
  TransferOptions,
  VersionedObject,
} from '../core/ports/object-store.ts'
import { downloadFile } from './s3-download.ts'
import { createFastLane } from './s3-fast-lane.ts'
import { partsClient, patientRetries, type Transfers } from './s3-transfers.ts'
import { uploadFile } from './s3-upload.ts'

/** Where the bucket is. Credentials come from the SDK's own chain (environment, profile, role). */
export type S3Address = {
  readonly bucket: string
  readonly region: string
  /** Absent for AWS itself. */
  readonly endpoint?: string
}

/** Nothing stands under the key. */
export class ObjectMissingError extends Error {
  override readonly name = 'ObjectMissingError'
}

/** The bucket cannot be used; the message names it and the mend. */
export class ObjectStoreUnavailableError extends Error {
  override readonly name = 'ObjectStoreUnavailableError'
}

/** Of a transfer that nobody ends. */
const unending = new AbortController().signal

/** The object store over any S3-compatible server. */
export class S3ObjectStore implements ObjectStore {
  readonly #address: S3Address
  readonly #client: S3Client
  /** Undefined where the SDK alone knows the way: AWS itself, or a server behind TLS. */
  readonly #fastLane: ReturnType<typeof createFastLane> | undefined

  readonly #transfers: Transfers

  /** `transferRetries`: further tries of a part that the store failed at; two minutes where left out. */
  constructor(address: S3Address, { transferRetries = patientRetries } = {}) {
    const { bucket, region, endpoint } = address
    const config = {
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      maxAttempts: 4,
      // A link carries no checksum of a body that is not known when it is signed.
      requestChecksumCalculation: 'WHEN_REQUIRED',
    } as const
    this.#address = address
    this.#client = new S3Client(config)
    this.#transfers = {
      bucket,
      control: this.#client,
      parts: partsClient(config),
      retries: transferRetries,
    }
    const { credentials } = this.#client.config
    this.#fastLane = endpoint?.startsWith('http:')
      ? createFastLane({ ...address, endpoint, credentials: () => credentials() })
      : undefined
  }

  uri(key: string): string {
    return `s3://${this.#address.bucket}/${key}`
  }

  async find(key: string): Promise<Uint8Array | undefined> {
    const bytes = this.#fastLane === undefined ? 'undecided' : await this.#fastLane.find(key)
    if (bytes !== 'undecided') return bytes
    const found = await this.#open(key)
    return found?.Body?.transformToByteArray()
  }

  async get(key: string): Promise<Uint8Array> {
    const bytes = await this.find(key)
    if (bytes === undefined) throw new ObjectMissingError(`nothing stands at ${this.uri(key)}`)
    return bytes
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const object = { ...this.#at(key), Body: bytes, ContentType: contentType }
    await this.#client.send(new PutObjectCommand(object))
  }

  async create(key: string, bytes: Uint8Array, contentType: string): Promise<boolean> {
    const created = await this.#fastLane?.create(key, bytes, contentType)
    if (typeof created === 'boolean') return created
    const object = { ...this.#at(key), Body: bytes, ContentType: contentType, IfNoneMatch: '*' }
    return (await this.#putIf(object)) !== undefined
  }

  async findVersioned(key: string): Promise<VersionedObject | undefined> {
    const found = await this.#open(key)
    if (found?.Body === undefined || found.ETag === undefined) return undefined
    return { bytes: await found.Body.transformToByteArray(), etag: found.ETag }
  }

  async replace(
    key: string,
    bytes: Uint8Array,
    etag: string | undefined,
  ): Promise<string | undefined> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
    const object = { ...this.#at(key), Body: bytes, ContentType: 'application/json' }
    return this.#putIf({ ...object, ...condition })
  }

  async *list(prefix: string): AsyncIterable<string> {
    const query = { Bucket: this.#address.bucket, Prefix: prefix }
    for await (const page of paginateListObjectsV2({ client: this.#client }, query)) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
    }
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(key)))
  }

  async upload(
    key: string,
    path: string,
    { signal = unending }: TransferOptions = {},
  ): Promise<FileDigest> {
    return uploadFile(this.#transfers, { key, path, signal })
  }

  async download(
    key: string,
    path: string,
    { signal = unending }: TransferOptions = {},
  ): Promise<FileDigest> {
    const found = await downloadFile(this.#transfers, { key, path, signal })
    if (found === undefined) throw new ObjectMissingError(`nothing stands at ${this.uri(key)}`)
    return found
  }

  async presign(action: 'get' | 'put', key: string, seconds: number): Promise<string> {
    const command =
      action === 'get' ? new GetObjectCommand(this.#at(key)) : new PutObjectCommand(this.#at(key))
    return getSignedUrl(this.#client, command, { expiresIn: seconds })
  }

  async check(): Promise<void> {
    try {
      await this.put('probe', new TextEncoder().encode('sky-t1'), 'text/plain')
      await this.get('probe')
    } catch (error) {
      throw unavailable(this.#address, error)
    }
  }

  /** The version that was put, or undefined where the condition did not hold. */
  async #putIf(object: PutObjectCommandInput): Promise<string | undefined> {
    try {
      const { ETag } = await this.#client.send(new PutObjectCommand(object))
      return ETag
    } catch (error) {
      if (error instanceof S3ServiceException && conditionFailed(error)) return undefined
      throw error
    }
  }

  async #open(key: string) {
    try {
      return await this.#client.send(new GetObjectCommand(this.#at(key)))
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  #at(key: string) {
    return { Bucket: this.#address.bucket, Key: key }
  }
}

/**
 * 412: another version stands. 404: the version to replace is gone. 409: another conditional
 * write was under way, and S3 decided neither.
 */
function conditionFailed({ $metadata: { httpStatusCode }, name }: S3ServiceException): boolean {
  return httpStatusCode === 412 || httpStatusCode === 409 || name === 'NoSuchKey'
}

function unavailable({ bucket, endpoint }: S3Address, error: unknown): ObjectStoreUnavailableError {
  const where = `bucket ${bucket} at ${endpoint ?? 'AWS S3'}`
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new ObjectStoreUnavailableError(
    `S3_BUCKET: ${where} cannot be written and read (${cause}); ` +
      'check S3_ENDPOINT, S3_BUCKET and the AWS credentials in the environment',
    { cause: error },
  )
}
