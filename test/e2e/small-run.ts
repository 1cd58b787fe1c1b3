import { z } from 'zod'
import { parseJson } from '../../activities/artifacts.ts'
import { ReleaseRecord, releaseRecordKey } from '../../core/dataset/release-manifest.ts'
import { Manifest, type Stage } from '../../core/manifest.ts'
import { ReportData } from '../../core/report/report-data.ts'
import type { RunStatus } from '../../core/run-status.ts'
import { queues } from '../../workflows/options.ts'
import type { reproduce } from '../../workflows/reproduce.ts'
import type { TestStack } from './local-stack.ts'

/** The miniature made small: every stage, a minute of work. */
export const smallOverrides = {
  sources: [
    {
      kind: 'generated',
      id: 'arithmetic',
      family: 'arithmetic',
      domain: 'math',
      train: 80,
      heldOut: 8,
    },
    {
      kind: 'generated',
      id: 'programs',
      family: 'programs',
      domain: 'code',
      train: 50,
      heldOut: 4,
    },
    {
      kind: 'generated',
      id: 'puzzles',
      family: 'puzzles',
      domain: 'puzzle',
      train: 40,
      heldOut: 4,
    },
    {
      kind: 'generated',
      id: 'choices',
      family: 'choices',
      domain: 'science',
      train: 40,
      heldOut: 4,
    },
  ],
  mixture: { math: { rows: 60 }, code: { rows: 30 }, science: { rows: 30 }, puzzle: { rows: 30 } },
  student: { hiddenSize: 64, layers: 2, heads: 2, keyValueHeads: 1, intermediateSize: 128 },
  training: {
    epochs: 4,
    examplesPerStep: 4,
    grouping: { perDevice: 4 },
    checkpoints: { everySteps: 10 },
  },
  benchmarks: { 'held-out': { asking: { maxTokens: 48 } } },
  sharding: { problemsPerShard: 32, shardsInFlight: 2, requestsInFlight: 8 },
}

/** The training of a small run, as the `train` workflow is told it. */
export const smallTraining = {
  seed: 1,
  overrides: { student: smallOverrides.student, training: smallOverrides.training },
} as const

/** Starts a small run. */
export function startSmallRun(
  { client }: TestStack,
  run: string,
  overrides: Readonly<Record<string, unknown>> = smallOverrides,
) {
  return client.workflow.start<typeof reproduce>('reproduce', {
    workflowId: run,
    taskQueue: queues.workflows,
    args: [{ recipe: 'miniature', overrides }],
  })
}

/** Runs a small run to its end. Throws with the cause where it parks instead. */
export async function runSmall(stack: TestStack, run: string): Promise<RunStatus> {
  const handle = await startSmallRun(stack, run)
  return handle.result()
}

/** The data of a finished run's report. */
export async function readReport({ store }: TestStack, run: string): Promise<ReportData> {
  const key = `runs/${run}/report.json`
  return parseJson(await store.get(key), ReportData, store.uri(key))
}

/** Digests of a store's only data set, by the names of its shards. */
export async function datasetDigests({ store }: TestStack): Promise<Record<string, string>> {
  const found: Manifest[] = []
  for await (const key of store.list('stages/assemble/')) {
    if (!key.endsWith('/manifest.json')) continue
    found.push(parseJson(await store.get(key), Manifest, store.uri(key)))
  }
  const [manifest] = found
  if (manifest === undefined || found.length > 1) throw new Error(`${found.length} data sets found`)
  return Object.fromEntries(
    Object.entries(manifest.outputs).map(([name, { sha256 }]) => [name, sha256]),
  )
}

/** Where the release of a run stands. */
export async function releaseRecord(
  { store }: Pick<TestStack, 'store'>,
  run: string,
): Promise<ReleaseRecord> {
  const key = releaseRecordKey(run)
  return parseJson(await store.get(key), ReleaseRecord, key)
}

/** The manifest of a run's release, as it is written: it holds the digest of every released file. */
export async function releaseManifest({ store }: TestStack, run: string): Promise<string> {
  const { prefix } = await releaseRecord({ store }, run)
  return new TextDecoder().decode(await store.get(`${prefix}/manifest.json`))
}

/** Where a stage of a run stands. */
export async function stageState(
  { client }: TestStack,
  run: string,
  stage: Stage,
): Promise<string> {
  const { stages } = await client.workflow.getHandle(run).query<RunStatus>('status')
  return stages.find((each) => each.stage === stage)?.state ?? 'absent'
}

/** What the scripted endpoint has served. */
export async function servedCounts({ stack }: TestStack): Promise<Served> {
  const base = stack.addresses.endpoints['scripted'] ?? ''
  const reply = await fetch(new URL('/counts', base))
  return Served.parse(await reply.json())
}

const Served = z.object({
  totals: z.record(z.string(), z.int()),
  requests: z.record(z.string(), z.object({ begun: z.int(), completed: z.int() })),
})
export type Served = z.infer<typeof Served>
