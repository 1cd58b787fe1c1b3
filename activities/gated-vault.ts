import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Benchmark } from '../core/benchmarks/benchmark.ts'
import { InvalidInputError } from '../core/invalid-input.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { CorruptObjectError } from './artifacts.ts'

/**
 * Where what is asked and answered of a benchmark is kept: the store itself, or, for a gated set,
 * the store behind encryption. Throws InvalidInputError where the deployment has no secret for that.
 */
export type Vault = (benchmark: Pick<Benchmark, 'name' | 'problems'>) => ObjectStore

/** AES-256-GCM, by NIST SP 800-38D: a nonce of 96 bits before the text, a tag of 128 bits behind it. */
const cipher = { name: 'aes-256-gcm', nonceBytes: 12, tagBytes: 16 } as const

/** The vault of a deployment; `secret` is its `SKY_T1_SEALING_SECRET`. */
export function createVault(store: ObjectStore, secret: string | undefined): Vault {
  const sealed = secret === undefined ? undefined : sealedStore(store, secret)
  return ({ name, problems }) => {
    if (!isGated(problems)) return store
    if (sealed !== undefined) return sealed
    throw new InvalidInputError(
      `benchmark ${name}: its set is gated, and may not be stored in clear; set ` +
        'SKY_T1_SEALING_SECRET to the same 32 characters or more for all workers',
    )
  }
}

/** Whether a benchmark's problems may be shown to nobody who has not accepted the terms of their set. */
export function isGated(problems: Benchmark['problems']): boolean {
  return problems !== 'held-out' && problems.kind === 'hub' && problems.gated
}

async function inClear(): Promise<never> {
  throw new Error('what is gated is neither linked to nor sent as a file')
}

/**
 * A store whose objects nobody can read without the secret. The same bytes under the same key are
 * sealed to the same bytes, so that what is written twice is one: the nonce is a digest of both.
 */
function sealedStore(store: ObjectStore, secret: string): ObjectStore {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', `sky-t1 gated sets: ${purpose}`, 32))
  const encryption = derive('encryption')
  const nonces = derive('nonces')
  const seal = (key: string, bytes: Uint8Array) => {
    const digest = createHmac('sha256', nonces).update(key).update('\0').update(bytes).digest()
    const nonce = digest.subarray(0, cipher.nonceBytes)
    const sealing = createCipheriv(cipher.name, encryption, nonce)
    return Buffer.concat([nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()])
  }
  const open = (key: string, bytes: Uint8Array) => {
    try {
      const nonce = bytes.subarray(0, cipher.nonceBytes)
      const opening = createDecipheriv(cipher.name, encryption, nonce)
      opening.setAuthTag(bytes.subarray(-cipher.tagBytes))
      const text = opening.update(bytes.subarray(cipher.nonceBytes, -cipher.tagBytes))
      return new Uint8Array(Buffer.concat([text, opening.final()]))
    } catch (cause) {
      throw new CorruptObjectError(
        `${store.uri(key)} cannot be opened: it is damaged, or SKY_T1_SEALING_SECRET is another`,
        { cause },
      )
    }
  }
  return {
    get: async (key) => open(key, await store.get(key)),
    async find(key) {
      const bytes = await store.find(key)
      return bytes && open(key, bytes)
    },
    put: (key, bytes) => store.put(key, seal(key, bytes), 'application/octet-stream'),
    create: (key, bytes) => store.create(key, seal(key, bytes), 'application/octet-stream'),
    async findVersioned(key) {
      const found = await store.findVersioned(key)
      return found && { ...found, bytes: open(key, found.bytes) }
    },
    replace: (key, bytes, etag) => store.replace(key, seal(key, bytes), etag),
    list: (prefix) => store.list(prefix),
    remove: (key) => store.remove(key),
    upload: inClear,
    download: inClear,
    presign: inClear,
    uri: (key) => store.uri(key),
    check: () => store.check(),
  }
}
