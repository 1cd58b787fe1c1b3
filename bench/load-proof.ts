import { availableParallelism } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { startBusyLoops } from './load-proof/busy-loops.ts'
import { type KnownJob, loadProofPrograms } from './load-proof/programs.ts'
import { sharedPrograms } from './load-proof/shared-programs.ts'
import { stepsPerSecond, verdictsOf } from './load-proof/verdicts.ts'

// The same programs judged on a quiet machine and on a busy one: no verdict may differ.

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '500' },
    /** How many of them are real answers, where ../shared/data is present. */
    real: { type: 'string', default: '60' },
    /** Programs at once and busy loops beside them, for each processor. */
    load: { type: 'string', default: '8' },
    /** How often both are done. */
    rounds: { type: 'string', default: '1' },
  },
})
const [count, load, rounds] = [values.programs, values.load, values.rounds].map(Number)
if (count === undefined || load === undefined) throw new Error('no count, or no load')
const python = process.env['SKY_T1_SANDBOX_PYTHON'] ?? 'python3'
const processors = availableParallelism()

const real = sharedPrograms(Number(values.real))
const perSecond = await stepsPerSecond(python)
const jobs = [...loadProofPrograms(count - real.length, perSecond), ...real]
console.log(
  `${jobs.length} programs, ${real.length} of them real answers; ` +
    `${(perSecond / 1e6).toFixed(1)} million steps of work a second`,
)

let differences = 0
for (let round = 0; round < (rounds ?? 1); round += 1) {
  const quiet = await judged('1×', processors)
  const busy = await judgedBusy()
  for (const [at, { kind, expected }] of jobs.entries()) {
    const [one, other] = [quiet[at] ?? '', busy[at] ?? '']
    if (one !== other) {
      differences += 1
      console.log(`  program ${at} (${kind}): at 1× ${one}, at ${load}× ${other}`)
    } else if (expected !== null && !one.startsWith(expected)) {
      differences += 1
      console.log(`  program ${at} (${kind}): ${one}, where ${expected} is right`)
    }
  }
}
console.log(`${differences} differences`)
if (differences > 0) process.exitCode = 1

async function judgedBusy(): Promise<string[]> {
  using loops = startBusyLoops((load ?? 1) * processors)
  const verdicts = await judged(`${load}×`, (load ?? 1) * processors)
  loops.assertBusy()
  return verdicts
}

async function judged(name: string, parallelism: number): Promise<string[]> {
  const startedAt = performance.now()
  const verdicts = await verdictsOf(jobs, { python, parallelism })
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`at ${name}: ${seconds.toFixed(0)} s, ${countsOf(jobs, verdicts)}`)
  return verdicts
}

function countsOf(all: readonly KnownJob[], verdicts: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const verdict of verdicts) {
    const reason = verdict.split(' ')[0] ?? ''
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const parts = [...counts].map(([reason, each]) => `${each} ${reason}`)
  return `${all.length} verdicts: ${parts.toSorted().join(', ')}`
}
