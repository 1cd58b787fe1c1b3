import type { Score } from '../../core/score.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'

/** The score of a student that answers three of four problems, or what a test says of it. */
export function exampleScore(change: Partial<Score> = {}): Score {
  const accuracy = change.accuracy ?? wilsonInterval(3, 4)
  return {
    model: 'student',
    modelDigest: 'd',
    benchmark: 'held-out',
    title: 'Held-out problems',
    problemsDigest: 'p',
    problems: accuracy.n,
    accuracy,
    byDomain: { math: accuracy },
    byCategory: { sums: accuracy },
    byDifficulty: {},
    passAt: [],
    passAll: [],
    majority: null,
    missing: 0,
    undecided: 0,
    unanswered: 0,
    truncated: 0,
    repeating: 0,
    lengths: { mean: 20, quantiles: [{ share: 0.5, tokens: 20 }] },
    published: [],
    settings: {
      samples: 1,
      temperature: 0,
      topP: 1,
      maxTokens: 256,
      seed: 1,
      prompt: 'digest',
      engine: { name: 'cpu', version: 'torch 2', dtype: 'float32', tensorParallel: 1 },
      grader: { profile: 'strict', version: 3 },
    },
    ...change,
  }
}
