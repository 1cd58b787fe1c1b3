import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { inTransferOrder, ModelFileName, ModelManifest } from '../core/checkpoint.ts'
import { digestOf } from '../core/digest.ts'
import { parseInput } from '../core/invalid-input.ts'
import { inTurn } from '../core/in-turn.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { BroughtTo } from '../core/ports/base-models.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { filesInFlight as atOnce } from '../core/transfer-plan.ts'
import { CorruptObjectError, findJson, keyOf, writeJson } from './artifacts.ts'

/**
 * Uploads files of a directory, with their relative paths; the manifest is put last, so it marks
 * completeness. What an earlier attempt had sent is not sent again. Throws InvalidInputError for a
 * name that leads out of the directory.
 */
export async function uploadModel(
  store: ObjectStore,
  prefix: string,
  model: {
    readonly directory: string
    readonly files: readonly string[]
    readonly globalStep: number
    /** Ends the upload early; a later one goes on from there. */
    readonly signal?: AbortSignal
    /** Waits for files of it that others store; the manifest names them too, and is put after them. */
    readonly others?: () => Promise<Readonly<Record<string, ObjectRef>>>
  },
): Promise<{ readonly manifest: ModelManifest; readonly ref: ObjectRef }> {
  const { directory, globalStep, signal } = model
  const names = parseInput(z.array(ModelFileName), inTransferOrder(model.files), 'model files')
  const uploaded = await inTurn(names, { atOnce, signal }, async (name, stopped) => {
    const path = join(directory, name)
    return [name, await uploadFile(store, `${prefix}/${name}`, { path, signal: stopped })] as const
  })
  const files = { ...(await model.others?.()), ...Object.fromEntries(uploaded) }
  const manifest = { digest: modelDigest(files), globalStep, files }
  const ref = await writeJson(store, manifestKey(prefix), manifest)
  return { manifest, ref }
}

/** Uploads a local file and names what stands there; it is read once. */
export async function uploadFile(
  store: ObjectStore,
  key: string,
  file: { readonly path: string; readonly signal?: AbortSignal },
): Promise<ObjectRef> {
  const { sha256, bytes } = await store.upload(key, file.path, { signal: file.signal })
  return { uri: store.uri(key), sha256, bytes }
}

/**
 * Removes a model or checkpoint. Its manifest goes first: what is half removed is not complete. Cut
 * off, it may be called again.
 */
export async function removeModel(store: ObjectStore, prefix: string): Promise<void> {
  await store.remove(manifestKey(prefix))
  const keys: string[] = []
  for await (const key of store.list(`${prefix}/`)) keys.push(key)
  await inTurn(keys, { atOnce }, (key) => store.remove(key))
}

/** The complete model or checkpoint under a prefix, or undefined. */
export async function findModel(
  store: ObjectStore,
  prefix: string,
): Promise<ModelManifest | undefined> {
  return findJson(store, manifestKey(prefix), ModelManifest)
}

/** The complete checkpoints under a prefix, oldest first, by their size. */
export async function listCheckpoints(
  store: ObjectStore,
  prefix: string,
): Promise<Array<Pick<ModelManifest, 'globalStep' | 'digest'> & { files: number; bytes: number }>> {
  const found: ModelManifest[] = []
  for await (const key of store.list(`${prefix}/`)) {
    if (!key.endsWith('/manifest.json')) continue
    const manifest = await findJson(store, key, ModelManifest)
    if (manifest !== undefined) found.push(manifest)
  }
  return found
    .toSorted((a, b) => a.globalStep - b.globalStep)
    .map(({ globalStep, digest, files }) => {
      const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0)
      return { globalStep, digest, files: Object.keys(files).length, bytes }
    })
}

/**
 * Brings a model into a directory; files that stand there with the right digest are kept, others
 * removed. Throws CorruptObjectError naming the object that is not what the manifest says, and the
 * signal's reason.
 */
export async function fetchModel(
  store: ObjectStore,
  manifest: ModelManifest,
  { directory, signal: ended }: BroughtTo,
): Promise<void> {
  await mkdir(directory, { recursive: true })
  await removeStrangers(directory, Object.keys(manifest.files))
  const names = inTransferOrder(Object.keys(manifest.files))
  await inTurn(names, { atOnce, signal: ended }, async (name, signal) => {
    const ref = manifest.files[name]
    if (ref !== undefined) await fetchFile(store, ref, { path: join(directory, name), signal })
  })
}

async function fetchFile(
  store: ObjectStore,
  ref: ObjectRef,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<void> {
  if (await holds(path, ref)) return
  const { sha256 } = await store.download(keyOf(store, ref), path, { signal })
  if (sha256 === ref.sha256) return
  await rm(path, { force: true })
  throw new CorruptObjectError(
    `${ref.uri} has the digest ${sha256}, not ${ref.sha256}; remove the model or checkpoint it belongs to, and retry the stage that wrote it`,
  )
}

async function holds(path: string, ref: ObjectRef): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.size === ref.bytes && (await sha256OfFile(path)) === ref.sha256
}

/** SHA-256 of a file, streamed, in hex. */
async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** The files below a directory, in order, by their relative paths with `/`; links are left out. */
export async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)).replaceAll(sep, '/'))
    .toSorted()
}

/**
 * A file that the manifest does not name would be loaded too, and a link would lead what is fetched
 * out of the directory.
 */
async function removeStrangers(directory: string, names: readonly string[]): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true })
  for (const entry of entries) {
    const path = join(directory, entry.name)
    const folder = `${entry.name}/`
    const inside = names.filter((name) => name.startsWith(folder))
    if (entry.isDirectory() && inside.length > 0) {
      await removeStrangers(
        path,
        inside.map((name) => name.slice(folder.length)),
      )
    } else if (!(entry.isFile() && names.includes(entry.name))) {
      await rm(path, { recursive: true, force: true })
    }
  }
}

function modelDigest(files: Readonly<Record<string, ObjectRef>>): string {
  return digestOf(
    Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, sha256])),
  )
}

/** Where the manifest of a model under a prefix stands. */
export function manifestKey(prefix: string): string {
  return `${prefix}/manifest.json`
}
