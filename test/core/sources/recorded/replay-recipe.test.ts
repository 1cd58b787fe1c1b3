import { beforeAll, describe, expect, test } from 'vitest'
import { recordedLines } from '../../../../adapters/recorded-files.ts'
import { checkFeasible } from '../../../../core/recipe-feasibility.ts'
import { Problem, promptDigest } from '../../../../core/problem.ts'
import { recordedFiles } from '../../../../core/sources/recorded/formats.ts'
import { readEntries } from '../../../../core/sources/recorded/read-entries.ts'
import { RecordedLabel } from '../../../../core/sources/source.ts'
import { dataFolder, dataState, dataPresent, replayRecipe, replaySources } from './recorded-data.ts'

type Loaded = Awaited<ReturnType<typeof replaySources>>

function digests(problems: readonly Problem[], split: Problem['origin']['split']): string[] {
  return problems
    .filter(({ origin }) => origin.split === split)
    .map(({ prompt }) => promptDigest(prompt))
}

test('the replay recipe is valid, and gives every model it asks for a price', async () => {
  const { sources, teacher, reformatter, prices } = await replayRecipe()
  const models = sources.flatMap((source) => (source.kind === 'recorded' ? [source.model] : []))
  expect(Object.keys(prices)).toEqual(
    expect.arrayContaining([teacher.model, reformatter.model, ...models]),
  )
})

describe.skipIf(!dataPresent)(`recorded data ${dataState}`, () => {
  let loaded: Loaded
  let problems: readonly Problem[]

  beforeAll(async () => {
    loaded = await replaySources()
    problems = loaded.flatMap((source) => source.problems)
  })

  test('every source gives the problems and labels counted here', () => {
    const counts = loaded.map(({ source, problems: own, labels }) => [
      source.id,
      own.filter(({ origin }) => origin.split === 'train').length,
      own.filter(({ origin }) => origin.split === 'held-out').length,
      labels.filter(({ correct }) => correct).length,
      labels.filter(({ correct }) => !correct).length,
    ])
    // source, to train on, held out, labelled correct, labelled wrong
    expect(counts).toEqual([
      ['skythought-math500', 440, 40, 327, 113],
      ['skythought-aime24', 20, 5, 2, 18],
      ['mip-qwq', 85, 0, 41, 2],
      ['mip-r1', 85, 0, 41, 2],
      ['lcb-o1-mini', 365, 20, 255, 110],
      ['lcb-o1-preview', 365, 0, 207, 158],
    ])
  })

  test('the files hold the recordings counted here, and the rows set aside have their reasons', async () => {
    const counts: Record<string, unknown> = {}
    for (const file of recordedFiles) {
      const { entries, rejected } = await readEntries(file, recordedLines(dataFolder, file))
      const recordings = entries.flatMap((entry) => entry.recordings)
      counts[file] = {
        prompts: new Set(entries.map((entry) => entry.promptDigest)).size,
        recordings: recordings.length,
        cutOff: recordings.filter(({ finishReason }) => finishReason === 'length').length,
        unlabelled: recordings.filter(({ label }) => label === null).length,
        setAside: Object.entries(Object.groupBy(rejected, ({ reason }) => reason)).map(
          ([reason, rows]) => `${rows?.length} × ${reason}`,
        ),
      }
    }
    expect(counts).toEqual({
      skythought_qwen32b_results: {
        prompts: 530,
        recordings: 1090,
        cutOff: 27,
        unlabelled: 0,
        setAside: [],
      },
      mip_reasoning_outputs: {
        prompts: 106,
        recordings: 876,
        cutOff: 0,
        unlabelled: 252,
        setAside: [],
      },
      lcb_code_outputs: {
        prompts: 417,
        recordings: 1251,
        cutOff: 0,
        unlabelled: 0,
        setAside: ['11 × several outputs are valid and no checker is declared'],
      },
      skyt1_outputs: {
        prompts: 628,
        recordings: 1304,
        cutOff: 0,
        unlabelled: 0,
        setAside: [],
      },
    })
  })

  test('every problem is valid, and every code problem has tests of one kind', () => {
    for (const problem of problems) {
      expect(Problem.parse(problem)).toEqual(problem)
      expect(problem.reference.kind).toBe(problem.domain === 'code' ? 'tests' : 'answer')
    }
    const kinds = problems.flatMap(({ reference }) =>
      reference.kind === 'tests' ? [reference.tests.kind] : [],
    )
    expect(new Set(kinds)).toEqual(new Set(['stdin', 'call']))
  })

  test('the function that tests call stands in the starter code of the prompt, with as many parameters', () => {
    for (const { prompt, reference } of problems) {
      if (reference.kind !== 'tests' || reference.tests.kind !== 'call') continue
      const { function: name, cases } = reference.tests
      const parameters = new RegExp(`def ${name}\\(self, ([^)]*)\\)`).exec(prompt)?.[1]
      expect(parameters).toBeDefined()
      for (const { arguments: given } of cases) {
        expect(given).toHaveLength(parameters?.split(/:[^:]+?(?:,|$)/).filter(Boolean).length ?? -1)
      }
    }
  })

  test('every problem to train on has a label, but for those that nobody judged', () => {
    for (const { problems: own, labels } of loaded) {
      for (const label of labels) expect(RecordedLabel.parse(label)).toEqual(label)
      const judged = new Set(labels.map(({ problemId }) => problemId))
      const unlabelled = own.filter(({ id, origin }) => origin.split === 'train' && !judged.has(id))
      expect(new Set(unlabelled.map(({ category }) => category))).toEqual(
        new Set(own[0]?.source.startsWith('mip') ? ['gsm8k'] : []),
      )
    }
  })

  test('at least 60 problems are held out, and none of them is trained on in any source', () => {
    const heldOut = new Set(digests(problems, 'held-out'))
    expect(heldOut.size).toBeGreaterThanOrEqual(60)
    expect(digests(problems, 'train').filter((digest) => heldOut.has(digest))).toEqual([])
  })

  test('a model and a prompt name one recording, whichever file it is in', async () => {
    const places = new Map<string, string[]>()
    for (const file of recordedFiles) {
      const { entries } = await readEntries(file, recordedLines(dataFolder, file))
      for (const entry of entries) {
        for (const { model } of entry.recordings) {
          const key = `${model} ${entry.promptDigest}`
          places.set(key, [...(places.get(key) ?? []), `${file}:${entry.row}`])
        }
      }
    }
    expect([...places.values()].filter((rows) => rows.length > 1)).toEqual([])
  })

  test('the recipe asks for no more rows than its sources have problems', async () => {
    const recipe = await replayRecipe()
    expect(() => checkFeasible(recipe, { trains: true })).not.toThrow()
  })
})
