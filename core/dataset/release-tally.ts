import { compareText } from '../compare-text.ts'
import type { Source } from '../sources/source.ts'
import type { DatasetRow } from './dataset-row.ts'
import { licenceOf, originOf } from './licences.ts'
import type { ReleasedSource } from './release-manifest.ts'

type OfSource = { rows: number; rejected: number; readonly revisions: Set<string> }

/** Counts what is released: rows, tokens, and where they are from. */
export function createReleaseTally() {
  const sources = new Map<string, OfSource>()
  const sum = { rows: 0, rejected: 0 }
  const tokens = { total: 0, longest: 0 }
  return {
    add(
      { source, sourceRevision }: Pick<DatasetRow, 'source' | 'sourceRevision'>,
      kind: 'rows' | 'rejected',
      length: number,
    ): void {
      const of = sources.get(source) ?? { rows: 0, rejected: 0, revisions: new Set<string>() }
      of[kind] += 1
      of.revisions.add(sourceRevision)
      sources.set(source, of)
      sum[kind] += 1
      if (kind !== 'rows') return
      tokens.total += length
      tokens.longest = Math.max(tokens.longest, length)
    },
    close(all: readonly Source[]) {
      const released = all.flatMap((source): ReleasedSource[] => {
        const of = sources.get(source.id)
        if (of === undefined) return []
        const { rows, rejected, revisions } = of
        const named = { id: source.id, origin: originOf(source), ...licenceOf(source) }
        return [{ ...named, revisions: [...revisions].toSorted(compareText), rows, rejected }]
      })
      return { ...sum, tokens, sources: released }
    },
  }
}
