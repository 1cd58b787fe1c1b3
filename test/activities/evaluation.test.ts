import { beforeEach, describe, expect, test } from 'vitest'
import { decodeRows, parseJson, readRows, writeRows } from '../../activities/artifacts.ts'
import { createBenchmarkProblemsActivities } from '../../activities/benchmark-problems.ts'
import { createSampleEndpointActivities } from '../../activities/sample-benchmark.ts'
import { createVault } from '../../activities/gated-vault.ts'
import { storeRecipe } from '../../activities/open-run.ts'
import {
  createRecordEvaluationActivities,
  evaluationKey,
} from '../../activities/record-evaluation.ts'
import { createScoreBenchmarkActivities } from '../../activities/score-benchmark.ts'
import { createProblemSource } from '../../adapters/problem-source.ts'
import type { Benchmark } from '../../core/benchmarks/benchmark.ts'
import { EvaluationRecord } from '../../core/evaluation/evaluation-record.ts'
import type { NamedModel } from '../../core/evaluation/evaluation-order.ts'
import { gradeSubmission } from '../../core/grading/grade.ts'
import { submissionOfResponse } from '../../core/grading/submission.ts'
import type { ChatEndpoint } from '../../core/ports/chat-endpoint.ts'
import { Problem } from '../../core/problem.ts'
import type { Recipe } from '../../core/recipe.ts'
import { type ChatRequest, Response } from '../../core/response.ts'
import { EvaluatedSample } from '../../core/score.ts'
import { generateProblems } from '../../core/sources/families/generate-problems.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleBenchmark } from '../core/example-benchmark.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { endpointOf, quietEnvironment, wholeReply } from './asking.ts'
import { MemoryStore } from './memory-store.ts'

const family = { kind: 'generated', id: 'sums', family: 'arithmetic', domain: 'math' } as const
const set = { ...family, train: 0, heldOut: 6 }
const answers = new Map(
  generateProblems(set, exampleRecipe.seed).map(({ prompt, reference }) => [
    prompt,
    reference.kind === 'answer' ? reference.answer : '',
  ]),
)
const sums: Benchmark = {
  ...exampleBenchmark,
  name: 'sums',
  problems: set,
  asking: { ...exampleBenchmark.asking, samples: 2, prompt: 'Box the answer. {problem}' },
}
const model: NamedModel = {
  name: 'theirs',
  site: { kind: 'endpoint', endpoint: 'scripted', model: 'scripted-teacher' },
}

let store: MemoryStore
let asked: ChatRequest[]
beforeEach(() => {
  store = new MemoryStore()
  asked = []
})

/** Answers right in every first sample, and wrong in all others. */
const theirs = endpointOf(async (request) => {
  asked.push(request)
  const problem = request.messages.at(-1)?.content.replace('Box the answer. ', '') ?? ''
  const right = answers.get(problem) ?? 'unknown'
  return wholeReply(`\\boxed{${request.seed === exampleRecipe.seed ? right : 'nothing'}}`)
})

