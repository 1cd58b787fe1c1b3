import { digestOf } from '../digest.ts'
import type { Outcome } from '../verdict.ts'
import { inTurn } from './in-turn.ts'

/** What the choice looks at; the texts are read for the chosen ones only. */
export type TraceCandidate = {
  readonly traceId: string
  readonly domain: string
  readonly outcome: Outcome
  readonly reason: string
}

/** Traces that a report shows, and how many of them were not accepted (where there are so many). */
const shown = 10
const rejectedShown = 3

/**
 * The ids of the traces that a report shows: accepted ones taken in turn from each domain, rejected
 * ones in turn from each reason. The order inside a group is the digest of seed and id, so the
 * choice depends on neither the order nor the number of shards.
 */
export function chooseTraces(candidates: readonly TraceCandidate[], seed: number): string[] {
  const ranked = inOrder(candidates, seed)
  const accepted = inTurn(
    ranked.filter(({ outcome }) => outcome === 'accepted'),
    ({ domain }) => domain,
  )
  const rejected = inTurn(
    ranked.filter(({ outcome }) => outcome !== 'accepted'),
    ({ outcome, reason }) => `${outcome} ${reason}`,
  )
  const fewRejected = Math.max(rejectedShown, shown - accepted.length)
  const some = rejected.slice(0, fewRejected)
  return [...accepted.slice(0, shown - some.length), ...some].map(({ traceId }) => traceId)
}

/** Those among which {@link chooseTraces} finds the same traces: the first few of each group. */
export function foremostTraces(
  candidates: readonly TraceCandidate[],
  seed: number,
): readonly TraceCandidate[] {
  const groups = Map.groupBy(inOrder(candidates, seed), ({ domain, outcome, reason }) => {
    return outcome === 'accepted' ? `${outcome} ${domain}` : `${outcome} ${reason}`
  })
  return [...groups.values()].flatMap((group) => group.slice(0, shown))
}

function inOrder(candidates: readonly TraceCandidate[], seed: number): readonly TraceCandidate[] {
  return candidates
    .map((candidate) => ({ candidate, rank: digestOf({ seed, trace: candidate.traceId }) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ candidate }) => candidate)
}
