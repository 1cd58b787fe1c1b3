import { count, interval, percent, withInterval } from '../core/report/figures.ts'
import type { Score } from '../core/score.ts'
import { shortfallsOf } from '../core/shortfalls.ts'

/** Scores as a terminal shows them, a line each. */
export function evaluationLines(scores: readonly Score[]): string[] {
  const rows = scores.map((score) => [
    score.benchmark,
    score.model,
    percent(score.accuracy.value),
    interval(score.accuracy),
    `${count(score.problems)} × ${score.settings.samples}`,
    notes(score),
  ])
  return aligned([['benchmark', 'model', 'accuracy', '95 %', 'problems × samples', ''], ...rows])
}

function notes(score: Score): string {
  return shortfallsOf(score)
    .filter((each) => each.count > 0)
    .map((each) => `${count(each.count)} of ${count(each.n)} ${each.name}: ${withInterval(each)}`)
    .join(', ')
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
