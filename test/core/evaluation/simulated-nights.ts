import type { EarlierNight } from '../../../core/evaluation/compare-night.ts'
import { judgeNight } from '../../../core/evaluation/judge-night.ts'
import type { NightOutcomes } from '../../../core/evaluation/night-outcomes.ts'
import type { NightVerdict } from '../../../core/evaluation/night-verdict.ts'
import { seededBits } from '../../../core/statistics/seeded-bits.ts'
import { drawOutcomes } from '../statistics/simulated-outcomes.ts'

export const settings = { level: 0.01, window: 7, seed: 1 }

/** A night of 100 problems with four samples each, all solved at this rate. */
export function drawNight(seed: number, rate: number): NightOutcomes {
  const problems = drawOutcomes(Array<number>(100).fill(rate), 4, seededBits(seed))
  return { problemsDigest: 'first-set', samples: 4, problems }
}

/** The verdict on the last of several nights; each before it is judged by those before. */
export function judgeLast(nights: readonly NightOutcomes[]): NightVerdict {
  return judgeEach(nights).at(-1) ?? fail()
}

/** The verdicts on nights of one benchmark, each judged by those before it. */
export function judgeEach(nights: readonly NightOutcomes[]): NightVerdict[] {
  const earlier: EarlierNight[] = []
  for (const tonight of nights) {
    const [verdict = fail()] = judgeNight([{ tonight, earlier }], settings)
    earlier.push({ ...tonight, verdict })
  }
  return earlier.map(({ verdict }) => verdict)
}

function fail(): never {
  throw new Error('a night of one benchmark has no verdict')
}
