import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { writeRows } from './artifacts.ts'
import { createGzipWriter } from './row-stream.ts'

/** Rows of one object, written as they come. */
export type RowWriter = {
  readonly write: (row: unknown) => Promise<void>
  /** Puts the whole under a key. The same rows give the same bytes. */
  store(store: ObjectStore, key: string): Promise<ObjectRef>
}

/** Only the compressed form of the rows is held whole. */
export function createRowWriter(): RowWriter {
  const writer = createGzipWriter()
  let rows = 0
  return {
    async write(row) {
      rows += 1
      await writer.write(`${JSON.stringify(row)}\n`)
    },
    async store(store, key) {
      return { ...(await writer.store(store, key)), rows }
    },
  }
}

/** Rows in objects of a bounded size, `NAME-00000` and on. */
export type ChunkWriter = {
  /** Gives the number of the object that the row stands in. */
  readonly write: (row: unknown) => Promise<number>
  /** Writes what is left and gives all objects by their names. */
  end(): Promise<Record<string, ObjectRef>>
}

/** Cuts by rows, and sooner where they are large: some problems bring megabytes of tests. */
export function createChunkWriter(to: {
  readonly store: ObjectStore
  readonly prefix: string
  readonly name: string
  readonly rows: number
}): ChunkWriter {
  const outputs: Record<string, ObjectRef> = {}
  let pending: unknown[] = []
  let characters = 0
  const flush = async () => {
    const name = `${to.name}-${String(Object.keys(outputs).length).padStart(5, '0')}`
    outputs[name] = await writeRows(to.store, `${to.prefix}/${name}.jsonl.gz`, pending)
    pending = []
    characters = 0
  }
  return {
    async write(row) {
      const chunk = Object.keys(outputs).length
      pending.push(row)
      characters += JSON.stringify(row).length
      if (pending.length >= to.rows || characters >= chunkCharacters) await flush()
      return chunk
    },
    async end() {
      if (pending.length > 0) await flush()
      return outputs
    },
  }
}

const chunkCharacters = 16_000_000
