import { cancellationSignal } from '@temporalio/activity'
import { checkFailureBudget } from '../core/failure-budget.ts'
import type { ProblemSource, SourceRow } from '../core/ports/problem-source.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Source } from '../core/sources/source.ts'
import { reportProgress } from './progress.ts'

/** A row that could not become a problem, or a file without any: what the list of such rows says of it. */
export type SetAsideRow = {
  readonly source: string
  readonly row: number
  readonly reason: string
}

/** Rows between two reports of progress, which are also the moments to stop at. */
const rowsBetweenReports = 1000

/** Different reasons that are told apart in an error; the list of rows set aside has them all. */
const countedReasons = 100

/**
 * The rows of a source that can be used; the others are handed to `setAside`. Throws
 * FailureBudgetExceededError, once the source is read, where there are more of those than the recipe
 * allows.
 */
export async function* usableRows(
  { problemSource, recipe }: { readonly problemSource: ProblemSource; readonly recipe: Recipe },
  source: Source,
  setAside: (row: SetAsideRow) => Promise<void>,
): AsyncGenerator<Exclude<SourceRow, { kind: 'set-aside' | 'file-set-aside' }>> {
  const reasons = new Map<string, number>()
  const files = new Map<string, number>()
  let rows = 0
  let lastRow = -1
  for await (const row of problemSource.read(source, recipe.seed)) {
    if (row.kind === 'problem' || row.kind === 'set-aside') rows += 1
    if (rows % rowsBetweenReports === 0) {
      cancellationSignal().throwIfAborted()
      reportProgress({ source: source.id, rows })
    }
    lastRow = Math.max(lastRow, rowNumber(row))
    if (row.kind === 'set-aside') {
      const counted = reasons.has(row.reason) || reasons.size < countedReasons
      increment(reasons, counted ? row.reason : 'other reasons')
      await setAside({ source: source.id, row: row.row, reason: row.reason })
    } else if (row.kind === 'file-set-aside') {
      files.set(row.reason, row.share)
      await setAside({ source: source.id, row: row.row, reason: row.reason })
    } else yield row
  }
  // A recorded file's unusable rows are set aside whoever's they are; of the others a source takes some.
  const read = source.kind === 'recorded' ? Math.max(rows, lastRow + 1) : rows
  const lost = rowsOfFiles(files, read)
  checkFailureBudget({
    of: `source ${source.id}`,
    unit: 'rows',
    total: read + sum(lost.values()),
    reasons: new Map([...reasons, ...lost]),
    budget: recipe.failureBudget.sourceRows,
    field: 'failureBudget.sourceRows',
    mend: 'correct its entry in the recipe',
  })
}

function rowNumber(row: SourceRow): number {
  switch (row.kind) {
    case 'problem':
      return row.problem.origin.row
    case 'set-aside':
      return row.row
    case 'file-set-aside':
    case 'label':
    case 'left-out':
      return -1
  }
}

/** The rows that files would have had, by their share of the bytes: those read are the rest's. */
function rowsOfFiles(shares: ReadonlyMap<string, number>, read: number): Map<string, number> {
  const rest = 1 - sum(shares.values())
  const rowsOf = (share: number) => (rest > 0 ? Math.round((read * share) / rest) : 0)
  return new Map([...shares].map(([file, share]) => [file, Math.max(1, rowsOf(share))]))
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0)
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
