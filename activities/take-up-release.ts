import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssembledShard } from '../core/dataset/assembled-shard.ts'
import { ConversationRow } from '../core/dataset/dataset-row.ts'
import { type ReleasedFile, ReleaseManifest } from '../core/dataset/release-manifest.ts'
import { InvalidInputError, parseInput } from '../core/invalid-input.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { noCost } from '../core/tally.ts'
import { CorruptObjectError, writeRows } from './artifacts.ts'
import { sealOnce, type StageOutput, stagePrefix } from './manifests.ts'
import { reportProgress } from './progress.ts'
import { createGzipWriter, splitLines } from './row-stream.ts'

/**
 * Takes a release of the store up as an assembly, so that it can be trained on by itself: its
 * training rows, each checked, a shard for each file. Gives the key of the assembly. Throws
 * InvalidInputError naming the data set, or the row that is not what a trainer reads.
 */
export async function takeUpRelease(store: ObjectStore, uri: string): Promise<string> {
  const prefix = prefixOf(store, uri)
  const bytes = await store.find(`${prefix}/manifest.json`)
  if (bytes === undefined) {
    throw new InvalidInputError(
      `field dataset: ${uri}: no manifest.json is there; name the prefix of a release`,
    )
  }
  const manifest = parseInput(ReleaseManifest, jsonOf(bytes, uri), `${uri}/manifest.json`)
  const files = manifest.files.filter(({ path }) => /^jsonl\/train\/[^/]+\.jsonl$/.test(path))
  if (manifest.rows === 0 || files.length === 0) {
    throw new InvalidInputError(`field dataset: ${uri}: it has no row to train on; name another`)
  }
  const identity = {
    stage: 'assemble',
    inputs: files.map(({ sha256 }) => sha256),
    config: { release: true },
    codeVersion: 1,
  } as const
  const sealed = await sealOnce(store, identity, (key) =>
    copyRows(store, { uri, prefix, files, to: stagePrefix('assemble', key) }),
  )
  return sealed.manifest.key
}

function prefixOf(store: ObjectStore, uri: string): string {
  const base = store.uri('')
  if (uri.startsWith(base)) return uri.slice(base.length).replace(/\/+$/, '')
  throw new InvalidInputError(
    `field dataset: ${uri} is not in ${base}, the store of this deployment; copy it there`,
  )
}

type Copy = {
  readonly uri: string
  readonly prefix: string
  readonly files: readonly ReleasedFile[]
  readonly to: string
}

async function copyRows(
  store: ObjectStore,
  { uri, prefix, files, to }: Copy,
): Promise<StageOutput> {
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-release-'))
  try {
    const nothing = await writeRows(store, `${to}/nothing.jsonl.gz`, [])
    const shards: AssembledShard[] = []
    for (const [shard, { path, sha256 }] of files.entries()) {
      const local = join(directory, 'rows.jsonl')
      const found = await store.download(`${prefix}/${path}`, local)
      if (found.sha256 !== sha256) {
        throw new CorruptObjectError(
          `${uri}/${path} has the digest ${found.sha256}, its manifest says ${sha256}; release it anew`,
        )
      }
      const rows = createGzipWriter()
      let count = 0
      for await (const line of splitLines(createReadStream(local))) {
        count += 1
        const where = `${uri}/${path} line ${count}`
        parseInput(ConversationRow, jsonOf(new TextEncoder().encode(line), where), where)
        await rows.write(`${line}\n`)
      }
      const train = { ...(await rows.store(store, `${to}/train-${shard}.jsonl.gz`)), rows: count }
      shards.push({ shard, train, rejected: nothing, lineage: nothing })
      reportProgress({ done: shard + 1, total: files.length })
    }
    const rows = shards.reduce((sum, { train }) => sum + (train.rows ?? 0), 0)
    const index = await writeRows(store, `${to}/rows.jsonl.gz`, shards)
    return { outputs: { rows: index }, counts: { rows }, cost: noCost }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function jsonOf(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new InvalidInputError(`${where}: no JSON; release the data set anew`)
  }
}
