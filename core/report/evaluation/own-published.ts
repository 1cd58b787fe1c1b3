import type { PublishedComparison, Score } from '../../score.ts'

/** Whether a comparison is with a score that was published for the same model, by its name. */
export function isOwn(score: Score, { model }: PublishedComparison): boolean {
  return score.model.toLowerCase() === model.toLowerCase()
}

/** What was published for the model itself on a part of the benchmark, by category; null: the whole. */
export function ownPublished(score: Score, category: string | null): PublishedComparison[] {
  return score.published.filter((each) => each.category === category && isOwn(score, each))
}
