import type { Attempt, ReportSample } from '../evaluation-report-data.ts'

/** How a model stands on a problem. */
export type Standing = 'right' | 'wrong' | 'undecided'

/**
 * Right where more than half of the samples are correct, undecided where the undecided ones could
 * tip that, else wrong. With one sample it is the verdict on it. Null where there is none.
 */
export function standingOf(attempt: Attempt | null): Standing | null {
  if (attempt === null || attempt.samples === 0) return null
  const half = attempt.samples / 2
  if (attempt.accepted > half) return 'right'
  return attempt.accepted + attempt.undecided > half ? 'undecided' : 'wrong'
}

/** Counts a model's samples to a problem; null where there is none. */
export function attemptOf(samples: readonly ReportSample[] | undefined): Attempt | null {
  if (samples === undefined || samples.length === 0) return null
  const having = (outcome: 'accepted' | 'undecided') =>
    samples.filter(({ verdict }) => verdict.outcome === outcome).length
  return {
    accepted: having('accepted'),
    undecided: having('undecided'),
    samples: samples.length,
  }
}

/** What became of a problem between two models, the first named first. */
export type PairOutcome =
  | 'right-right'
  | 'right-wrong'
  | 'wrong-right'
  | 'wrong-wrong'
  | 'undecided'

/** Undecided where either model is, or was not asked. */
export function pairOutcome(first: Standing | null, second: Standing | null): PairOutcome {
  if (first === null || second === null || first === 'undecided' || second === 'undecided') {
    return 'undecided'
  }
  return `${first}-${second}`
}
