import { describe, expect, test } from 'vitest'
import {
  chooseTraces,
  foremostTraces,
  type TraceCandidate,
} from '../../../core/report/choose-traces.ts'

describe('chooseTraces', () => {
  const candidates = Array.from({ length: 400 }, (_, at) =>
    candidate(at, at % 5 === 0 ? 'wrong' : 'accepted'),
  )

  test('shows ten, from every domain, three of them rejected', () => {
    const chosen = chosenOf(candidates, 1)
    expect(chosen).toHaveLength(10)
    expect(new Set(chosen.map(({ traceId }) => traceId)).size).toBe(10)
    expect(chosen.filter(({ outcome }) => outcome !== 'accepted')).toHaveLength(3)
    const accepted = chosen.filter(({ outcome }) => outcome === 'accepted')
    expect(new Set(accepted.map(({ domain }) => domain)).size).toBe(4)
  })

  test('takes rejected ones of different reasons first', () => {
    const mixed = candidates.map((each, at) =>
      at === 5 ? { ...each, outcome: 'undecided' as const, reason: 'sandbox-failed' } : each,
    )
    const outcomes = chosenOf(mixed, 1).map(({ outcome }) => outcome)
    expect(outcomes).toContain('undecided')
    expect(outcomes).toContain('wrong')
  })

  test('finds the same traces among those kept while they came in parts', () => {
    const reasons = candidates.map((each, at) => ({ ...each, reason: `reason ${at % 7}` }))
    const parts = Array.from({ length: 8 }, (_, at) => reasons.slice(at * 50, at * 50 + 50))
    const kept = parts.reduce<readonly TraceCandidate[]>(
      (before, part) => foremostTraces([...before, ...part], 1),
      [],
    )
    expect(kept.length).toBeLessThan(reasons.length / 2)
    expect(chooseTraces(kept, 1)).toEqual(chooseTraces(reasons, 1))
  })

  test('depends on the seed, and not on the order', () => {
    expect(chooseTraces(candidates.toReversed(), 1)).toEqual(chooseTraces(candidates, 1))
    expect(chooseTraces(candidates, 2)).not.toEqual(chooseTraces(candidates, 1))
  })

  test.each([
    [0, 0, 0],
    [4, 0, 4],
    [0, 4, 4],
    [20, 1, 10],
    [2, 20, 10],
  ])('%i accepted and %i rejected show %i', (accepted, wrong, shown) => {
    const some = [
      ...Array.from({ length: accepted }, (_, at) => candidate(at, 'accepted')),
      ...Array.from({ length: wrong }, (_, at) => candidate(1000 + at, 'wrong')),
    ]
    expect(chooseTraces(some, 7)).toHaveLength(shown)
  })
})

function candidate(at: number, outcome: TraceCandidate['outcome']): TraceCandidate {
  const domain = ['math', 'code', 'science', 'puzzle'][at % 4] ?? 'math'
  return {
    traceId: `trace-${at}`,
    domain,
    outcome,
    reason: outcome === 'wrong' ? 'different' : 'equal',
  }
}

function chosenOf(candidates: readonly TraceCandidate[], seed: number): TraceCandidate[] {
  return chooseTraces(candidates, seed).flatMap((id) =>
    candidates.filter(({ traceId }) => traceId === id),
  )
}
