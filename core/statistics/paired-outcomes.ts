import { bootstrapMean } from './bootstrap.ts'
import type { Interval } from './interval.ts'
import { mean } from './mean.ts'
import { type ProblemOutcomes, refuseRepeated, shareCorrect } from './problem-outcomes.ts'

/** The outcomes of one problem on either side of a comparison; the numbers of samples may differ. */
export type PairedProblem = {
  readonly problemId: string
  readonly before: readonly boolean[]
  readonly after: readonly boolean[]
}

/**
 * Joins two sets of outcomes over the same problems, in the order of `before`. Throws RangeError
 * where a problem is missing on one side or comes twice, naming it.
 */
export function pairProblems(
  before: readonly ProblemOutcomes[],
  after: readonly ProblemOutcomes[],
): PairedProblem[] {
  refuseRepeated(before)
  refuseRepeated(after)
  const afterById = new Map(after.map(({ problemId, outcomes }) => [problemId, outcomes]))
  const beforeIds = new Set(before.map(({ problemId }) => problemId))
  refuseMissing({ side: 'before', ids: after.filter((each) => !beforeIds.has(each.problemId)) })
  refuseMissing({ side: 'after', ids: before.filter((each) => !afterById.has(each.problemId)) })
  return before.map(({ problemId, outcomes }) => ({
    problemId,
    before: outcomes,
    after: afterById.get(problemId) ?? [],
  }))
}

/**
 * By how much each problem's share of right samples rose from before to after; negative for a drop.
 * Throws RangeError where a problem has no sample on one side, naming it.
 */
export function pairedDifferences(problems: readonly PairedProblem[]): number[] {
  const side = (of: 'before' | 'after') =>
    shareCorrect(problems.map((each) => ({ problemId: each.problemId, outcomes: each[of] })))
  const before = side('before')
  return side('after').map((share, at) => share - (before[at] ?? 0))
}

/** The mean difference over problems, with its 95 % bootstrap interval: whole problems are drawn, both sides together. */
export function meanDifference(
  differences: readonly number[],
  seed: number,
): Interval & { readonly value: number } {
  return { value: mean(differences), ...bootstrapMean(differences, seed) }
}

const namedAtMost = 3

function refuseMissing({
  side,
  ids,
}: {
  readonly side: 'before' | 'after'
  readonly ids: readonly { readonly problemId: string }[]
}): void {
  if (ids.length === 0) return
  const named = ids.slice(0, namedAtMost).map(({ problemId }) => problemId)
  const more = ids.length > namedAtMost ? ` and ${ids.length - namedAtMost} more` : ''
  throw new RangeError(
    `${named.join(', ')}${more} missing ${side}: compare outcomes over the same problems`,
  )
}
