import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HubUnavailableError } from '../../core/sources/hub/source-errors.ts'
import type { FileCheck } from './file-digest.ts'
import type { HubFile, Patience, Snapshot } from './hub-library.ts'
import { outlast } from './hub-requests.ts'

const draftEnding = '.part'
/** A file that has not grown for so long is fetched by nobody. */
const abandonedMs = 3_600_000

/** A file to fetch, and where to. */
export type Download = {
  readonly snapshot: Snapshot
  readonly file: HubFile
  readonly path: string
  readonly request: (headers: Record<string, string>) => Promise<Response>
  readonly patience: Patience
  readonly check: FileCheck
  readonly signal: AbortSignal | undefined
}

/**
 * Fetches a file beside its place, checks its size and digest, and only then puts it there, so that
 * what lies in its place is whole. A connection that is cut is taken up where it ended. Throws
 * HubUnavailableError naming the file, what was expected and what came, or the signal's reason.
 */
export async function download(wanted: Download): Promise<void> {
  const draft = `${wanted.path}.${randomUUID()}${draftEnding}`
  await mkdir(dirname(draft), { recursive: true })
  await removeLeftOvers(dirname(draft))
  try {
    await outlast(wanted.patience, () => attempt(wanted, draft), wanted.signal)
    await rename(draft, wanted.path)
  } finally {
    await rm(draft, { force: true })
  }
}

/** What a killed process was fetching; one that still grows is another process's. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(draftEnding)) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined) // gone meanwhile: it was put in its place
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedMs)
      await rm(path, { force: true })
  }
}

async function attempt(wanted: Download, draft: string): Promise<void> {
  const { snapshot, file, request, check, signal } = wanted
  const have = await sizeOf(draft)
  const reply = await request(have > 0 ? { range: `bytes=${have}-` } : {})
  if (reply.status === 416) {
    await reply.body?.cancel()
  } else {
    await append(reply, draft, have).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw broken(snapshot, file, { difference: 'the connection was cut', cause })
    })
  }
  const difference =
    (await sizeOf(draft)) === 0 && file.size > 0
      ? `expected ${file.size} bytes, got none`
      : await check.differenceOf(draft, file)
  if (difference === undefined) return
  // What is too short may go on; what is whole and yet another file must be fetched anew.
  if ((await sizeOf(draft)) >= file.size) await rm(draft)
  throw broken(snapshot, file, { difference })
}

async function append(reply: Response, draft: string, have: number): Promise<void> {
  // A server that knows no ranges sends the whole file again.
  const flags = have > 0 && reply.status === 206 ? 'a' : 'w'
  const chunks = reply.body === null ? Readable.from([]) : Readable.fromWeb(reply.body)
  await pipeline(chunks, createWriteStream(draft, { flags }))
}

function broken(
  { repository: { name, fields }, commit }: Snapshot,
  file: HubFile,
  { difference, cause }: { readonly difference: string; readonly cause?: unknown },
): HubUnavailableError {
  return new HubUnavailableError(
    `${fields.name}: ${file.path} of ${name} at ${commit} did not arrive as the Hub ` +
      `lists it: ${difference}`,
    { cause },
  )
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0, // nothing has arrived yet
  )
}
