import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { percent } from '../core/report/figures.ts'
import { type Layout, levelled, padded } from '../core/training/packing.ts'
import { type Cost, fitCost, modelFlops, peakFlops, wholeModel } from './slice/cost.ts'
import {
  type Extrapolation,
  type Profile,
  type Rates,
  assumedCollectiveRate,
  assumedHostMemoryRate,
  extrapolate,
} from './slice/extrapolation.ts'
import { drawSteps, likeCosts, oneByOne, packLengths } from './slice/grouping.ts'
import { type Run, ofKind, only, readMeasurements, runsOf } from './slice/measurements.ts'
import { leastOffload } from './slice/memory.ts'

// First what `slice.py` measured on one GPU: faithful against fast grouping, a layer at a time. Then
// a model, no measurement, of both profiles on eight. The reference is the faithful profile.

const { values } = parseArgs({
  options: {
    measured: {
      type: 'string',
      default: fileURLToPath(import.meta.resolve('./slice/measured-h100.jsonl')),
    },
    steps: { type: 'string', default: '510' },
    seed: { type: 'string', default: '17' },
  },
})
const limits = { mfu: 0.45, speedup: 3 }
/** 19 hours for 510 steps. */
const published = { secondsPerStep: 134 }

type Steps = ReturnType<typeof drawSteps>
/** The share of the optimizer's state on the host in the fast profile (Twin-Flow). */
const twinFlow = 0.4

const measurements = await readMeasurements(values.measured)
const runs = runsOf(ofKind(measurements, 'slice'))
const causal = runs.filter(({ like }) => like.suite === 'faithful' && like.padding === 0)
const masked = runs.filter(({ like }) => like.suite === 'faithful' && like.padding > 0)
const lean = runs.filter(({ like }) => like.liger && like.recompute === 'lean')
/** Attention's results are kept, not computed again: what the fast profile does. */
const attentionKept = runs.filter(({ like }) => like.liger && like.recompute === 'attention')
const usual = runs.filter(({ like }) => like.liger && isUsual(like.lengths))

printMeasured()
const kept = printAgreement() && printExtrapolation()
if (!kept) process.exitCode = 1

function isUsual(lengths: readonly number[]): boolean {
  return lengths.length === 4 && lengths[0] !== lengths[1]
}

function printMeasured(): void {
  console.log('MEASURED on one', only(ofKind(measurements, 'device')).name)
  for (const run of runs) {
    const { like, tokens, layerSeconds, restSeconds, layerBytes } = run
    const layerMfu = modelFlops(run, { layers: 1, head: false }) / layerSeconds / peakFlops
    console.log(
      `${like.suite.padEnd(8)} ${like.liger ? 'liger' : 'stock'} ${like.recompute.padEnd(16)} ` +
        `${lengthsText(run).padEnd(26)} layer ${ms(layerSeconds)} ms, rest ${ms(restSeconds)} ms, ` +
        `${Math.round(tokens / layerSeconds / 1000)}K tokens/s a layer, MFU of layers ${percent(layerMfu)}, ` +
        `of the slice ${percent(mfuOfSlice(run))}, a layer keeps ${(layerBytes / 1e6).toFixed(0)} MB`,
    )
  }
}

/** Layers and head of the larger slice together, as they ran. */
function mfuOfSlice(run: Run): number {
  const { layers, seconds } = run.like
  return modelFlops(run, { layers, head: true }) / seconds / peakFlops
}

function lengthsText({ like: { lengths, padding } }: Run): string {
  const [first] = lengths
  if (lengths.length > 4) return `${lengths.length} × ${first}`
  return lengths.join(' + ') + (padding > 0 ? `, ${padding} of padding` : '')
}

/** Whether packing changes no more than bf16 rounds away. */
function printAgreement(): boolean {
  const { packedToAlone, packedToFp32, aloneToFp32, ...more } = only(
    ofKind(measurements, 'agreement'),
  )
  console.log(
    `losses of packed examples: ${packedToAlone.toExponential(1)} from the same alone at most, ` +
      `${packedToFp32.toExponential(1)} from fp32 (alone ${aloneToFp32.toExponential(1)}); ` +
      `fused loss ${more.fusedLossToAlone.toExponential(1)}; another first example changes the others' ` +
      `by ${more.othersWhenFirstIsSwapped}`,
  )
  return packedToFp32 <= 2 * aloneToFp32 && more.othersWhenFirstIsSwapped === 0
}

function printExtrapolation(): boolean {
  const rates = measuredRates()
  console.log(
    `\nEXTRAPOLATED to eight, a model: fits are off by ` +
      `${[causal, masked, lean, attentionKept].map((each) => percent(fitCost(each).worst)).join(', ')} ` +
      `at most; assumed ${assumedCollectiveRate / 1e9} GB/s of NVLink, ` +
      `${assumedHostMemoryRate / 1e9} GB/s of host memory`,
  )
  const steps = drawSteps(Number(values.steps), Number(values.seed))
  const outcomes = [...faithfulProfiles(steps), ...fastProfiles(steps)].map((profile) =>
    extrapolate(profile, rates),
  )
  for (const outcome of outcomes) console.log(extrapolationText(outcome))
  printRecompute()
  return printGoals(outcomes)
}

