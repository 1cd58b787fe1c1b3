import type { SourceRow } from '../../../../core/ports/problem-source.ts'
import { hubProblems } from '../../../../core/sources/hub/hub-problems.ts'
import type { HubSource } from '../../../../core/sources/hub/hub-source.ts'
import type { HubRow } from '../../../../core/sources/hub/row-reader.ts'
import { collect } from '../../../infra/hub/hub-folder.ts'

export const commit = 'c0ffee00'.repeat(5)

/** An entry that takes every row of a set; `changes` make it the one of a test. */
export function hubSource(changes: Partial<HubSource> = {}): HubSource {
  return {
    kind: 'hub',
    id: 'set',
    role: 'train',
    gated: false,
    dataset: 'org/set',
    config: null,
    split: 'train',
    revision: commit,
    files: null,
    reader: {
      name: 'columns',
      prompt: 'question',
      reference: { kind: 'answer', column: 'answer', form: 'whole' },
      difficulty: null,
      category: null,
    },
    select: [],
    slice: null,
    filters: [],
    difficulty: null,
    cap: null,
    domain: 'math',
    licence: 'mit',
    ...changes,
  }
}

/** The seed of a recipe. */
export const seed = 42

/** What an entry makes of rows. */
export function readRows(
  source: HubSource,
  rows: readonly HubRow[],
  withSeed = seed,
): Promise<SourceRow[]> {
  async function* items() {
    for (const row of rows) yield { row }
  }
  return collect(hubProblems({ source, commit, seed: withSeed, items: items() }))
}

/** What an entry makes of one row: its problem, or why it is set aside. */
export async function readOne(reader: HubSource['reader'], row: HubRow, withSeed = seed) {
  const [first] = await readRows(
    hubSource({ reader, domain: reader.name === 'still-2' ? null : 'math' }),
    [row],
    withSeed,
  )
  if (first?.kind === 'problem') return first.problem
  return first?.kind === 'set-aside' ? first.reason : undefined
}
