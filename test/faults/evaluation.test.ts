import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScoredBenchmark } from '../../activities/score-benchmark.ts'
import { findRawReply } from '../../activities/stored-replies.ts'
import { calmScriptedServer } from '../../bench/scripted-server.ts'
import { sha256Hex } from '../../core/digest.ts'
import { readReply } from '../../core/read-reply.ts'
import { startTestStack, stackIsInstalled, type TestStack } from '../e2e/local-stack.ts'
import { type GeneratedBenchmark, recipeWith, startEvaluation } from '../e2e/small-evaluation.ts'
import { type Served, servedCounts } from '../e2e/small-run.ts'
import { killAfter, type KillRecord, recordedProcess, until } from './kills.ts'
import { prepareSmall, type SmallTraining, storeStudent } from './small-training.ts'

const minutes = 60_000
const problems = 16
const samples = 2
/** Requests to the endpoint at once. */
const inFlight = 4

const sums: GeneratedBenchmark = { family: 'arithmetic', domain: 'math', problems, maxTokens: 1024 }
const programs: GeneratedBenchmark = { ...sums, family: 'programs', domain: 'code' }
const choices: GeneratedBenchmark = { ...sums, family: 'choices', domain: 'science' }

/** Replies of the endpoint that two benchmarks need. */
const needed = 2 * problems * samples
/** Whom to kill while the endpoint is asked, and after how many of its replies. */
const kills = [
  { name: 'scripted', afterReplies: 6 },
  { name: 's3', afterReplies: 14 },
  { name: 'temporal', afterReplies: 22 },
  { name: 'worker', afterReplies: 42 },
] as const