function faithfulProfiles(steps: Steps): readonly Profile[] {
  const [withoutMask, withMask] = [fitCost(causal).cost, fitCost(masked).cost]
  const faithful: Profile = {
    name: 'faithful',
    steps: steps.map(oneByOne),
    cost: ([length = 0]) =>
      padded(length) === length ? withoutMask([length]) : withMask([padded(length)]),
    offloadParameters: true,
    offloadOptimizer: 1,
  }
  return [faithful, { ...faithful, name: 'faithful, never padded', cost: withoutMask }]
}

function fastProfiles(steps: Steps): readonly Profile[] {
  const profile = (name: string, cost: Cost, layout: Layout): Profile => ({
    name,
    steps: packLengths(steps, layout, cost),
    cost,
    offloadParameters: false,
    offloadOptimizer: twinFlow,
  })
  return [
    profile('fast, LPT', fitCost(lean).cost, likeCosts),
    profile('fast, levelled', fitCost(lean).cost, levelled),
    profile('fast, levelled, attention kept', fitCost(attentionKept).cost, levelled),
  ]
}

function measuredRates(): Rates {
  const { toDevice, toHost } = only(ofKind(measurements, 'transfer'))
  const adam = (device: string) =>
    only(ofKind(measurements, 'adam'), (one) => one.device === device).parametersPerSecond
  return { toDevice, toHost, hostAdam: adam('cpu'), deviceAdam: adam('cuda') }
}

function extrapolationText({
  name,
  microSteps,
  parts,
  balance,
  hidden,
  exposed,
}: Extrapolation): string {
  const { compute, transfers, collectives, optimizer } = parts
  const range = (of: (outcome: typeof hidden) => string) => `${of(hidden)}–${of(exposed)}`
  return (
    `${name}: ${microSteps} micro-steps, balance ${percent(balance)}; compute ${compute.toFixed(1)} s, ` +
    `transfers ${transfers.toFixed(1)} s, collectives ${collectives.toFixed(1)} s, ` +
    `optimizer ${optimizer.toFixed(1)} s; a step ` +
    `${range(({ secondsPerStep }) => secondsPerStep.toFixed(1))} s, the run ` +
    `${range(({ hours }) => hours.toFixed(1))} h, ` +
    `${range(({ tokensPerSecondAndGpu }) => tokensPerSecondAndGpu.toFixed(0))} tokens/s a GPU, MFU ` +
    range(({ mfu }) => percent(mfu))
  )
}

/** What each way of recomputing takes of a GPU's memory, and its MFU were all 64 layers so. */
function printRecompute(): void {
  const none = only(usual, ({ like }) => like.recompute === 'none')
  for (const run of usual) {
    const least = leastOffload(run, none)
    const fits =
      least === undefined
        ? 'does not fit'
        : `fits with ${least} or more of the optimizer's state on the host`
    const mfu = modelFlops(run) / wholeModel(run) / peakFlops
    console.log(`recompute ${run.like.recompute}: MFU of 64 layers ${percent(mfu)}, ${fits}`)
  }
}

function printGoals(outcomes: readonly Extrapolation[]): boolean {
  const named = (name: string) => only(outcomes, (outcome) => outcome.name === name)
  const fast = named('fast, levelled, attention kept')
  const times = (slower: Extrapolation) => [
    slower.hidden.secondsPerStep / fast.hidden.secondsPerStep,
    slower.exposed.secondsPerStep / fast.exposed.secondsPerStep,
  ]
  const mfu = mfuOfSlice(only(usual, ({ like }) => like.recompute === 'attention'))
  const speedups = times(named('faithful'))
  console.log(
    `\nMEASURED: MFU of the slice ${percent(mfu)} (at least ${percent(limits.mfu)})\n` +
      `MODELLED: ${ratiosText(speedups)} times the tokens/s of the faithful profile, traffic hidden and ` +
      `exposed (at least ${limits.speedup}); ${ratiosText(times(named('faithful, never padded')))} were ` +
      `nothing padded; ${(published.secondsPerStep / fast.exposed.secondsPerStep).toFixed(1)} to ` +
      `${(published.secondsPerStep / fast.hidden.secondsPerStep).toFixed(1)} times the published ` +
      `run's ${published.secondsPerStep} s a step`,
  )
  return mfu >= limits.mfu && speedups.every((speedup) => speedup >= limits.speedup)
}

function ratiosText(ratios: readonly number[]): string {
  return ratios.map((ratio) => ratio.toFixed(2)).join(' and ')
}

function ms(seconds: number): string {
  return (1000 * seconds).toFixed(1)
}
