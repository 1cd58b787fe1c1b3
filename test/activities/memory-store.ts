import { sha256Hex } from '../../core/digest.ts'
import { ObjectMissingError } from '../../adapters/s3-object-store.ts'
import type { ObjectStore, VersionedObject } from '../../core/ports/object-store.ts'

/** An object store in memory, for what needs no server; it remembers the order of its writes. */
export class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, Uint8Array>()
  readonly written: string[] = []

  uri(key: string): string {
    return `s3://sky-t1/${key}`
  }

  async get(key: string): Promise<Uint8Array> {
    const bytes = this.objects.get(key)
    if (bytes === undefined) throw new ObjectMissingError(`nothing stands at ${this.uri(key)}`)
    return bytes
  }

  async find(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key)
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.written.push(key)
    this.objects.set(key, bytes)
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    if (this.objects.has(key)) return false
    await this.put(key, bytes)
    return true
  }

  async findVersioned(key: string): Promise<VersionedObject | undefined> {
    const bytes = this.objects.get(key)
    return bytes && { bytes, etag: sha256Hex(bytes) }
  }

  async replace(
    key: string,
    bytes: Uint8Array,
    etag: string | undefined,
  ): Promise<string | undefined> {
    // Compared and swapped at once, as a store does.
    const standing = this.objects.get(key)
    if ((standing && sha256Hex(standing)) !== etag) return undefined
    await this.put(key, bytes)
    return sha256Hex(bytes)
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted()
  }

  async remove(key: string): Promise<void> {
    this.objects.delete(key)
  }

  upload = unused
  download = unused
  presign = unused

  async check(): Promise<void> {}
}

async function unused(): Promise<never> {
  throw new Error('a test of files and links needs a real store')
}
