import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitLines } from '../activities/row-stream.ts'
import { ReleaseManifest } from '../core/dataset/release-manifest.ts'
import { parseInput } from '../core/invalid-input.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import {
  createDatasetTally,
  type PlannedDataset,
  releasedDataset,
  TemplateRow,
} from '../core/training/training-dataset.ts'
import type { Training } from '../core/training/training.ts'
import { UsageError } from './command.ts'
import { openStore } from './deployment.ts'

/** Rows of a release that are looked at where its manifest says how long they are. */
const lookedAt = 100
/** A larger file of JSON cannot be one text of this program. */
const largestJson = 500e6

/**
 * The data set that a URI names, its rows checked against what the templates read: a release in an
 * object store, or a local file. Throws UsageError or InvalidInputError naming what is wrong, and where.
 */
export async function readTrainingDataset(
  uri: string,
  { cutoffLength }: Pick<Training, 'cutoffLength'>,
): Promise<PlannedDataset> {
  const [, bucket, path] = /^s3:\/\/([^/]+)\/+(.+?)\/*$/.exec(uri) ?? []
  if (bucket !== undefined && path !== undefined) {
    const store = await openStore(bucket)
    return readRelease({ uri, store, prefix: path, cutoffLength })
  }
  if (!/\.jsonl?$/.test(uri)) {
    throw new UsageError(
      `--dataset ${uri}: name a .jsonl or .json file, or s3://BUCKET/PREFIX of a release`,
    )
  }
  const size = await stat(uri).catch(() => {
    throw new UsageError(`--dataset ${uri}: no such file, or not readable; name one that is there`)
  })
  const tally = createDatasetTally(uri, cutoffLength)
  const rows = uri.endsWith('l') ? linesOf(uri, uri) : elementsOf(uri, size.size)
  for await (const { row, where } of rows) tally.add(parseInput(TemplateRow, row, where))
  return tally.close()
}

type ReleaseOrder = {
  readonly uri: string
  readonly store: ObjectStore
  readonly prefix: string
  readonly cutoffLength: number
}

async function readRelease({ uri, store, prefix, cutoffLength }: ReleaseOrder) {
  const bytes = await store.find(`${prefix}/manifest.json`).catch((cause: unknown) => {
    const fault = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(
      `--dataset ${uri}: ${fault}; start the stack, or set S3_ENDPOINT and credentials`,
      { cause },
    )
  })
  if (bytes === undefined) {
    throw new UsageError(
      `--dataset ${uri}: no manifest.json is there; name the prefix of a release, which the ` +
        "run's report states under its lineage",
    )
  }
  const text = new TextDecoder().decode(bytes)
  const manifest = parseInput(ReleaseManifest, jsonOf(text, uri), `${uri}/manifest.json`)
  const stated = releasedDataset(uri, manifest, cutoffLength)
  const tally = createDatasetTally(uri, cutoffLength)
  let seen = 0
  for await (const { row, where } of releasedRows({ uri, store, prefix }, manifest)) {
    tally.add(parseInput(TemplateRow, row, where))
    seen += 1
    if (stated !== undefined && seen === lookedAt) return stated
  }
  return stated ?? tally.close()
}

type Located = { readonly row: unknown; readonly where: string }

/** The rows of a release, one of its files on this machine at a time. */
async function* releasedRows(
  { uri, store, prefix }: Pick<ReleaseOrder, 'uri' | 'store' | 'prefix'>,
  { files }: ReleaseManifest,
): AsyncIterable<Located> {
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-plan-'))
  try {
    for (const { path } of files.filter((file) => file.path.startsWith('jsonl/train/'))) {
      const local = join(directory, 'rows.jsonl')
      await store.download(`${prefix}/${path}`, local)
      yield* linesOf(local, `${uri}/${path}`)
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function* linesOf(path: string, name: string): AsyncIterable<Located> {
  let at = 0
  for await (const line of splitLines(createReadStream(path))) {
    at += 1
    const where = `${name} line ${at}`
    if (line.trim() !== '') yield { row: jsonOf(line, where), where }
  }
}

async function* elementsOf(path: string, size: number): AsyncIterable<Located> {
  if (size > largestJson) {
    throw new UsageError(`--dataset ${path}: too large to be read whole; write it as JSON Lines`)
  }
  const rows = jsonOf(await readFile(path, 'utf8'), path)
  if (!Array.isArray(rows)) {
    throw new UsageError(
      `--dataset ${path}: is no list of rows; write one, or JSON Lines in a .jsonl`,
    )
  }
  yield* rows.map((row: unknown, at) => ({ row, where: `${path} row ${at + 1}` }))
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${where}: is no JSON; correct it, or write it anew`, { cause })
  }
}
