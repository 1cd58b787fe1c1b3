import { join } from 'node:path'
import type { AssembledShard } from '../core/dataset/assembled-shard.ts'
import { DatasetRow, RejectedRow } from '../core/dataset/dataset-row.ts'
import type { ReleasedSource } from '../core/dataset/release-manifest.ts'
import { createReleaseTally } from '../core/dataset/release-tally.ts'
import { rejectedColumns, releasedColumns } from '../core/dataset/released-row.ts'
import { LineageRow, type ReleasedLineageRow } from '../core/lineage/lineage-row.ts'
import type { Manifest } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { TableFiles } from '../core/ports/table-files.ts'
import type { Recipe } from '../core/recipe.ts'
import { readRows } from './artifacts.ts'
import { assembledShards } from './assembled-shards.ts'
import { createLineageIndex } from './build-lineage-index.ts'
import { outputOf } from './manifests.ts'
import { OverLengthRow, type PreparedStudent, RowTokens } from './prepare-student.ts'
import { reportProgress } from './progress.ts'
import { createRowFiles, type WrittenFile } from './release-rows.ts'
import { streamRows } from './row-stream.ts'

/** The rows of an assembly, to be written for a release. */
type RowsOrder = {
  readonly store: ObjectStore
  readonly tables: TableFiles
  readonly recipe: Recipe
  readonly assembled: Manifest
  readonly curation: Manifest
  readonly prepared: PreparedStudent
  /** An empty folder of this machine. */
  readonly directory: string
  readonly lineagePrefix: string
}

/** A row that is in no training file, and how long it is. */
type LongRow = Pick<DatasetRow, 'responseId' | 'problemId' | 'source'> & { readonly tokens: number }

/** What was written: files in the folder, and what is told of them. */
export type ReleasedRows = {
  readonly files: readonly WrittenFile[]
  readonly rows: number
  readonly rejected: number
  readonly overLength: readonly LongRow[]
  readonly tokens: { readonly total: number; readonly longest: number }
  readonly sources: readonly ReleasedSource[]
  /** The index of the lineage, in the store. */
  readonly lineage: ObjectRef
}

type Placed = Pick<ReleasedLineageRow, 'place' | 'tokens' | 'overLength'>

/** Writes the rows into files, a shard in memory at a time, and notes where each response went. */
export async function writeReleasedRows(order: RowsOrder): Promise<ReleasedRows> {
  const { store, recipe, assembled, curation, directory, lineagePrefix } = order
  const shards = await assembledShards(store, assembled)
  const index = createLineageIndex({
    store,
    prefix: lineagePrefix,
    directory: join(directory, 'lineage'),
    responses: shards.reduce((sum, { lineage: { rows = 0 } }) => sum + rows, 0),
    shards: outputOf(assembled, 'shards'),
    dropped: outputOf(curation, 'dropped'),
  })
  const writer = createShardWriter(order, await readLengths(order))
  for (const [at, shard] of shards.entries()) {
    const placed = await writer.write(shard)
    const rows = await readRows(store, shard.lineage, LineageRow)
    await index.add(rows.map((row) => ({ ...row, ...(placed.get(row.responseId) ?? nowhere) })))
    reportProgress({ done: at + 1, total: shards.length })
  }
  return { ...(await writer.close(recipe)), lineage: await index.store() }
}

const nowhere: Placed = { place: null, tokens: null, overLength: false }

/** Lengths of all rows, and which are too long. */
type Lengths = {
  readonly tokens: ReadonlyMap<string, number>
  readonly tooLong: ReadonlySet<string>
}

async function readLengths({ store, prepared }: RowsOrder): Promise<Lengths> {
  const lengths = { tokens: new Map<string, number>(), tooLong: new Set<string>() }
  for await (const { responseId, tokens } of streamRows(store, prepared.tokens, RowTokens)) {
    lengths.tokens.set(responseId, tokens)
  }
  for await (const { responseId } of streamRows(store, prepared.overLength, OverLengthRow)) {
    lengths.tooLong.add(responseId)
  }
  return lengths
}

/** Throws where the student's preparation did not count the row. */
function lengthOf(row: Pick<DatasetRow, 'responseId'>, tokens: Lengths['tokens']): number {
  const length = tokens.get(row.responseId)
  if (length === undefined) {
    throw new Error(`nobody counted the tokens of response ${row.responseId}; assemble again`)
  }
  return length
}

function createShardWriter(order: RowsOrder, { tokens, tooLong }: Lengths) {
  const { store, recipe, directory, tables } = order
  const common = { directory, rowsPerFile: recipe.dataset.rowsPerFile, tables }
  const trainFiles = createRowFiles({ ...common, kind: 'train', columns: releasedColumns })
  const rejectedFiles = createRowFiles({ ...common, kind: 'rejected', columns: rejectedColumns })
  const tally = createReleaseTally()
  const overLength: LongRow[] = []

  const writeTrain = async (row: DatasetRow): Promise<Placed> => {
    const { responseId, problemId, source } = row
    const length = lengthOf(row, tokens)
    if (tooLong.has(responseId)) {
      overLength.push({ responseId, problemId, source, tokens: length })
      return { place: null, tokens: length, overLength: true }
    }
    tally.add(row, 'rows', length)
    const place = await trainFiles.write({ ...row, tokens: length })
    return { place, tokens: length, overLength: false }
  }
  const writeRejected = async (row: RejectedRow): Promise<Placed> => {
    const length = lengthOf(row, tokens)
    tally.add(row, 'rejected', length)
    const place = await rejectedFiles.write({ ...row, tokens: length })
    return { place, tokens: length, overLength: false }
  }
  return {
    /** Writes the rows of a shard, and says where each went. */
    async write({ train, rejected }: AssembledShard): Promise<Map<string, Placed>> {
      const placed = new Map<string, Placed>()
      for (const row of await readRows(store, train, DatasetRow)) {
        placed.set(row.responseId, await writeTrain(row))
      }
      for (const row of await readRows(store, rejected, RejectedRow)) {
        placed.set(row.responseId, await writeRejected(row))
      }
      return placed
    },
    async close({ sources }: Recipe): Promise<Omit<ReleasedRows, 'lineage'>> {
      const files = [...(await trainFiles.close()), ...(await rejectedFiles.close())]
      return { files, overLength, ...tally.close(sources) }
    },
  }
}
