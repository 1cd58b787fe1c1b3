import { ApplicationFailure } from '@temporalio/activity'
import { beforeEach, describe, expect, test } from 'vitest'
import { readRows, refTo, writeJson, writeRows } from '../../activities/artifacts.ts'
import { createVault } from '../../activities/gated-vault.ts'
import { sealOnce } from '../../activities/manifests.ts'
import { createNightActivities } from '../../activities/night.ts'
import { readRecipe } from '../../activities/open-run.ts'
import type { NightSubject } from '../../core/evaluation/night-subject.ts'
import { askedOf } from '../../core/benchmarks/question.ts'
import { Night } from '../../core/night.ts'
import { joinSamples } from '../../core/score-samples.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import { noCost } from '../../core/tally.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import {
  exampleProblem,
  exampleRef,
  exampleResponse,
  exampleVerdict,
} from '../core/example-rows.ts'
import { exampleScore } from '../core/example-score.ts'
import { MemoryStore } from './memory-store.ts'
import { noBaseModels } from './no-base-models.ts'
import { presentSources } from './present-sources.ts'

let store: MemoryStore
let told: string[]
let activities: ReturnType<typeof createNightActivities>
beforeEach(() => {
  store = new MemoryStore()
  told = []
  activities = createNightActivities({
    store,
    vault: createVault(store, undefined),
    problemSource: presentSources,
    baseModels: noBaseModels,
    ...shelves,
    tell: async (text) => void told.push(text),
  })
})

const theirs = 'theirs=endpoint:theirs/Qwen/QwQ-32B-Preview'
const problems = Array.from({ length: 60 }, (_, at) => exampleProblem({ prompt: `question ${at}` }))
const judging = { level: 0.01, window: 7 }

/** Key of a scoring in which the first so many problems are right; `lost` ones have no sample. */
async function scoring(date: string, correct: number, lost = 0): Promise<string> {
  const questions = problems.flatMap((problem) => {
    const asked = askedOf(problem)
    return asked === undefined ? [] : [{ ...asked, shard: 0 }]
  })
  const responses = problems.slice(lost).map((problem) => exampleResponse(problem))
  const verdicts = responses.map((response, at) =>
    exampleVerdict(response, at < correct ? {} : { outcome: 'wrong', reason: 'different' }),
  )
  const samples = joinSamples({ questions, responses, verdicts })
  const accuracy = wilsonInterval(correct, samples.length)
  const score = exampleScore({ accuracy })
  const { manifest } = await sealOnce(
    store,
    { stage: 'evaluate', inputs: [date], config: { correct, lost }, codeVersion: 1 },
    async () => ({
      outputs: {
        questions: await writeRows(store, 'questions.jsonl.gz', questions),
        'samples-00000': await writeRows(store, `${date}.jsonl.gz`, samples),
        score: await writeJson(store, `${date}.json`, score),
      },
      counts: {},
      cost: noCost,
    }),
  )
  return manifest.key
}

async function recorded(
  date: string,
  came: { evaluations: string[] } | { broken: string },
  subject: NightSubject = { run: 'first' },
) {
  const recipe = await writeJson(store, 'recipe.json', exampleRecipe)
  const benchmarks = ['held-out']
  return activities.recordNights({ ...subject, date, recipe, judging, benchmarks, came })
}

const night = async (date: string, correct: number, lost = 0) =>
  recorded(date, { evaluations: [await scoring(date, correct, lost)] })

async function history(uri: string): Promise<Night[]> {
  const key = uri.slice(store.uri('').length)
  return readRows(store, refTo(store, key, await store.get(key)), Night)
}

async function finishedRun() {
  const record = {
    run: 'first',
    recipe: await writeJson(store, 'recipe.json', exampleRecipe),
    curated: 'c',
    base: exampleRef('base'),
    student: exampleRef('student'),
  }
  await writeJson(store, 'runs/first/run.json', record)
  return record
}

