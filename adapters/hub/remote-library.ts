import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { datasetInfo, listFiles, modelInfo } from '@huggingface/hub'
import { z } from 'zod'
import { isCommit } from '../../core/sources/hub/hub-source.ts'
import { HubUnavailableError } from '../../core/sources/hub/source-errors.ts'
import { download } from './download.ts'
import { createFileCheck, type FileCheck } from './file-digest.ts'
import { readPart } from './file-part.ts'
import type { HubFile, HubLibrary, HubRepository, HubSettings, Snapshot } from './hub-library.ts'
import { hubFetch, pageOf } from './hub-requests.ts'

/** Packed on the way, the bytes would have other positions. */
const asStored = { 'accept-encoding': 'identity' } as const

const Listing = z.array(
  z.strictObject({
    path: z.string(),
    size: z.int().nonnegative(),
    digest: z.strictObject({ kind: z.enum(['sha256', 'git']), hex: z.string() }),
  }),
)

/**
 * The Hub itself. Listings and files are kept in the cache by repository, commit and digest: what was
 * fetched once is there for every later run, also where the Hub is not.
 */
export function createRemoteLibrary(settings: HubSettings): HubLibrary {
  const arriving = new Map<string, Promise<string>>()
  const check = createFileCheck()
  return {
    async resolve(repository) {
      const { type, name, revision, fields } = repository
      if (isCommit(revision)) return revision
      const asked = {
        name,
        revision,
        hubUrl: settings.endpoint,
        fetch: hubFetch(settings, repository),
      }
      const { sha } =
        type === 'model'
          ? await modelInfo({ ...asked, additionalFields: ['sha'] })
          : await datasetInfo({ ...asked, additionalFields: ['sha'] })
      if (isCommit(sha)) return sha
      throw new HubUnavailableError(
        `${fields.revision}: the Hub names no commit for ${revision} of ${name}; pin the entry to one`,
      )
    },
    async open(repository, commit) {
      const kept = join(folderOf(settings, repository), 'listings', `${commit}.json`)
      const known = existsSync(kept) ? Listing.safeParse(await readJson(kept)).data : undefined
      if (known !== undefined) return { repository, commit, files: known }
      const files = await list(settings, repository, commit)
      await keep(kept, JSON.stringify(files))
      return { repository, commit, files }
    },
    fetch(snapshot, file, signal) {
      const path = cachePath(settings, snapshot, file)
      const under = arriving.get(path) ?? obtain(settings, { snapshot, file, path, check, signal })
      arriving.set(path, under)
      return under.finally(() => arriving.delete(path))
    },
    async part(snapshot, file, { start, end }) {
      const path = cachePath(settings, snapshot, file)
      if (existsSync(path)) return readPart(path, start, end)
      const headers = { range: `bytes=${start}-${end - 1}`, ...asStored }
      const get = hubFetch(settings, snapshot.repository)
      const reply = await get(addressOf(settings, snapshot, file), { headers })
      const bytes = new Uint8Array(await reply.arrayBuffer())
      return reply.status === 206 ? bytes : bytes.slice(start, end)
    },
  }
}

async function list(
  settings: HubSettings,
  repository: HubRepository,
  commit: string,
): Promise<z.infer<typeof Listing>> {
  const entries = listFiles({
    repo: { type: repository.type, name: repository.name },
    revision: commit,
    recursive: true,
    hubUrl: settings.endpoint,
    fetch: hubFetch(settings, repository),
  })
  const files: z.infer<typeof Listing> = []
  for await (const { type, path, size, oid = '', lfs } of entries) {
    if (type !== 'file') continue
    const digest =
      lfs === undefined
        ? { kind: 'git' as const, hex: oid }
        : { kind: 'sha256' as const, hex: lfs.oid }
    files.push({ path, size: lfs?.size ?? size, digest })
  }
  return files
}

/** A file that is kept and still as pinned, or fetched. */
async function obtain(
  settings: HubSettings,
  wanted: {
    readonly snapshot: Snapshot
    readonly file: HubFile
    readonly path: string
    readonly check: FileCheck
    readonly signal: AbortSignal | undefined
  },
): Promise<string> {
  const { snapshot, file, path, check, signal = null } = wanted
  if (existsSync(path)) {
    if ((await check.differenceOf(path, file)) === undefined) return path
    await rm(path) // altered since: fetched again
  }
  const address = addressOf(settings, snapshot, file)
  // Tried again as a whole, from where it ended: not each request by itself as well.
  const once = { ...settings, patience: { ...settings.patience, retries: 0 } }
  const get = hubFetch(once, snapshot.repository)
  const request = (headers: Record<string, string>) =>
    get(address, { headers: { ...headers, ...asStored }, signal })
  await download({ ...wanted, request, patience: settings.patience })
  return path
}

function addressOf({ endpoint }: HubSettings, { repository, commit }: Snapshot, { path }: HubFile) {
  const name = path.split('/').map(encodeURIComponent).join('/')
  return `${pageOf(repository, endpoint)}/resolve/${commit}/${name}`
}

function folderOf({ cacheDirectory }: HubSettings, { type, name }: HubRepository): string {
  return join(cacheDirectory, `${type}s`, name)
}

function cachePath(
  settings: HubSettings,
  { repository }: Snapshot,
  { digest, path }: HubFile,
): string {
  return join(folderOf(settings, repository), 'files', digest?.hex ?? encodeURIComponent(path))
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** Writes a small file whole or not at all, whoever else writes it at the same time. */
async function keep(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}.part`
  await writeFile(draft, content)
  await rename(draft, path)
}