async function evaluated(
  change: { benchmark?: Partial<Benchmark>; recipe?: Partial<Recipe>; occasion?: string } = {},
  endpoint: ChatEndpoint = theirs,
) {
  const benchmark = { ...sums, ...change.benchmark }
  const recipe = await storeRecipe(store, {
    ...exampleRecipe,
    benchmarks: [benchmark],
    ...change.recipe,
  })
  const vault = createVault(store, undefined)
  const problemSource = createProblemSource({ dataDirectory: undefined })
  const reading = createBenchmarkProblemsActivities({ store, vault, problemSource })
  const sampling = createSampleEndpointActivities({ store, vault, endpoint: () => endpoint })
  const scoring = createScoreBenchmarkActivities({ store, vault })
  const work = async () => {
    const read = await reading.readBenchmark({ recipe, benchmark: benchmark.name })
    const { key: problems, digest } = read
    const occasion = change.occasion ?? 'evaluation'
    const order = { recipe, benchmark: benchmark.name, problems, model, occasion }
    const { sampled } = await sampling.sampleEndpoint(order)
    const shards = await scoring.openScoring({ ...order, sampled })
    const verdicts = await Promise.all(
      shards.map(async (shard, at) => {
        const known = await readRows(store, shard.problems, Problem)
        const submissions = await readRows(store, shard.submissions, Response)
        const rows = submissions.map(async (response) => {
          const problem = known.find(({ id }) => id === response.problemId)
          if (problem === undefined) throw new Error('a response of another shard')
          const mathGrader = { compare: neverAsked, close: async () => {} }
          const sandbox = { run: neverAsked, prove: async () => {}, close: async () => {} }
          const { grading } = exampleRecipe
          return gradeSubmission(problem, submissionOfResponse(response), {
            mathGrader,
            sandbox,
            grading,
          })
        })
        const key = `verdicts/${sampled}-${at}.jsonl.gz`
        await writeRows(store, key, await Promise.all(rows))
        return key
      }),
    )
    const scored = await scoring.scoreBenchmark({ ...order, sampled, verdicts })
    return { ...scored, shards: shards.length, recipe, digest }
  }
  const done: Promise<Awaited<ReturnType<typeof work>>> = quietEnvironment().run(work)
  return done
}

async function neverAsked(): Promise<never> {
  throw new Error('nothing here needs that')
}

describe('a model of an endpoint on a benchmark', () => {
  test('is asked as the benchmark says, and scored with every sample counted', async () => {
    const { score, shards } = await evaluated()
    expect(shards).toBe(3)
    expect(asked).toHaveLength(12)
    expect(new Set(asked.map(({ seed }) => seed))).toEqual(new Set([1, 2]))
    expect(asked[0]?.messages).toEqual([
      { role: 'user', content: expect.stringMatching(/^Box the answer\. /) },
    ])
    expect(score).toMatchObject({
      model: 'theirs',
      benchmark: 'sums',
      problems: 6,
      accuracy: { correct: 6, n: 12, value: 0.5 },
      passAt: [
        { k: 1, value: 0.5 },
        { k: 2, value: 1 },
      ],
      passAll: [{ value: 0.5 }, { value: 0 }],
      majority: { value: 0.5 },
      settings: { samples: 2, engine: null, grader: { profile: 'strict' } },
    })
  })

  test('that stands already costs no request', async () => {
    const first = await evaluated()
    asked = []
    const second = await evaluated()
    expect(asked).toEqual([])
    expect(second).toMatchObject({ key: first.key, reused: true })
  })

  test('amended by samples is asked for those that are missing alone', async () => {
    await evaluated()
    asked = []
    const { score } = await evaluated({
      benchmark: { asking: { ...sums.asking, samples: 3 } },
    })
    expect(asked.map(({ seed }) => seed)).toEqual(Array.from({ length: 6 }, () => 3))
    expect(score.accuracy).toMatchObject({ correct: 6, n: 18 })
  })

  test('draws anew on another occasion', async () => {
    await evaluated()
    asked = []
    await evaluated({ occasion: 'night-2026-11-22' })
    expect(asked).toHaveLength(12)
  })

  test('is asked otherwise where the benchmark says so of it', async () => {
    const theirOwn = { system: { text: 'You are careful.' }, temperature: 0.5, stop: ['END'] }
    await evaluated({ benchmark: { models: { 'scripted-teacher': theirOwn } } })
    expect(asked[0]).toMatchObject({
      temperature: 0.5,
      stop: ['END'],
      messages: [{ role: 'system', content: 'You are careful.' }, { role: 'user' }],
    })
  })
})

