import { describe, expect, test } from 'vitest'
import { isCommit } from '../../../core/sources/hub/hub-source.ts'
import { benchmarkFiles, benchmarkSets } from './benchmark-files.ts'

const files = await benchmarkFiles()
const { recorded = [], asked: all = [] } = Object.groupBy(files, ({ benchmark: { problems } }) =>
  problems !== 'held-out' && problems.kind === 'recorded' ? 'recorded' : 'asked',
)
const byName = new Map(all.map(({ benchmark }) => [benchmark.name, benchmark]))

test('each benchmark has a file of its own name', () => {
  expect(files.map(({ file }) => file)).toEqual(
    files.map(({ benchmark }) => `${benchmark.name}.yaml`),
  )
  expect([...byName.keys()]).toEqual([
    'aime24',
    'aime25',
    'gpqa-diamond',
    'gsm8k',
    'held-out',
    'livecodebench',
    'math500',
    'mmlu-pro',
    'olympiadbench',
  ])
})

test('what is recorded is asked by the problem alone, whole, by the name that says so', () => {
  for (const { benchmark } of recorded) {
    expect(benchmark).toMatchObject({
      name: expect.stringMatching(/^recorded-/),
      problems: { id: benchmark.name, train: 'all', heldOut: 'all' },
      asking: { samples: 1, system: null, prompt: '{problem}' },
    })
  }
})

test('every data set is held out and pinned to a commit, and GPQA alone is gated', async () => {
  const sets = await benchmarkSets()
  expect(sets).toHaveLength(8)
  expect(sets.every(({ role, revision }) => role === 'evaluation' && isCommit(revision))).toBe(true)
  expect(sets.filter(({ gated }) => gated).map(({ id }) => id)).toEqual(['gpqa-diamond'])
})

test('only AIME and GPQA are sampled warm, and AIME sixteen times', () => {
  const warm = all.filter(({ benchmark }) => benchmark.asking.temperature > 0)
  expect(warm.map(({ benchmark: { name, asking } }) => [name, asking])).toMatchObject([
    ['aime24', { temperature: 0.7, samples: 16 }],
    ['aime25', { temperature: 0.7, samples: 16 }],
    ['gpqa-diamond', { temperature: 0.7, samples: 1 }],
  ])
})

test.each(['math500', 'aime24', 'aime25', 'gpqa-diamond', 'mmlu-pro', 'olympiadbench', 'gsm8k'])(
  '%s asks for its answer in a box, which is where answers are looked for',
  (name) => {
    expect(byName.get(name)?.asking.prompt).toMatch(/^\{problem\}\n\n.*\\boxed\{\}/)
  },
)

test('Qwen models keep the system prompt of the published evaluation, and Sky-T1 that of its rows', () => {
  for (const { benchmark } of all.filter(({ file }) => file !== 'held-out.yaml')) {
    expect(benchmark.models).toMatchObject({
      'NovaSky-AI/Sky-T1-32B-Preview': { system: 'training-rows' },
      'Qwen/QwQ-32B-Preview': { system: { text: expect.stringContaining('step-by-step.') } },
    })
    expect(benchmark.models['Qwen/Qwen2.5-32B-Instruct']).toEqual(
      benchmark.models['Qwen/QwQ-32B-Preview'],
    )
  }
})

describe('the published scores', () => {
  const published = all.flatMap(({ benchmark }) =>
    benchmark.published.map((score) => ({ benchmark: benchmark.name, ...score })),
  )

  test('are the table of Sky-T1-32B-Preview: four models, six figures each', () => {
    const models = Map.groupBy(published, ({ model }) => model)
    expect([...models.keys()].toSorted()).toEqual([
      'QwQ-32B-Preview',
      'Qwen2.5-32B-Instruct',
      'Sky-T1-32B-Preview',
      'o1-preview',
    ])
    expect([...models.values()].map(({ length }) => length)).toEqual([6, 6, 6, 6])
  })

  test('are of the problems that their benchmarks have', () => {
    const problems = published.map((score) => [score.benchmark, score.category, score.problems])
    expect(new Set(problems.map((each) => each.join(' ')))).toEqual(
      new Set([
        'aime24  30',
        'gpqa-diamond  198',
        'livecodebench livecodebench-easy 182',
        'livecodebench livecodebench-medium 206',
        'livecodebench livecodebench-hard 123',
        'math500  500',
      ]),
    )
  })

  test('are a whole number of problems, rounded, but for two of GPQA', () => {
    const odd = published.filter(({ percent, problems }) => {
      const correct = Math.round((percent * problems) / 100)
      return ((100 * correct) / problems).toFixed(1) !== percent.toFixed(1)
    })
    expect(odd.map(({ benchmark, model, percent }) => [benchmark, model, percent])).toEqual([
      ['gpqa-diamond', 'Sky-T1-32B-Preview', 56.8],
      ['gpqa-diamond', 'o1-preview', 75.2],
    ])
  })
})
