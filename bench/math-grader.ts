import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createMathVerifyPool } from '../adapters/math-verify/math-verify-pool.ts'
import { gradeMath } from '../core/grading/math.ts'
import { percent } from '../core/report/figures.ts'
import type { Judgement } from '../core/verdict.ts'
import { setUp } from '../infra/setup/set-up.ts'
import { type RealPair, readRealPairs } from './math-grader/real-pairs.ts'

// Our math grader, exact rules and a pool of as many processes as there are processors, beside
// Math-Verify called alone in one process, on the same real pairs: pairs a second, and agreement.

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5000' },
    show: { type: 'string', default: '0' },
  },
})
/** How many times Math-Verify's pairs a second ours must reach, without remembering any. */
const leastRatio = 5

const data = process.env['SKY_T1_DATA'] ?? join(import.meta.dirname, '../../shared/data')
const pairs = readRealPairs(data, Number(values.pairs))
const { graderPython: python } = await setUp({ components: ['graderPython'], progress() {} })

const alone = await gradeAlone()
const ours = await gradeWith(0)
const remembering = await gradeWith(pairs.length)

const identical = pairs.filter(({ reference, answer }) => reference === answer).length
const distinct = new Set(pairs.map((pair) => JSON.stringify(pair))).size
console.log(`${pairs.length} pairs: ${identical} of two equal texts, ${distinct} distinct`)
console.log(`Math-Verify alone, one process: ${rate(alone.seconds)}`)
console.log(`ours, ${availableParallelism()} processes, start included: ${rate(ours.seconds)}`)
console.log(`ours, a pair that comes back remembered: ${rate(remembering.seconds)}`)
printTiers(ours.judgements)
printAgreement(ours.judgements, alone.verdicts)
const ratio = alone.seconds / ours.seconds
const withMemory = alone.seconds / remembering.seconds
console.log(`${ratio.toFixed(1)} times as fast (${withMemory.toFixed(1)} times, remembering)`)
if (ratio < leastRatio) process.exitCode = 1

async function gradeAlone() {
  const program = join(import.meta.dirname, 'math-grader/math_verify_alone.py')
  const child = execFile(python, [program], { maxBuffer: 64 * 1024 * 1024 })
  child.stdin?.end(pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''))
  child.stderr?.pipe(process.stderr)
  const chunks: unknown[] = []
  child.stdout?.on('data', (chunk: unknown) => chunks.push(chunk))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`Math-Verify ended with ${status}`)
  const lines = chunks.join('').trim().split('\n')
  const seconds = z.number().parse(JSON.parse(lines.pop() ?? ''))
  return { seconds, verdicts: lines.map((line) => z.boolean().parse(JSON.parse(line))) }
}

async function gradeWith(remembered: number) {
  const processes = availableParallelism()
  const pool = createMathVerifyPool({ python, processes, remembered })
  const began = performance.now()
  const judgements = await Promise.all(
    pairs.map(({ reference, answer }) =>
      gradeMath({ reference, response: `\\boxed{${answer}}` }, pool),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  await pool.close()
  return { seconds, judgements }
}

function printTiers(judgements: readonly Judgement[]): void {
  const tiers = Object.entries(Object.groupBy(judgements, ({ tier }) => tier))
  const shares = tiers.map(([tier, of]) => `${tier} ${percent(of.length / pairs.length)}`)
  console.log(`decided by: ${shares.join(', ')}`)
}

/** Every combination of verdicts with its count, and the first few pairs of each that disagrees. */
function printAgreement(judgements: readonly Judgement[], verdicts: readonly boolean[]): void {
  const kinds = new Map<string, RealPair[]>()
  for (const [at, pair] of pairs.entries()) {
    const { outcome, reason } = judgements[at] ?? { outcome: 'none', reason: '' }
    const theirs = verdicts[at] === true ? 'equal' : 'not equal'
    const agrees = (outcome === 'accepted') === (verdicts[at] === true) && outcome !== 'undecided'
    const kind = agrees ? 'the same' : `ours ${outcome} (${reason}), theirs ${theirs}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), pair])
  }
  for (const [kind, of] of [...kinds].toSorted(([, a], [, b]) => b.length - a.length)) {
    console.log(`  ${String(of.length).padStart(5)}  ${kind}`)
    if (kind === 'the same') continue
    for (const pair of of.slice(0, Number(values.show)))
      console.log(`         ${JSON.stringify(pair)}`)
  }
}

function rate(seconds: number): string {
  return `${seconds.toFixed(1)} s, ${(pairs.length / seconds).toFixed(0)} pairs a second`
}
