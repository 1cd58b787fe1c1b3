import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { quantile } from '../../statistics/quantile.ts'
import type { Spread } from './spread.ts'

/** One source: its problems, how many were tried, and of how many a trace was accepted. */
export type Tried = { readonly size: number; readonly tried: number; readonly accepted: number }

const replicates = 1000
/** Problems drawn one by one; of more, the share is that of these. */
const mostDraws = 300

/**
 * Of how many of all problems a trace will be accepted, from those that were tried. What is still
 * to come is drawn from Pólya's urn, which starts with the tried ones and half a problem either way
 * (Jeffreys' prior): even where all or none were accepted, the others may turn out otherwise.
 */
export function predictAccepted(sources: readonly Tried[], seed: number): Spread {
  const drawn = sources.filter(({ tried }) => tried > 0)
  const size = sum(drawn, (each) => each.size)
  const tried = sum(drawn, (each) => each.tried)
  const accepted = sum(drawn, (each) => each.accepted)
  const share = sum(drawn, (each) => (each.size / size) * (each.accepted / each.tried))
  const weight = effectiveNumber(drawn, { size, tried, share })
  const urn = { accepted: weight * share + 0.5, refused: weight * (1 - share) + 0.5 }
  const random = xoroshiro128plus(seed)
  const left = Math.max(0, size - tried)
  const totals = Array.from(
    { length: replicates },
    () => accepted + left * drawShare(urn, left, random),
  ).toSorted((a, b) => a - b)
  return {
    p10: Math.round(quantile(totals, 0.1)),
    p50: Math.round(quantile(totals, 0.5)),
    p90: Math.round(quantile(totals, 0.9)),
  }
}

/** How many problems drawn at random would tell as much as those that were drawn source by source. */
function effectiveNumber(
  sources: readonly Tried[],
  { size, tried, share }: { readonly size: number; readonly tried: number; readonly share: number },
): number {
  const spread = share * (1 - share)
  const variance = sum(sources, (each) => {
    const own = each.accepted / each.tried
    // One problem tells nothing of its source's spread: that of all is taken.
    const within = each.tried > 1 ? (own * (1 - own)) / (each.tried - 1) : spread
    return (each.size / size) ** 2 * within
  })
  return variance === 0 || spread === 0 ? tried : Math.min(tried, spread / variance)
}

type Urn = { readonly accepted: number; readonly refused: number }

function drawShare(urn: Urn, left: number, random: RandomGenerator): number {
  const draws = Math.min(left, mostDraws)
  if (draws === 0) return 0
  let { accepted } = urn
  let all = urn.accepted + urn.refused
  for (let drawn = 0; drawn < draws; drawn++) {
    if (uniformFloat64(random) * all < accepted) accepted += 1
    all += 1
  }
  return (accepted - urn.accepted) / draws
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((total, item) => total + figure(item), 0)
}
