import { detectableDifference } from '../statistics/detectable-difference.ts'
import { holm } from '../statistics/holm.ts'
import { compareNight, type NightComparison, type NightHistory } from './compare-night.ts'
import type { NightVerdict } from './night-verdict.ts'

export type NightSettings = {
  /** The chance of one false drop, over all benchmarks of a night where nothing changed. */
  readonly level: number
  /** How many earlier good nights are pooled. */
  readonly window: number
  readonly seed: number
}

/**
 * The verdicts on one night's benchmarks, in their order. A drop, or a rise, is one that the paired
 * test tells at the level, after Holm's correction over the night's benchmarks, and that is beyond
 * what the comparison would find four times in five: a significant trifle alarms nobody. Drops and
 * rises are two questions, each at the level.
 */
export function judgeNight(
  benchmarks: readonly NightHistory[],
  settings: NightSettings,
): NightVerdict[] {
  const comparisons = benchmarks.map((benchmark) => compareNight(benchmark, settings))
  const compared = comparisons.filter((each) => each.kind === 'compared')
  const adjusted = {
    drop: holm(compared.map(({ p }) => p.drop)),
    rise: holm(compared.map(({ p }) => p.rise)),
  }
  return comparisons.map((each) => {
    if (each.kind === 'undecided') return { ...each, level: settings.level }
    const direction = each.difference < 0 ? 'drop' : 'rise'
    const p = adjusted[direction][compared.indexOf(each)] ?? 1
    return judge(each, { direction, p, level: settings.level })
  })
}

function judge(
  { difference, interval, standardError }: Extract<NightComparison, { kind: 'compared' }>,
  test: { readonly direction: 'drop' | 'rise'; readonly p: number; readonly level: number },
): NightVerdict {
  const { direction, p, level } = test
  const smallestDetectable = detectableDifference(standardError, { level, sides: 1 })
  const told = p <= level && Math.abs(difference) > smallestDetectable
  const kind = told ? direction : 'steady'
  return { kind, difference, interval, p, level, smallestDetectable }
}