describe('the door of a night', () => {
  test('outlasts a fault of the store: the night is tried again, not refused', async () => {
    store.find = () => Promise.reject(new Error('the store is being restarted'))
    const failure = await failureOf(activities.openNight({ run: 'first' }))
    expect(failure).not.toBeInstanceOf(ApplicationFailure)
  })

  test('finds the student of a finished run, and the benchmarks of its recipe', async () => {
    const record = await finishedRun()
    expect(await activities.openNight({ run: 'first' })).toEqual({
      run: 'first',
      judging: { level: 0.01, window: 7 },
      order: {
        recipe: record.recipe,
        curated: 'c',
        benchmarks: ['held-out'],
        models: [{ name: 'student', site: { kind: 'weights', manifest: record.student } }],
      },
    })
  })

  test('finds a model of others, asked as the published recipe says, changed as the input says', async () => {
    const overrides = { benchmarks: { gsm8k: { asking: { temperature: 0.6 } } } }
    const input = { model: theirs, benchmarks: ['gsm8k:4'], overrides, window: 3 }
    const { order, ...opened } = await activities.openNight(input)
    expect(opened).toEqual({ model: 'theirs', judging: { level: 0.01, window: 3 } })
    const site = { kind: 'endpoint', endpoint: 'theirs', model: 'Qwen/QwQ-32B-Preview' }
    expect(order).toMatchObject({ benchmarks: ['gsm8k'], models: [{ name: 'theirs', site }] })
    const recipe = await readRecipe(store, order.recipe)
    expect(recipe.name).toBe('sky-t1-32b-preview')
    expect(recipe.benchmarks.map(({ asking }) => [asking.samples, asking.temperature])).toEqual([
      [4, 0.6],
    ])
  })

  test('takes the recipe that is given in place of the run’s own', async () => {
    await finishedRun()
    const input = { run: 'first', benchmarks: ['gsm8k'], recipe: 'sky-t1-32b-preview' }
    const { order } = await activities.openNight(input)
    expect(order).toMatchObject({ curated: 'c', models: [{ name: 'student' }] })
    expect((await readRecipe(store, order.recipe)).name).toBe('sky-t1-32b-preview')
  })

  test('refuses a model under the name of a run: their nights would be one history', async () => {
    await finishedRun()
    const input = { model: 'first=endpoint:theirs/QwQ', benchmarks: ['gsm8k'] }
    const failure = await failureOf(activities.openNight(input))
    expect(failure.message).toContain('field model: first is the name of a run')
  })

  test.each([
    ['a run that has not ended', { run: 'first' }, 'field run: no run first has ended'],
    ['nothing', undefined, 'input: field (the whole): Invalid input'],
    ['an unknown field', { run: 'first', modle: 'x' }, 'input: unknown field modle'],
    ['neither run nor model', { benchmarks: ['gsm8k'] }, 'field run: name a finished run, or in'],
    ['both', { run: 'first', model: theirs }, 'field model: give a run or a model, not both'],
    ['a model on nothing', { model: theirs }, 'field benchmarks: name benchmarks'],
    [
      'a recipe for a run on nothing',
      { run: 'a', recipe: 'b' },
      'field benchmarks: name benchmarks',
    ],
    ['what is no model', { model: 'QwQ', benchmarks: ['gsm8k'] }, 'field model: QwQ is no model'],
    [
      'an unknown recipe',
      { model: theirs, benchmarks: ['gsm8k'], recipe: 'x' },
      'field recipe: no recipe x',
    ],
    [
      'an unknown benchmark',
      { model: theirs, benchmarks: ['gsm9k'] },
      'field benchmark: no benchmark gsm9k',
    ],
    [
      'weights that are not there',
      { model: 's3://sky-t1/models/x', benchmarks: ['gsm8k'] },
      'field model: s3://sky-t1/models/x: no manifest of a model',
    ],
    ['a level of no test', { run: 'first', level: 2 }, 'input: field level'],
  ])('refuses %s, for good', async (_, input, message) => {
    const failure = await failureOf(activities.openNight(input))
    expect(failure).toBeInstanceOf(ApplicationFailure)
    expect(failure).toMatchObject({ nonRetryable: true, type: 'InvalidInput' })
    expect(failure.message).toContain(message)
  })
})

