import { type ClusteredRate, clusteredRate } from './clustered-rate.ts'
import { countCorrect, type ProblemOutcomes, refuseRepeated } from './problem-outcomes.ts'

/**
 * The chance that at least one of `k` samples is right, unbiased from `correct` of `n` samples:
 * 1 − C(n − c, k) / C(n, k), as a product of factors of at most 1 so that nothing overflows.
 * M. Chen et al., "Evaluating large language models trained on code", arXiv:2107.03374 (2021), 2.1.
 * Throws RangeError unless 0 ≤ correct ≤ n and 1 ≤ k ≤ n, all whole.
 */
export function passAtK(correct: number, n: number, k: number): number {
  refuseCounts(correct, n, k)
  if (n - correct < k) return 1
  let noneRight = 1
  for (let i = n - correct + 1; i <= n; i++) noneRight *= 1 - k / i
  return 1 - noneRight
}

/**
 * The chance that all of `k` samples are right, unbiased from `correct` of `n` samples:
 * C(c, k) / C(n, k). S. Yao et al., "τ-bench", arXiv:2406.12045 (2024), as pass^k.
 * Throws RangeError unless 0 ≤ correct ≤ n and 1 ≤ k ≤ n, all whole.
 */
export function passPowerK(correct: number, n: number, k: number): number {
  refuseCounts(correct, n, k)
  let allRight = 1
  for (let i = 0; i < k; i++) allRight *= Math.max(0, correct - i) / (n - i)
  return allRight
}

/** pass@k over problems, with its clustered interval. Throws RangeError where a problem has fewer than k samples. */
export function passAtKRate(
  problems: readonly ProblemOutcomes[],
  { k, seed }: { readonly k: number; readonly seed: number },
): ClusteredRate {
  return clusteredRate(eachProblem(problems, k, passAtK), seed)
}

/** pass^k over problems, with its clustered interval. Throws RangeError where a problem has fewer than k samples. */
export function passPowerKRate(
  problems: readonly ProblemOutcomes[],
  { k, seed }: { readonly k: number; readonly seed: number },
): ClusteredRate {
  return clusteredRate(eachProblem(problems, k, passPowerK), seed)
}

function eachProblem(
  problems: readonly ProblemOutcomes[],
  k: number,
  estimate: typeof passAtK,
): number[] {
  refuseRepeated(problems)
  return problems.map(({ problemId, outcomes }) => {
    if (outcomes.length < k) {
      throw new RangeError(
        `problem ${problemId} has ${outcomes.length} samples, fewer than k = ${k}: lower k, or sample more`,
      )
    }
    return estimate(countCorrect(outcomes), outcomes.length, k)
  })
}

function refuseCounts(correct: number, n: number, k: number): void {
  const whole = [correct, n, k].every(Number.isInteger)
  if (!whole || correct < 0 || correct > n || k < 1 || k > n) {
    throw new RangeError(
      `k = ${k} with ${correct} of ${n} right: give whole numbers, 0 ≤ correct ≤ n and 1 ≤ k ≤ n`,
    )
  }
}
