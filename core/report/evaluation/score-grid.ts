import type { Score } from '../../score.ts'

/** Scores as benchmarks by models, both in the order in which scores stand. */
export type ScoreGrid = {
  readonly models: readonly string[]
  readonly benchmarks: ReadonlyArray<{ readonly title: string; readonly scores: readonly Score[] }>
}

/** Sorts scores into their grid. */
export function scoreGrid(scores: readonly Score[]): ScoreGrid {
  return {
    models: [...new Set(scores.map(({ model }) => model))],
    benchmarks: [...Map.groupBy(scores, ({ benchmark }) => benchmark).values()].map((those) => ({
      title: those[0]?.title ?? '',
      scores: those,
    })),
  }
}

/** What a benchmark is called to people; its name where no score says it. */
export function titleOf(scores: readonly Score[], benchmark: string): string {
  return scores.find((score) => score.benchmark === benchmark)?.title ?? benchmark
}
