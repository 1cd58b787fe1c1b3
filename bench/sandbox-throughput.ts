import { availableParallelism } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { createBubblewrapSandbox } from '../adapters/sandbox/bubblewrap-sandbox.ts'
import { caseOutcomes } from '../core/grading/code-judgement.ts'
import type { CodeSandbox, SandboxJob } from '../core/ports/code-sandbox.ts'
import { shortPrograms } from './sandbox-throughput/short-programs.ts'

// Judged test cases a second, of short programs with five tests each, and how many times that is of
// a runner that enters a new sandbox for each test: the same sandbox, driver, limits and comparison.

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '400' },
    /** Parts that the programs are measured in, ours and the naive runner's in turns. */
    rounds: { type: 'string', default: '4' },
    python: { type: 'string', default: process.env['SKY_T1_SANDBOX_PYTHON'] ?? 'python3' },
  },
})
const leastCasesPerSecond = 100
const leastRatio = 2
const rounds = Number(values.rounds)
const programs = shortPrograms(Number(values.programs))

const sandbox = createBubblewrapSandbox({ python: values.python })
try {
  await judge(sandbox, programs.slice(0, 4)) // Whatever is read from the disk is read now.
  let [oursMs, naiveMs] = [0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const part = programs.filter((_, at) => at % rounds === round)
    oursMs += await timed(() => judge(sandbox, part))
    naiveMs += await timed(() => judge(sandbox, part.flatMap(oneTestEach)))
  }
  const cases = programs.reduce((sum, { tests }) => sum + tests.cases.length, 0)
  const [ours, naive] = [(1000 * cases) / oursMs, (1000 * cases) / naiveMs]
  console.log(`${programs.length} programs, ${cases} tests, ${availableParallelism()} processors`)
  console.log(`ours: ${ours.toFixed(0)} judged tests a second`)
  console.log(`one sandbox a test: ${naive.toFixed(0)} judged tests a second`)
  console.log(`ratio ${(ours / naive).toFixed(2)}`)
  if (ours < leastCasesPerSecond || ours < leastRatio * naive) process.exitCode = 1
} finally {
  await sandbox.close()
}

/** The naive runner's jobs: one for each test. */
function oneTestEach({ tests, ...job }: SandboxJob): SandboxJob[] {
  if (tests.kind === 'stdin') {
    return tests.cases.map((each) => ({ ...job, tests: { ...tests, cases: [each] } }))
  }
  return tests.cases.map((each) => ({ ...job, tests: { ...tests, cases: [each] } }))
}

/** Judges all, as many at once as the sandbox takes; throws where a verdict is not as it must be. */
async function judge(codeSandbox: CodeSandbox, jobs: readonly SandboxJob[]): Promise<void> {
  await Promise.all(
    jobs.map(async (job) => {
      const report = await codeSandbox.run(job)
      const outcomes = caseOutcomes(report, job.tests)
      if (
        outcomes.length === job.tests.cases.length &&
        outcomes.every((each) => each === 'accepted')
      )
        return
      throw new Error(`a right program was judged ${JSON.stringify(report)}`)
    }),
  )
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
