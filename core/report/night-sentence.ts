import type { Night } from '../night.ts'
import type { Accuracy } from '../score.ts'
import { count, interval, percent } from './figures.ts'

/** What a night says of a benchmark, in a sentence. */
export function nightSentence({ benchmark, verdict, score }: Night): string {
  if (verdict.kind === 'undecided') {
    return `${benchmark}: not decided, since ${verdict.explanation}.`
  }
  const { difference, p, level, smallestDetectable } = verdict
  const now = score === null ? 'no score' : figure(score.accuracy)
  const by = `${points(difference)} (95 %: ${points(verdict.interval.low)} to ${points(verdict.interval.high)})`
  const test = `p = ${p.toPrecision(2)} at level ${level}, smallest detectable ${points(smallestDetectable)}`
  switch (verdict.kind) {
    case 'drop':
      return `${benchmark} dropped by ${by} to ${now}; ${test}.`
    case 'rise':
      return `${benchmark} rose by ${by} to ${now}; ${test}.`
    case 'steady':
      return `${benchmark}: no change beyond noise at ${now}; ${test}.`
  }
}

function figure(accuracy: Accuracy): string {
  return `${percent(accuracy.value)} (${interval(accuracy)}, n = ${count(accuracy.n)})`
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`
}