describe('what is not sampled', () => {
  const [first = ''] = answers.keys()
  const failingOnce = endpointOf(async (request, attempt, signal) => {
    const isLost = request.seed === 2 && request.messages.at(-1)?.content.endsWith(first)
    return isLost === true ? brokenReply : theirs.complete(request, attempt, signal)
  })

  test('is told as missing within the budget of failures, and counts in no other figure', async () => {
    const { score } = await evaluated({ recipe: { failureBudget: budget(0.1) } }, failingOnce)
    expect(score).toMatchObject({ missing: 1, accuracy: { correct: 6, n: 11 } })
    expect(score.passAt.map(({ k }) => k)).toEqual([1])
  })

  test('fails the benchmark where it is more', async () => {
    const failure = await failureOf(
      evaluated({ recipe: { failureBudget: budget(0.05) } }, failingOnce),
    )
    expect(failure.name).toBe('FailureBudgetExceededError')
    expect(failure.message).toContain('endpoint scripted: 1 of 12 replies failed')
  })
})

const brokenReply = { ...wholeReply('x'), body: new TextEncoder().encode('{"choices":[]}') }

function budget(replies: number) {
  return { sourceRows: 0.5, replies }
}

describe('problems', () => {
  test('of a benchmark without any are refused by its name', async () => {
    const failure = await failureOf(evaluated({ benchmark: { problems: { ...set, heldOut: 0 } } }))
    expect(failure.name).toBe('InvalidInputError')
    expect(failure.message).toContain('benchmark sums: no problem passes its filters')
  })

  test('that a run holds out are refused without a run', async () => {
    const failure = await failureOf(evaluated({ benchmark: { problems: 'held-out' } }))
    expect(failure.message).toContain('name a model of that run')
  })
})

function recording() {
  return createRecordEvaluationActivities({ store, vault: createVault(store, undefined) })
}

async function amend(change: { benchmark?: Partial<Benchmark>; recipe?: Partial<Recipe> }) {
  const { recipe, digest } = await evaluated(change)
  const sets = [{ benchmark: 'sums', digest }]
  return recording().checkStanding({ name: 'first', recipe, sets })
}

describe('an evaluation that stands', () => {
  beforeEach(async () => {
    const { key, recipe } = await evaluated()
    await recording().recordEvaluation({ name: 'first', recipe, evaluations: [key] })
  })

  test('takes scores of the same problems, however they are asked and stored', async () => {
    const sharding = { ...exampleRecipe.sharding, problemsPerShard: 6 }
    const asking = { ...sums.asking, samples: 1 }
    await expect(amend({ benchmark: { asking }, recipe: { sharding } })).resolves.toBeUndefined()
  })

  test('takes none of other problems under the same name of a benchmark', async () => {
    const failure = await failureOf(amend({ benchmark: { problems: { ...set, heldOut: 5 } } }))
    expect(failure.message).toContain(
      'benchmark sums: evaluation first has scores of other problems',
    )
    expect(failure.message).toContain('give another name')
  })

  test('keeps the scores of all who add to it at once', async () => {
    const names = ['one', 'two', 'three']
    const scored = await Promise.all(names.map((name) => evaluated({ benchmark: { name } })))
    const record = ({ key, recipe }: (typeof scored)[number]) =>
      recording().recordEvaluation({ name: 'first', recipe, evaluations: [key] })
    await Promise.all(scored.map(record))
    const { scores } = await readEvaluation('first')
    expect(scores.map(({ benchmark }) => benchmark).toSorted()).toEqual(
      [...names, 'sums'].toSorted(),
    )
  })
})

async function readEvaluation(name: string): Promise<EvaluationRecord> {
  const key = evaluationKey(name)
  return parseJson(await store.get(key), EvaluationRecord, key)
}

test('samples stand shard by shard, each with its text and its verdict', async () => {
  const { key } = await evaluated()
  const stored = [...store.objects].filter(([name]) => name.includes(`${key}/samples-`))
  const rows = await Promise.all(
    stored.map(([name, bytes]) => decodeRows(bytes, EvaluatedSample, name)),
  )
  expect(rows.map(({ length }) => length)).toEqual([4, 4, 4])
  expect(rows.flat().filter(({ outcome }) => outcome === 'accepted')).toHaveLength(6)
  expect(rows.flat().every(({ text }) => text.startsWith('\\boxed'))).toBe(true)
})
