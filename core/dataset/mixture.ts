import { compareText } from '../compare-text.ts'
import { compactDigest } from '../curation/compact-digest.ts'
import { digestOf } from '../digest.ts'
import type { Domain } from '../problem.ts'
import type { Mixture, Quota } from '../recipe.ts'

/** What the mixture needs to know of an accepted trace. */
export type Candidate = {
  /** Equal for the same question, whichever source it came from. */
  readonly question: string
  readonly index: number
  readonly domain: Domain
  readonly source: string
  /** Undefined where it is not known: then only a quota for any difficulty takes it. */
  readonly difficulty?: number | undefined
  readonly traceId: string
}

/** What became of an accepted trace: a row of a quota, or left out. */
export type Decision = { readonly quota: string } | { readonly leftOut: LeftOut }

/** Why an accepted trace is not in the data set: its question is there already, its quotas are full, it fits none. */
export type LeftOut = 'duplicate' | 'over-quota' | 'no-quota'

/** The rows chosen. */
export type Selection = {
  readonly rows: number
  /** What became of a candidate that was offered. */
  readonly decide: (candidate: Candidate) => Decision
}

/**
 * Chooses rows by quota: one trace a question (the first accepted), each counted in the first
 * quota that it fits and that has room. The order is the digest of seed and question, then the
 * trace's id between sources, so it neither depends on arrival nor on the other rows: a longer
 * list never reshuffles the ones before. At most twice as many candidates as the mixture has rows
 * are kept, for each set of quotas that one may fit.
 */
export async function selectMixture(
  candidates: AsyncIterable<Candidate> | Iterable<Candidate>,
  mixture: Mixture,
  seed: number,
): Promise<Selection> {
  const pools = new Map<string, Pool>()
  const most = mixture.reduce((sum, { rows }) => sum + rows, 0)
  for await (const candidate of candidates) {
    const quotas = mixture.filter((quota) => fits(quota, candidate))
    if (quotas.length === 0) continue
    const names = quotas.map(({ name }) => name)
    const key = names.join(' ')
    const pool = pools.get(key) ?? { quotas: names, ranked: new Map<string, Ranked>() }
    pools.set(key, pool)
    offer(pool, { candidate, seed, most })
  }
  const taken = take([...pools.values()], mixture)
  return { rows: taken.size, decide: (candidate) => decide(candidate, { mixture, seed, taken }) }
}

/** Whether a quota may count a candidate, room aside. */
function fits(
  { domains, sources, difficulty: band }: Quota,
  { domain, source, difficulty }: Pick<Candidate, 'domain' | 'source' | 'difficulty'>,
): boolean {
  if (!domains.includes(domain)) return false
  if (sources.length > 0 && !sources.includes(source)) return false
  if (band === null) return true
  return difficulty !== undefined && difficulty >= band.min && difficulty <= band.max
}

/** A candidate in the order of the mixture; one rank is one question. */
type Ranked = Pick<Candidate, 'index' | 'traceId'> & { readonly rank: string }

/** Candidates that fit the same quotas, by rank. */
type Pool = { readonly quotas: readonly string[]; ranked: Map<string, Ranked> }

/** Compact: there are as many in memory as a mixture has rows. */
function toRanked({ question, index, traceId }: Candidate, seed: number): Ranked {
  return { index, traceId, rank: compactDigest(digestOf({ seed, question })) }
}

function offer(
  pool: Pool,
  given: { readonly candidate: Candidate; readonly seed: number; readonly most: number },
): void {
  const ranked = toRanked(given.candidate, given.seed)
  const standing = pool.ranked.get(ranked.rank)
  // Of one question's traces that fit the same quotas, none but the first can ever be taken.
  if (standing !== undefined && byRank(standing, ranked) <= 0) return
  pool.ranked.set(ranked.rank, ranked)
  if (pool.ranked.size <= 2 * given.most) return
  // Before a question beyond the first `most` is reached, either that many rows are taken, which
  // is all of them, or one was refused because these very quotas were full.
  const first = [...pool.ranked.values()].toSorted(byRank).slice(0, given.most)
  pool.ranked = new Map(first.map((each) => [each.rank, each]))
}

type Taken = ReadonlyMap<string, { readonly row: Ranked; readonly quota: string }>

/** The rows taken, by their ranks. */
function take(pools: readonly Pool[], mixture: Mixture): Taken {
  const offered = pools.flatMap(({ quotas, ranked }) =>
    [...ranked.values()].map((each) => ({ each, quotas })),
  )
  const room = new Map(mixture.map(({ name, rows }) => [name, rows]))
  const taken = new Map<string, { row: Ranked; quota: string }>()
  for (const { each, quotas } of offered.toSorted((a, b) => byRank(a.each, b.each))) {
    if (taken.has(each.rank)) continue
    const quota = quotas.find((name) => (room.get(name) ?? 0) > 0)
    if (quota === undefined) continue
    room.set(quota, (room.get(quota) ?? 0) - 1)
    taken.set(each.rank, { row: each, quota })
  }
  return taken
}

function decide(
  candidate: Candidate,
  chosen: { readonly mixture: Mixture; readonly seed: number; readonly taken: Taken },
): Decision {
  const ranked = toRanked(candidate, chosen.seed)
  const found = chosen.taken.get(ranked.rank)
  if (found?.row.traceId === candidate.traceId) return { quota: found.quota }
  if (!chosen.mixture.some((quota) => fits(quota, candidate))) return { leftOut: 'no-quota' }
  const later = found !== undefined && byRank(found.row, ranked) < 0
  return { leftOut: later ? 'duplicate' : 'over-quota' }
}

function byRank(a: Ranked, b: Ranked): number {
  return compareText(a.rank, b.rank) || a.index - b.index || compareText(a.traceId, b.traceId)
}
