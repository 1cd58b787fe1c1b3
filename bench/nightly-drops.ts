import { parseArgs } from 'node:util'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import type { EarlierNight } from '../core/evaluation/compare-night.ts'
import { judgeNight } from '../core/evaluation/judge-night.ts'
import type { NightOutcomes } from '../core/evaluation/night-outcomes.ts'
import type { NightVerdict } from '../core/evaluation/night-verdict.ts'
import { percent } from '../core/report/figures.ts'
import { mean } from '../core/statistics/mean.ts'
import { seededBits } from '../core/statistics/seeded-bits.ts'
import { wilsonInterval } from '../core/statistics/wilson-interval.ts'

// The nightly alarm over moving histories of simulated nights of MATH500, of which the truth is known:
// how often it is raised where nothing changed, and how soon it tells a drop of five points.

const { values } = parseArgs({
  options: {
    nights: { type: 'string', default: '1000' },
    drops: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})
const problems = 500
const samples = 4
const accuracy = 0.82
const drop = 0.05
const settings = { level: 0.01, window: 7 }
const limits = { falseAlarms: 0.01, caught: 0.95 }
/** Nights between two drops: fewer than are pooled, so that a bad night that went unnoticed is still there. */
const nightsBetween = 3

const random = seededBits(Number(values.seed))

/** Real problems are mostly nearly always right or wrong; were they all alike, samples would scatter most. */
const models = [
  { name: 'beta(1.64, 0.36)', rate: () => drawBeta(2 * accuracy, 2 * (1 - accuracy)) },
  { name: 'all 0.82', rate: () => accuracy },
]

for (const { name, rate } of models) {
  const good = Array.from({ length: problems }, rate)
  // All in proportion, so that their mean falls by five points.
  const bad = good.map((each) => each * (1 - drop / mean(good)))
  const alarms = falseAlarms(good)
  const [inFirst, inTwo] = caughtDrops(good, bad)
  console.log(`solved with rates ${name}:`)
  console.log(`  ${inWords(alarms)} nights without a change raised an alarm`)
  console.log(`  ${inWords(inFirst)} drops of five points told in the first night`)
  console.log(`  ${inWords(inTwo)} drops of five points told within two nights`)
  if (share(alarms) > limits.falseAlarms || share(inTwo) < limits.caught) process.exitCode = 1
}

function falseAlarms(rates: readonly number[]): boolean[] {
  const history = startHistory(rates)
  return Array.from({ length: Number(values.nights) }, () => history.add(rates).kind === 'drop')
}

/** Whether each drop was told in its first night, and whether within two; after that it is mended. */
function caughtDrops(good: readonly number[], bad: readonly number[]): [boolean[], boolean[]] {
  const history = startHistory(good)
  const told = Array.from({ length: Number(values.drops) }, () => {
    for (let night = 0; night < nightsBetween; night++) history.add(good)
    return [history.add(bad), history.add(bad)].map(({ kind }) => kind === 'drop')
  })
  return [told.map(([first]) => first === true), told.map((nights) => nights.includes(true))]
}

/** A history that begins with as many nights as are pooled. */
function startHistory(rates: readonly number[]) {
  const earlier: EarlierNight[] = []
  const history = {
    add(of: readonly number[]): NightVerdict {
      const tonight = drawNight(of)
      const [verdict] = judgeNight([{ tonight, earlier }], { ...settings, seed: earlier.length })
      if (verdict === undefined) throw new Error('a night of one benchmark has no verdict')
      earlier.push({ ...tonight, verdict })
      return verdict
    },
  }
  for (let night = 0; night < settings.window; night++) history.add(rates)
  return history
}

function drawNight(rates: readonly number[]): NightOutcomes {
  return {
    problemsDigest: 'math500',
    samples,
    problems: rates.map((rate, at) => ({
      problemId: `math500-${at}`,
      outcomes: Array.from({ length: samples }, () => uniformFloat64(random) < rate),
    })),
  }
}

/** M. D. Jöhnk's way to draw from a beta distribution, quick for small parameters: Metrika 8 (1964) 5–15. */
function drawBeta(a: number, b: number): number {
  for (;;) {
    const x = uniformFloat64(random) ** (1 / a)
    const y = uniformFloat64(random) ** (1 / b)
    if (x + y <= 1 && x + y > 0) return x / (x + y)
  }
}

function share(told: readonly boolean[]): number {
  return told.filter(Boolean).length / told.length
}

function inWords(told: readonly boolean[]): string {
  const { correct, n, value, low, high } = wilsonInterval(told.filter(Boolean).length, told.length)
  return `${correct} of ${n} (${percent(value)}, 95 % interval ${percent(low)} to ${percent(high)})`
}
