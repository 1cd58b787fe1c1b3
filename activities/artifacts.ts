import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { prettifyError, type z } from 'zod'
import { sha256Hex } from '../core/digest.ts'
import { parseExactJson } from '../core/exact-json.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** What stands in the store is not what its reference or its schema says. */
export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError'
}

/** Writes rows as gzipped JSON Lines. The same rows give the same bytes, so writing again is safe. */
export async function writeRows(
  store: ObjectStore,
  key: string,
  rows: readonly unknown[],
): Promise<ObjectRef> {
  const bytes = await encodeRows(rows)
  await store.put(key, bytes, 'application/gzip')
  return { ...refTo(store, key, bytes), rows: rows.length }
}

/** Reads the rows that a reference names; checks the digest, then every row against its schema. */
export async function readRows<Row extends z.ZodType>(
  store: ObjectStore,
  ref: ObjectRef,
  row: Row,
): Promise<Array<z.infer<Row>>> {
  return decodeRows(await readObject(store, ref), row, ref.uri)
}

/** The bytes that a reference names. Throws CorruptObjectError where they are not those. */
export async function readObject(store: ObjectStore, ref: ObjectRef): Promise<Uint8Array> {
  const bytes = await store.get(keyOf(store, ref))
  const sha256 = sha256Hex(bytes)
  if (sha256 === ref.sha256) return bytes
  throw new CorruptObjectError(
    `${ref.uri} has the digest ${sha256}, not ${ref.sha256}; remove it and retry the stage that wrote it`,
  )
}

/** Writes one JSON document. */
export async function writeJson(
  store: ObjectStore,
  key: string,
  value: unknown,
): Promise<ObjectRef> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
  await store.put(key, bytes, 'application/json')
  return refTo(store, key, bytes)
}

/** Reads the JSON document under a key, or undefined where nothing stands there. */
export async function findJson<Schema extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const bytes = await store.find(key)
  return bytes === undefined ? undefined : parseJson(bytes, schema, store.uri(key))
}

/** Parses a stored JSON document; the error names it. */
export function parseJson<Schema extends z.ZodType>(
  bytes: Uint8Array,
  schema: Schema,
  uri: string,
): z.infer<Schema> {
  return parseText(new TextDecoder().decode(bytes), schema, uri)
}

/** Rows as gzipped JSON Lines. */
export async function encodeRows(rows: readonly unknown[]): Promise<Uint8Array> {
  return compress(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

/** Gzipped JSON Lines as rows; the error names the object and the line. */
export async function decodeRows<Row extends z.ZodType>(
  bytes: Uint8Array,
  row: Row,
  uri: string,
): Promise<Array<z.infer<Row>>> {
  const text = await decompress(bytes).catch((cause: unknown) => {
    throw new CorruptObjectError(`${uri}: not whole gzip`, { cause })
  })
  const lines = text.toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, at) => parseText(line, row, `${uri} line ${at + 1}`))
}

/** Parses the text of a JSON document; the error says where it stands. */
export function parseText<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  where: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(readJson(text, where))
  if (parsed.success) return parsed.data
  throw new CorruptObjectError(`${where}: ${prettifyError(parsed.error)}`)
}

function readJson(text: string, where: string): unknown {
  try {
    return parseExactJson(text)
  } catch (cause) {
    throw new CorruptObjectError(`${where}: not JSON`, { cause })
  }
}

/** The key of a reference in this store. */
export function keyOf(store: ObjectStore, ref: ObjectRef): string {
  const base = store.uri('')
  if (ref.uri.startsWith(base)) return ref.uri.slice(base.length)
  throw new CorruptObjectError(`${ref.uri} is not in ${base}, the store of this deployment`)
}

/** A reference to bytes that were put under a key. */
export function refTo(store: ObjectStore, key: string, bytes: Uint8Array): ObjectRef {
  return { uri: store.uri(key), sha256: sha256Hex(bytes), bytes: bytes.byteLength }
}
