import { type ClusteredRate, clusteredRate } from './clustered-rate.ts'
import { mean } from './mean.ts'
import { refuseRepeated } from './problem-outcomes.ts'

/** A sample as a vote: its normalised answer, null where it gave none or its verdict is undecided. */
export type Vote = { readonly answer: string | null; readonly correct: boolean }

export type ProblemVotes = { readonly problemId: string; readonly votes: readonly Vote[] }

/**
 * The chance that the answer given most often is right (majority@n): X. Wang et al.,
 * "Self-consistency improves chain of thought reasoning in language models", arXiv:2203.11171 (2022).
 * Answers are one where their texts are equal, so they should come normalised; each sample without
 * an answer is a wrong vote of its own. Of answers that tie, one is taken to be drawn by lot: the
 * result is then the share of them that are right. Votes for one answer that were judged
 * differently make it right in proportion. Throws RangeError for no votes.
 */
export function majorityCorrect(votes: readonly Vote[]): number {
  const byAnswer = new Map<string | symbol, number[]>()
  for (const { answer, correct } of votes) {
    const key = answer ?? Symbol('no answer')
    const right = answer !== null && correct ? 1 : 0
    byAnswer.set(key, [...(byAnswer.get(key) ?? []), right])
  }
  const answers = [...byAnswer.values()]
  const most = answers.reduce((largest, { length }) => Math.max(largest, length), 0)
  return mean(answers.filter(({ length }) => length === most).map(mean))
}

/** majority@n over problems, with its clustered interval. Throws RangeError where a problem comes twice or has no vote. */
export function majorityRate(problems: readonly ProblemVotes[], seed: number): ClusteredRate {
  refuseRepeated(problems)
  const values = problems.map(({ problemId, votes }) => {
    if (votes.length > 0) return majorityCorrect(votes)
    throw new RangeError(`problem ${problemId} has no vote: leave it out, or sample it`)
  })
  return clusteredRate(values, seed)
}
