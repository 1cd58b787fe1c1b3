import type { EvaluatedSample } from '../../score.ts'
import { bootstrapMean } from '../../statistics/bootstrap.ts'
import { mean } from '../../statistics/mean.ts'
import { quantile } from '../../statistics/quantile.ts'
import type { OutcomeLengths } from '../evaluation-report-data.ts'

type LengthOfSample = Pick<EvaluatedSample, 'problemId' | 'outcome' | 'completionTokens'>

/** Bins to a doubling of the length. */
const perDoubling = 2

/** The distribution of completion tokens by outcome: two bins to a doubling. The seed is the bootstrap's. */
export function outcomeLengths(
  { seed, ...of }: Pick<OutcomeLengths, 'model' | 'benchmark'> & { readonly seed: number },
  samples: readonly LengthOfSample[],
): OutcomeLengths {
  const having = (wanted: LengthOfSample['outcome']) =>
    samples.filter(({ outcome }) => outcome === wanted)
  return {
    ...of,
    bins: binsOf(samples),
    all: spreadOf(samples, seed),
    accepted: spreadOf(having('accepted'), seed),
    wrong: spreadOf(having('wrong'), seed),
  }
}

function binsOf(samples: readonly LengthOfSample[]): OutcomeLengths['bins'] {
  const byBin = Map.groupBy(samples, ({ completionTokens }) => binOf(completionTokens))
  if (byBin.size === 0) return []
  const first = Math.min(...byBin.keys())
  const last = Math.max(...byBin.keys())
  const bins = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  // Of the shortest, some hold no whole number of tokens.
  return bins
    .filter((bin) => edge(bin) < edge(bin + 1))
    .map((bin) => ({ from: edge(bin), to: edge(bin + 1), ...tally(byBin.get(bin) ?? []) }))
}

function tally(samples: readonly LengthOfSample[]): Record<LengthOfSample['outcome'], number> {
  const having = (wanted: LengthOfSample['outcome']) =>
    samples.filter(({ outcome }) => outcome === wanted).length
  return { accepted: having('accepted'), wrong: having('wrong'), undecided: having('undecided') }
}

/** The first bin whose end is beyond the length. */
function binOf(tokens: number): number {
  const near = Math.floor(perDoubling * Math.log2(Math.max(1, tokens)))
  return tokens >= edge(near + 1) ? near + 1 : near
}

/** Where a bin begins: whole tokens, a response of none is in the first. */
function edge(bin: number): number {
  return bin === 0 ? 0 : Math.ceil(2 ** (bin / perDoubling))
}

function spreadOf(samples: readonly LengthOfSample[], seed: number): OutcomeLengths['all'] {
  if (samples.length === 0) return null
  const byProblem = Map.groupBy(samples, ({ problemId }) => problemId)
  const means = [...byProblem.values()].map((those) => mean(those.map(tokensOf)))
  const interval = means.length === 1 ? null : bootstrapMean(means, seed)
  const sorted = samples.map(tokensOf).toSorted((a, b) => a - b)
  return {
    n: samples.length,
    problems: means.length,
    mean: { value: mean(means), interval },
    p5: quantile(sorted, 0.05),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
  }
}

function tokensOf({ completionTokens }: LengthOfSample): number {
  return completionTokens
}
