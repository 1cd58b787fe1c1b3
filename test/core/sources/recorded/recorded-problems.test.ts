import { expect, test } from 'vitest'
import { InvalidInputError } from '../../../../core/invalid-input.ts'
import { Problem } from '../../../../core/problem.ts'
import { recordedProblems } from '../../../../core/sources/recorded/recorded-problems.ts'
import { recordedLabels } from '../../../../core/sources/recorded/recorded-labels.ts'
import { RecordedSource } from '../../../../core/sources/source.ts'

const prompts = Array.from({ length: 200 }, (_, at) => `What is ${at} plus one?`)

const source = RecordedSource.parse({
  kind: 'recorded',
  id: 'skythought-math',
  file: 'skythought_qwen32b_results',
  benchmark: 'MATH500',
  model: 'Qwen2.5-32B-Instruct',
  domain: 'math',
  train: 100,
  heldOut: 10,
})

const sibling = RecordedSource.parse({
  ...source,
  id: 'mip-qwq',
  file: 'mip_reasoning_outputs',
  model: 'QwQ-32B',
})

async function* skythoughtLines(texts: readonly string[] = prompts) {
  for (const [at, problem] of texts.entries()) {
    yield JSON.stringify({
      model: 'Qwen2.5-32B-Instruct',
      prompt_style: 'still2_sys_zero',
      benchmark: 'MATH500',
      problem,
      answer: String(at + 1),
      unique_id: 'test/prealgebra/1.json',
      response: 'a response',
      correctness: at % 2 === 0,
      reason: at % 2 === 0 ? '' : 'Solution is incorrect.',
      completion_tokens: 10,
      prompt_tokens: 20,
    })
  }
}

async function* mipLines() {
  for (const [at, problem] of prompts.entries()) {
    yield JSON.stringify({
      model: 'QwQ-32B',
      benchmark: 'MATH-500 subset (52)',
      problem: ` ${problem.toUpperCase()}\n`,
      gold: String(at + 1),
      subject: 'Intermediate Algebra',
      response: 'thinking\n</think>\nanswer',
      label: true,
      eval_result: 1,
    })
  }
}

function load(changes: Partial<RecordedSource> = {}, lines = skythoughtLines()) {
  return recordedProblems({ source: { ...source, ...changes }, seed: 7, lines })
}

function side(problems: readonly Problem[], split: Problem['origin']['split']) {
  return problems.filter(({ origin }) => origin.split === split)
}

function promptsOf(problems: readonly Problem[]): string[] {
  return problems.map(({ prompt }) => prompt.trim().toLowerCase()).toSorted()
}

test('a source gives as many problems to each side as its entry asks, each a valid problem', async () => {
  const { problems } = await load()
  expect(side(problems, 'train')).toHaveLength(100)
  expect(side(problems, 'held-out')).toHaveLength(10)
  for (const problem of problems) expect(Problem.parse(problem)).toEqual(problem)
  expect(new Set(problems.map(({ id }) => id)).size).toBe(110)
})

test('labels are of the problems to train on, with the recorded reason', async () => {
  const { problems, labels } = await load()
  expect(labels.map(({ problemId }) => problemId)).toEqual(
    side(problems, 'train').map(({ id }) => id),
  )
  const wrong = labels.filter(({ correct }) => !correct)
  expect(wrong.length).toBeGreaterThan(0)
  expect(new Set(wrong.map(({ reason }) => reason))).toEqual(new Set(['Solution is incorrect.']))
})

test('the same entry and seed give the same problems; another seed gives others', async () => {
  expect(await load()).toEqual(await load())
  const other = await recordedProblems({ source, seed: 8, lines: skythoughtLines() })
  expect(other.problems).not.toEqual((await load()).problems)
})

test('the split does not depend on the order of the rows', async () => {
  const forth = await load({}, skythoughtLines(prompts))
  const back = await load({}, skythoughtLines(prompts.toReversed()))
  expect(promptsOf(back.problems)).toEqual(promptsOf(forth.problems))
})

test('a problem that one source can hold out is trained on in no other, however it is written', async () => {
  const all = { train: 150, heldOut: 0 }
  const held = (await load({ train: 0, heldOut: 20 })).problems
  const trained = await recordedProblems({
    source: { ...sibling, ...all },
    seed: 7,
    lines: mipLines(),
  })
  const heldPrompts = new Set(promptsOf(held))
  expect(held).toHaveLength(20)
  expect(trained.problems).toHaveLength(150)
  expect(promptsOf(trained.problems).filter((prompt) => heldPrompts.has(prompt))).toEqual([])
})

test.each([
  [{ train: 199 }, /source skythought-math: field train: 199 problems asked, but \d+ of 200/],
  [{ heldOut: 100 }, /source skythought-math: field heldOut: 100 problems asked/],
  [{ domain: 'code' }, /field domain: skythought_qwen32b_results holds math, not code/],
  [{ model: 'QwQ-32B' }, /nothing of model QwQ-32B .* holds Qwen2.5-32B-Instruct on MATH500/],
  [{ benchmark: 'AIME24' }, /nothing of model Qwen2.5-32B-Instruct on benchmark AIME24/],
] as const)('an entry that cannot be met is refused: %j', async (changes, message) => {
  const refused = load(changes)
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.toBeInstanceOf(InvalidInputError)
})

/** Two models on three problems, of which the second did not answer the last one. */
async function* twoModels() {
  for (const [at, problem] of ['one', 'two', 'three'].entries()) {
    for (const model of at === 2 ? ['QwQ-32B'] : ['QwQ-32B', 'o1']) {
      yield JSON.stringify({
        model,
        benchmark: 'MATH-500 subset (52)',
        problem: model === 'o1' ? problem.toUpperCase() : problem,
        gold: '1',
        response: 'an answer',
        label: model === 'o1',
        eval_result: model === 'o1' ? 1 : 2,
      })
    }
  }
}

const studied = RecordedSource.parse({ ...sibling, train: 'all', heldOut: 'all' })

test('all of a benchmark are taken where all are asked for', async () => {
  const { problems } = await recordedProblems({ source: studied, seed: 7, lines: twoModels() })
  expect(promptsOf(problems)).toEqual(['one', 'three', 'two'])
})

test('a problem is taken where every model that is to be compared has answered it', async () => {
  const both = { ...studied, alsoRecorded: ['o1'] }
  const { problems } = await recordedProblems({ source: both, seed: 7, lines: twoModels() })
  expect(promptsOf(problems)).toEqual(['one', 'two'])
})

test('the labels of every model are of the problems of the source, however they are written', async () => {
  const { problems } = await recordedProblems({ source: studied, seed: 7, lines: twoModels() })
  const promptById = new Map(problems.map(({ id, prompt }) => [id, prompt]))
  const labels = await recordedLabels(studied, twoModels())
  expect(labels.map((each) => [each.model, promptById.get(each.problemId), each.correct])).toEqual([
    ['QwQ-32B', 'one', false],
    ['o1', 'one', true],
    ['QwQ-32B', 'two', false],
    ['o1', 'two', true],
    ['QwQ-32B', 'three', false],
  ])
})
