import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { TestStack } from '../test/e2e/local-stack.ts'
import { type DataRun, startDataRun, untilCompleted } from './data-run.ts'
import { installStack } from './installed.ts'
import { calmScriptedServer } from './scripted-server.ts'

// The data half of the recipe at growing sizes, on an endpoint that answers at once: the time of a
// problem, the workers' memory, and the longest history. The reference is the smallest size.

await installStack()
const { startTestStack } = await import('../test/e2e/local-stack.ts')

const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '3000,30000,300000' } },
})
const limits = { timeRatio: 1.3, memoryMiB: 600, events: 4096 }

const measured: Measured[] = []
for (const size of values.sizes.split(',').map(Number)) measured.push(await measure(size))
const smallest = measured[0]
for (const { problems, msPerProblem, memoryMiB, events } of measured) {
  const ratio = msPerProblem / (smallest?.msPerProblem ?? msPerProblem)
  console.log(
    `${problems} problems: ${msPerProblem.toFixed(2)} ms a problem (${ratio.toFixed(2)}× the smallest), ` +
      `workers at most ${memoryMiB} MiB, longest history ${events} events`,
  )
  const kept = ratio <= limits.timeRatio && memoryMiB <= limits.memoryMiB && events <= limits.events
  if (!kept) process.exitCode = 1
}

type Measured = {
  readonly problems: number
  readonly msPerProblem: number
  /** The largest resident size of any worker process. */
  readonly memoryMiB: number
  /** Events of the longest workflow run. */
  readonly events: number
}

async function measure(problems: number): Promise<Measured> {
  const run: DataRun = {
    name: `growth-${problems}`,
    problems: { calculations: problems },
    sharding: { problemsPerShard: 100, shardsInFlight: 4, requestsInFlight: 64 },
  }
  const folder = await mkdtemp(join(tmpdir(), 'sky-t1-growth-'))
  const command = await calmScriptedServer(folder, { latencyMs: 1 })
  const stack = await startTestStack({ extra: [{ name: 'scripted', usualPort: 8090, command }] })
  try {
    const began = performance.now()
    await startDataRun(stack, run)
    const done = new AbortController()
    const peak = peakMemory(stack, done.signal)
    const { status } = await untilCompleted(stack, run.name)
    const ms = performance.now() - began
    done.abort()
    if (status !== 'completed')
      throw new Error(`the run of ${problems} problems ended as ${status}`)
    return {
      problems,
      msPerProblem: ms / problems,
      memoryMiB: Math.round((await peak) / 1024),
      events: await longestHistory(stack),
    }
  } finally {
    await stack.stop()
    await rm(folder, { recursive: true })
  }
}

/** The highest resident size that a worker process reached, in KiB, by the kernel's own record. */
async function peakMemory({ stack }: TestStack, signal: AbortSignal): Promise<number> {
  let peak = 0
  while (!signal.aborted) {
    for (const { name, pid } of stack.processes()) {
      if (!name.includes('worker') || pid === undefined) continue
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0))
    }
    await wait(1000, undefined, { signal }).catch(() => {})
  }
  return peak
}

async function longestHistory({ client }: TestStack): Promise<number> {
  let longest = 0
  for await (const { historyLength } of client.workflow.list()) {
    longest = Math.max(longest, historyLength)
  }
  return longest
}
