/** An object and the version of it that was read. */
export type VersionedObject = {
  readonly bytes: Uint8Array
  /** Names the content: two versions with the same bytes have the same. */
  readonly etag: string
}

/** What a file that went up or came down holds. */
export type FileDigest = {
  /** In hex. */
  readonly sha256: string
  readonly bytes: number
}

/** How a transfer is ended early: it rejects with the signal's reason. */
export type TransferOptions = { readonly signal?: AbortSignal | undefined }

/** The object store, as activities see it. Keys are relative to one bucket. */
export interface ObjectStore {
  /** The bytes under a key. Throws ObjectMissingError. */
  get(key: string): Promise<Uint8Array>
  /** The bytes under a key, or undefined where nothing stands there. */
  find(key: string): Promise<Uint8Array | undefined>
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>
  /** Puts only where nothing stands; false when something does (conditional put). */
  create(key: string, bytes: Uint8Array, contentType: string): Promise<boolean>
  /** The bytes under a key with their version, or undefined where nothing stands there. */
  findVersioned(key: string): Promise<VersionedObject | undefined>
  /**
   * Puts a JSON document only where the version that was read still stands (`etag`), or where
   * nothing stands (undefined): compare and swap. Gives the new version, or undefined when another
   * writer was first. A document that may return to earlier content must hold a counter. A swap
   * whose answer got lost is told as one that was lost: read again and see.
   */
  replace(key: string, bytes: Uint8Array, etag: string | undefined): Promise<string | undefined>
  /** Keys under a prefix, in order. */
  list(prefix: string): AsyncIterable<string>
  /**
   * Removes what stands under a key; nothing there is no error. Parts of an upload that was never
   * finished are not removed: a later upload of the key takes them up or discards them.
   */
  remove(key: string): Promise<void>
  /**
   * Sends a local file, in parts at once where it is large, and tells what it holds. Where another
   * attempt was cut off, only the parts that are missing are sent; where the file already stands
   * under the key, byte for byte, nothing is. The file must not change meanwhile. Throws RangeError
   * for a file beyond the store's limit.
   */
  upload(key: string, path: string, options?: TransferOptions): Promise<FileDigest>
  /**
   * Fetches an object into a local file, whole or not at all and of one version, and tells what came:
   * the caller compares the digest with the one it expects. Throws ObjectMissingError.
   */
  download(key: string, path: string, options?: TransferOptions): Promise<FileDigest>
  /** A link that lets its holder read (or write) this one object for a while. */
  presign(action: 'get' | 'put', key: string, seconds: number): Promise<string>
  /** `s3://bucket/key` */
  uri(key: string): string
  /** Throws an error that names the bucket and the mend where it cannot be written and read. */
  check(): Promise<void>
}