describe.skipIf(!stackIsInstalled)('evaluations in which every process is killed once', () => {
  let folder: string
  let small: SmallTraining
  let undisturbed: TestStack
  let disturbed: TestStack
  let expected: ScoredBenchmark[]
  let scored: ScoredBenchmark[]
  let served: Served
  /** Samples of the student that stood when its engine was killed. */
  let ofKilledEngine: number
  const killed: KillRecord[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sky-t1-evaluation-'))
    const preparing = prepareSmall()
    undisturbed = await startSlowStack(join(folder, 'undisturbed'))
    small = await preparing
    const calm = [await startTeacher(undisturbed), await startStudent(undisturbed, small)]
    disturbed = await startSlowStack(join(folder, 'disturbed'))
    const student = await startStudent(disturbed, small)
    ofKilledEngine = await killEngine(disturbed)
    const teacher = await startTeacher(disturbed)
    for (const kill of kills) killed.push(await killAfter(disturbed, kill))
    scored = await scoresOf([teacher, student])
    served = await servedCounts(disturbed)
    expected = await scoresOf(calm)
  }, 12 * minutes)

  afterAll(async () => {
    await Promise.all([disturbed?.stop(), undisturbed?.stop()])
    await small?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  test('every score is the one of an undisturbed evaluation', () => {
    expect(scored).toEqual(expected)
    expect(scored.map(({ score }) => [score.accuracy.n, score.missing])).toEqual([
      [problems * samples, 0],
      [problems * samples, 0],
      [problems * samples, 0],
    ])
    // Where nothing is right nothing could have been scored wrong.
    expect(scored.some(({ score }) => score.accuracy.correct > problems)).toBe(true)
  })

  test('samples and verdicts are the same, byte for byte', async () => {
    const digests = await storedDigests(undisturbed)
    expect(Object.keys(digests).filter((key) => key.includes('/samples-'))).toHaveLength(6)
    expect(await storedDigests(disturbed)).toEqual(digests)
  })

  test.each(kills)(
    '$name killed in mid-sampling: no reply that was stored is asked for again',
    ({ name }) => {
      const kill = killed.find((each) => each.name === name)
      expect(kill?.stored.length).toBeGreaterThan(0)
      expect(kill?.stored.length).toBeLessThan(needed)
      for (const request of kill?.stored ?? []) {
        expect(served.requests[request]?.begun).toBe(kill?.served.requests[request]?.begun)
      }
    },
  )

  test('in all, the endpoint is asked for what is needed and what was in flight at the kills', () => {
    const begun = Object.values(served.requests).map((request) => request.begun)
    expect(begun).toHaveLength(needed)
    const all = begun.reduce((sum, times) => sum + times, 0)
    expect(all).toBeLessThanOrEqual(needed + inFlight * kills.length)
  })

  test('engine killed in mid-sampling: another draws the samples that are missing, and no other', async () => {
    expect(ofKilledEngine).toBeLessThan(problems * samples)
    expect(await replacedReplies(disturbed)).toEqual([])
  })

  test('the same again under another name: all that stands is found, and nobody is asked', async () => {
    const replies = await storedReplies(disturbed)
    const again = await scoresOf([
      await startTeacher(disturbed, 'teacher-again'),
      await startStudent(disturbed, small, 'student-again'),
    ])
    expect(again).toEqual(scored.map((each) => ({ ...each, reused: true })))
    expect(await servedCounts(disturbed)).toEqual(served)
    expect(await storedReplies(disturbed)).toEqual(replies)
  })
})

/** A stack with an endpoint that takes its time, and whose counts outlive it. */
async function startSlowStack(folder: string): Promise<TestStack> {
  await mkdir(folder)
  const scripted = await calmScriptedServer(folder, { latencyMs: 300 })
  const command = [...scripted, '--counts', join(folder, 'counts.json')] as const
  return startTestStack({ extra: [{ name: 'scripted', usualPort: 8090, command }] })
}

/** Evaluates a model of an endpoint. */
async function startTeacher(stack: TestStack, name = 'teacher') {
  const sharding = { problemsPerShard: problems / 2, requestsInFlight: inFlight }
  const input = {
    name,
    models: ['endpoint:scripted/scripted-teacher'],
    benchmarks: [`arithmetic:${samples}`, `programs:${samples}`],
    recipe: await recipeWith([sums, programs], sharding),
  }
  return startEvaluation(stack, input, name)
}

/** Evaluates a model that the evaluation pool serves. */
async function startStudent(stack: TestStack, small: SmallTraining, name = 'student') {
  // One at a time: what else is in a batch changes how an engine's sums are rounded.
  const sharding = { problemsPerShard: problems / 2, requestsInFlight: 1 }
  const input = {
    name,
    models: [await storeStudent(stack.store, small)],
    benchmarks: [`choices:${samples}`],
    recipe: await recipeWith([{ ...choices, maxTokens: 48 }], sharding),
  }
  return startEvaluation(stack, input, name)
}

async function scoresOf(
  evaluations: ReadonlyArray<Awaited<ReturnType<typeof startEvaluation>>>,
): Promise<ScoredBenchmark[]> {
  return (await Promise.all(evaluations.map((each) => each.result()))).flat()
}

/** Kills the student's engine once it has answered a few times; tells how many samples stand then. */
async function killEngine(stack: TestStack): Promise<number> {
  await until(async () => (await storedReplies(stack)).length >= 4)
  const { pid } = await recordedProcess(stack, 'evaluation/servers', 'server.json')
  process.kill(pid, 'SIGKILL')
  return (await storedReplies(stack)).length
}

async function storedReplies({ store }: TestStack): Promise<string[]> {
  const keys: string[] = []
  for await (const key of store.list('replies/')) keys.push(key)
  return keys
}

/** Keys of replies that could be used, and beside which another to the same request stands. */
async function replacedReplies(stack: TestStack): Promise<string[]> {
  const replaced: string[] = []
  for (const key of await storedReplies(stack)) {
    const [, digest = '', number] = /\/([0-9a-f]{64})\.(\d+)\.gz$/.exec(key) ?? []
    const before = number === undefined ? undefined : Number(number) - 1
    const raw = before === undefined ? undefined : await findRawReply(stack.store, digest, before)
    if (raw !== undefined && readReply(raw).reply !== undefined) replaced.push(key)
  }
  return replaced
}

/** Digests of what evaluations store, by key: problems, responses, verdicts, samples and scores. */
async function storedDigests({ store }: TestStack): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const prefix of ['stages/sample/', 'stages/evaluate/', 'verdicts/']) {
    for await (const key of store.list(prefix)) {
      // A manifest says when its stage was done.
      if (!key.endsWith('/manifest.json')) digests[key] = sha256Hex(await store.get(key))
    }
  }
  return digests
}
