import { mean } from '../statistics/mean.ts'
import { quantile } from '../statistics/quantile.ts'
import { measureRepetition } from './repetition.ts'

/** What the figures of texts are made of. */
export type MeasuredText = {
  readonly text: string
  /** Whether the limit of tokens cut it off. */
  readonly truncated: boolean
  readonly completionTokens: number
}

/** Figures of a model's answers beside their score. */
export type TextFigures = {
  readonly samples: number
  readonly truncated: number
  /** Samples that end in a loop. */
  readonly looped: number
  /** The mean over samples of the share of repeated sequences of four words. */
  readonly repeatedFourWords: number
  readonly tokens: LengthDistribution
}

/** Tokens of a sample: the mean, and what 5 to 95 % of samples stay below. */
export type LengthDistribution = {
  readonly mean: number
  readonly p5: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p95: number
}

/** Sums up texts: how many are cut off or looped, how much they repeat, how long they are. Null for no texts. */
export function measureTexts(texts: readonly MeasuredText[]): TextFigures | null {
  if (texts.length === 0) return null
  const repetitions = texts.map(({ text }) => measureRepetition(text))
  return {
    samples: texts.length,
    truncated: texts.filter(({ truncated }) => truncated).length,
    looped: repetitions.filter(({ loop }) => loop !== null).length,
    repeatedFourWords: mean(repetitions.map(({ repeatedFourWords }) => repeatedFourWords)),
    tokens: distribution(texts.map(({ completionTokens }) => completionTokens)),
  }
}

function distribution(lengths: readonly number[]): LengthDistribution {
  const sorted = lengths.toSorted((a, b) => a - b)
  return {
    mean: mean(sorted),
    p5: quantile(sorted, 0.05),
    p25: quantile(sorted, 0.25),
    p50: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
  }
}
