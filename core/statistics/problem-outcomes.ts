/** What a model made of one problem of a benchmark: right or not, sample by sample. */
export type ProblemOutcomes = {
  readonly problemId: string
  readonly outcomes: readonly boolean[]
}

/**
 * The share of each problem's samples that are right, in the problems' order. Throws RangeError
 * where a problem comes twice or has no sample, naming it.
 */
export function shareCorrect(problems: readonly ProblemOutcomes[]): number[] {
  refuseRepeated(problems)
  return problems.map(({ problemId, outcomes }) => {
    if (outcomes.length > 0) return countCorrect(outcomes) / outcomes.length
    throw new RangeError(`problem ${problemId} has no sample: leave it out, or sample it`)
  })
}

/** How many of the outcomes are right. */
export function countCorrect(outcomes: readonly boolean[]): number {
  return outcomes.filter(Boolean).length
}

/** Throws RangeError where two entries are of the same problem, naming it. */
export function refuseRepeated(problems: readonly { readonly problemId: string }[]): void {
  const seen = new Set<string>()
  for (const { problemId } of problems) {
    if (seen.has(problemId)) {
      throw new RangeError(`problem ${problemId} is there twice: join its samples into one entry`)
    }
    seen.add(problemId)
  }
}
