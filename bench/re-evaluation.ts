import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { EvaluateInput } from '../core/evaluation/evaluate-input.ts'
import { installStack } from './installed.ts'
import { calmScriptedServer } from './scripted-server.ts'

// An evaluation on a real stack, then the same again and amended: which requests that makes, and how
// long it takes. The reference is what is missing of the samples that are wanted.

await installStack()
const { startTestStack } = await import('../test/e2e/local-stack.ts')
const { recipeWith, startEvaluation } = await import('../test/e2e/small-evaluation.ts')

const { values } = parseArgs({
  options: {
    problems: { type: 'string', default: '1250' },
    samples: { type: 'string', default: '4' },
  },
})
const problems = Number(values.problems)
const samples = Number(values.samples)
/** Seconds that an evaluation may take of which every sample stands. */
const limit = 30

const ours = 'ours=endpoint:scripted/scripted-teacher'
const theirs = 'theirs=endpoint:other/scripted-teacher'
const evaluations: readonly Evaluation[] = [
  { what: 'at first', missing: problems * samples },
  { what: 'the same again', missing: 0 },
  { what: 'under another name', name: 'second', missing: 0 },
  { what: 'in other shards', name: 'third', problemsPerShard: 80, missing: 0 },
  { what: 'a sample more', samples: samples + 1, missing: problems },
  {
    what: 'a model more',
    models: [ours, theirs],
    samples: samples + 1,
    missing: problems * (samples + 1),
  },
  { what: 'both models again', models: [ours, theirs], samples: samples + 1, missing: 0 },
]

/** What is left out is as in the first. */
type Evaluation = {
  readonly what: string
  readonly name?: string
  readonly models?: readonly string[]
  readonly samples?: number
  /** With others the samples are known by none of what stands but the replies. */
  readonly problemsPerShard?: number
  /** Samples that do not stand yet. */
  readonly missing: number
}

const folder = await mkdtemp(join(tmpdir(), 'sky-t1-re-evaluation-'))
const command = await calmScriptedServer(folder, { latencyMs: 1 })
const stack = await startTestStack({
  extra: [
    { name: 'scripted', usualPort: 8090, command },
    { name: 'other', usualPort: 8092, command },
  ],
})
try {
  for (const evaluation of evaluations) report(evaluation, await measure(evaluation))
} finally {
  await stack.stop()
  await rm(folder, { recursive: true })
}

type Measured = {
  readonly requests: number
  readonly seconds: number
}

async function measure(evaluation: Evaluation): Promise<Measured> {
  const { what, name = 'first', models = [ours], problemsPerShard = 100 } = evaluation
  const wanted = evaluation.samples ?? samples
  const input: EvaluateInput = {
    name,
    models: [...models],
    benchmarks: [`calculations:${wanted}`],
    recipe: await recipeWith(
      [{ family: 'calculations', domain: 'math', problems, maxTokens: 1024 }],
      { problemsPerShard, requestsInFlight: 48 },
    ),
  }
  const before = await requestsServed()
  const began = performance.now()
  const handle = await startEvaluation(stack, input, what.replaceAll(' ', '-'))
  const scored = await handle.result()
  const seconds = (performance.now() - began) / 1000
  for (const { score } of scored) {
    if (score.accuracy.n !== problems * wanted) throw new Error(`${what}: samples are missing`)
  }
  return { requests: (await requestsServed()) - before, seconds }
}

/** Requests that any of the endpoints has begun to answer. */
async function requestsServed(): Promise<number> {
  const Counts = z.object({ totals: z.record(z.string(), z.int()) })
  const begun = Object.values(stack.stack.addresses.endpoints).map(async (base) => {
    const { totals } = Counts.parse(await (await fetch(new URL('/counts', base))).json())
    return totals['begun'] ?? 0
  })
  return (await Promise.all(begun)).reduce((sum, each) => sum + each, 0)
}

function report({ what, missing }: Evaluation, { requests, seconds }: Measured): void {
  console.log(
    `${what.padEnd(20)} ${requests} requests, ${missing} samples missing, ${seconds.toFixed(1)} s`,
  )
  if (requests !== missing || (missing === 0 && seconds > limit)) process.exitCode = 1
}
