import { createReadStream, createWriteStream } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pLimit from 'p-limit'
import { indexWidth, type LineageIndex, sourceKey } from '../core/lineage/lineage-index.ts'
import type { ReleasedLineageRow } from '../core/lineage/lineage-row.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { writeJson } from './artifacts.ts'
import { uploadFile } from './model-objects.ts'

/** An index in the making. */
export type IndexOrder = {
  readonly store: ObjectStore
  readonly prefix: string
  /** An empty folder on this machine. */
  readonly directory: string
  /** Responses that will be added. */
  readonly responses: number
  /** The distilled shards, in the store. */
  readonly shards: ObjectRef
  /** The problems that curation dropped, in the store. */
  readonly dropped: ObjectRef
}

/** Text kept in memory before it is appended to the files, in characters. */
const memory = 8_000_000

/** Files that travel at once. */
const transfers = 8

/**
 * Sorts the lineage into small files by response, by problem and by source, so that whoever traces
 * a row reads one of them. Rows wait on this machine's disk: memory does not grow with them.
 */
export function createLineageIndex(order: IndexOrder) {
  const width = indexWidth(order.responses)
  const counts = new Map<string, number>()
  const sources = new Map<string, Pick<ReleasedLineageRow, 'source' | 'revision'>>()
  let waiting = new Map<string, string[]>()
  let held = 0

  const flush = async () => {
    const batch = waiting
    waiting = new Map()
    held = 0
    await mkdir(order.directory, { recursive: true })
    for (const [file, lines] of batch) {
      await appendFile(join(order.directory, `${file}.jsonl`), lines.join(''))
    }
  }

  return {
    async add(rows: readonly ReleasedLineageRow[]): Promise<void> {
      for (const row of rows) {
        const { source, revision } = row
        const key = sourceKey(row)
        sources.set(key, { source, revision })
        const line = `${JSON.stringify(row)}\n`
        for (const file of filesOf(row, { key, width })) {
          const lines = waiting.get(file) ?? []
          lines.push(line)
          waiting.set(file, lines)
          counts.set(file, (counts.get(file) ?? 0) + 1)
          held += line.length
        }
      }
      if (held > memory) await flush()
    },
    /** Puts the files, then the index that names them. */
    async store(): Promise<ObjectRef> {
      await flush()
      const refs = await uploadAll(order, counts)
      const filesOfKind = (wanted: string) =>
        Object.fromEntries(
          [...refs].flatMap(([file, ref]) => {
            const [kind, name = ''] = file.split('-')
            return kind === wanted ? [[name, ref] as const] : []
          }),
        )
      const bySource = Object.entries(filesOfKind('source')).flatMap(([key, rows]) => {
        const named = sources.get(key)
        return named === undefined ? [] : [[key, { ...named, rows }] as const]
      })
      const index: LineageIndex = {
        responses: order.responses,
        width,
        byResponse: filesOfKind('response'),
        byProblem: filesOfKind('problem'),
        bySource: Object.fromEntries(bySource),
        shards: order.shards,
        dropped: order.dropped,
      }
      return writeJson(order.store, `${order.prefix}/index.json`, index)
    },
  }
}

function filesOf(
  { responseId, problemId }: ReleasedLineageRow,
  { key, width }: { readonly key: string; readonly width: number },
): string[] {
  return [
    `response-${responseId.slice(0, width)}`,
    `problem-${problemId.slice(0, width)}`,
    `source-${key}`,
  ]
}

async function uploadAll(
  { store, prefix, directory }: IndexOrder,
  counts: ReadonlyMap<string, number>,
): Promise<Map<string, ObjectRef>> {
  const limit = pLimit(transfers)
  const upload = async (file: string, rows: number) => {
    const zipped = join(directory, `${file}.jsonl.gz`)
    const plain = createReadStream(join(directory, `${file}.jsonl`))
    await pipeline(plain, createGzip(), createWriteStream(zipped))
    const ref = await uploadFile(store, `${prefix}/${file}.jsonl.gz`, { path: zipped })
    return [file, { ...ref, rows }] as const
  }
  const files = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return new Map(await Promise.all(files.map(([file, rows]) => limit(() => upload(file, rows)))))
}