describe('the history of nights', () => {
  test('grows by a night, in the order of the dates, and keeps one entry of each', async () => {
    await night('2026-11-22', 50)
    await night('2026-11-21', 50)
    const { history: uri } = await night('2026-11-22', 49)
    expect((await history(uri)).map(({ date, score }) => [date, score?.accuracy.correct])).toEqual([
      ['2026-11-21', 50],
      ['2026-11-22', 49],
    ])
  })

  test('is kept apart from that of a model of another name, with a report of its own', async () => {
    await night('2026-11-20', 50)
    const model = { model: 'theirs' }
    const of = async (date: string, correct: number) =>
      recorded(date, { evaluations: [await scoring(date, correct)] }, model)
    await of('2026-11-21', 50)
    const { nights, history: uri, report } = await of('2026-11-22', 20)
    expect(nights).toMatchObject([{ ...model, date: '2026-11-22', verdict: { kind: 'drop' } }])
    expect(uri).toBe('s3://sky-t1/evaluations/nightly-theirs/history.jsonl.gz')
    expect((await history(uri)).map(({ date }) => date)).toEqual(['2026-11-21', '2026-11-22'])
    const page = await store.get(report.slice(store.uri('').length))
    expect(new TextDecoder().decode(page)).toContain('held-out dropped by')
  })
})

async function kindOf(work: ReturnType<typeof night>) {
  return (await work).nights[0]?.verdict.kind
}

describe('a night beside those before it', () => {
  test('is undecided as the first, and steady where nothing changed', async () => {
    expect(await kindOf(night('2026-11-20', 50))).toBe('undecided')
    expect(await kindOf(night('2026-11-21', 50))).toBe('steady')
    expect(await kindOf(night('2026-11-22', 49))).toBe('steady')
  })

  test('is a drop where the same problems went wrong beyond noise, in words and in the report', async () => {
    const first = await night('2026-11-20', 50)
    const quiet = await store.get(first.report.slice(store.uri('').length))
    expect(new TextDecoder().decode(quiet)).toContain('No night raised an alert.')
    const { nights, sentences } = await night('2026-11-21', 20)
    expect(nights[0]?.verdict).toMatchObject({ kind: 'drop', difference: -0.5, level: 0.01 })
    expect(sentences[0]).toMatch(
      /^held-out dropped by -50\.0 points \(95 %: .* to 33\.3% \(22\.7–45\.9%, n = 60\); p = /,
    )
    const page = await store.get('evaluations/nightly-first/report/index.html')
    expect(new TextDecoder().decode(page)).toContain('held-out dropped by')
  })

  test('is not what the next night is measured by where it was a drop', async () => {
    await night('2026-11-20', 50)
    await night('2026-11-21', 20)
    expect(await kindOf(night('2026-11-22', 20))).toBe('drop')
    expect(await kindOf(night('2026-11-23', 50))).toBe('steady')
  })

  test('that lacks half of its samples is undecided, never a drop', async () => {
    await night('2026-11-20', 50)
    const { nights, sentences } = await night('2026-11-21', 5, 30)
    expect(nights[0]?.verdict).toMatchObject({ kind: 'undecided', reason: 'missing-samples' })
    expect(sentences[0]).toContain('held-out: not decided, since tonight 30 of 60 problems')
  })

  test('that could not be evaluated is undecided with the cause, and no yardstick', async () => {
    await night('2026-11-20', 50)
    const broken = await recorded('2026-11-21', { broken: 'the endpoint is down' })
    expect(broken.nights[0]).toMatchObject({ score: null, verdict: { kind: 'undecided' } })
    expect(broken.sentences[0]).toContain('the endpoint is down')
    const page = new TextDecoder().decode(
      await store.get('evaluations/nightly-first/report/index.html'),
    )
    expect(page).toContain(
      'The last night, <time datetime="2026-11-21">2026-11-21</time>, raised 1 alert',
    )
    expect(page).toContain('the night is broken: the endpoint is down')
    expect(await kindOf(night('2026-11-22', 50))).toBe('steady')
  })
})

test('people are told where the deployment says how', async () => {
  expect(await activities.tellOfDrops({ text: 'a drop' })).toBe(true)
  expect(told).toEqual(['a drop'])
})
