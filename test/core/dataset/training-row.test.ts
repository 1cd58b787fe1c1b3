import { expect, test } from 'vitest'
import { DatasetRow, RejectedRow } from '../../../core/dataset/dataset-row.ts'
import { rejectedRow, trainingRow } from '../../../core/dataset/training-row.ts'
import { studentSystemPrompt } from '../../../core/prompts/student-system.ts'
import { parseTrace } from '../../../core/trace.ts'
import { exampleProblem, exampleResponse, exampleTrace, exampleVerdict } from '../example-rows.ts'

const problem = exampleProblem({ difficulty: 3.5 })
const trace = exampleTrace(exampleResponse(problem))
const verdict = exampleVerdict(trace)

test('a training row asks the prompt and answers with the trace, under the student’s system prompt', () => {
  const row = DatasetRow.parse(trainingRow({ problem, trace, verdict }, 'hard-math'))
  expect(row.system).toBe(studentSystemPrompt)
  expect(row.conversations[0]).toEqual({ from: 'user', value: problem.prompt })
  expect(row.conversations[1].from).toBe('assistant')
  const { thought, solution } = trace
  expect(parseTrace(row.conversations[1].value)).toEqual({ thought, solution })
})

test('a training row leads back to its problem, response and reformatting', () => {
  expect(trainingRow({ problem, trace, verdict }, 'hard-math')).toMatchObject({
    problemId: problem.id,
    source: 'sums',
    domain: 'math',
    category: 'addition',
    difficulty: 3.5,
    sourceRevision: problem.revision,
    tier: 'exact',
    quota: 'hard-math',
    responseId: trace.id,
    request: trace.request,
    reformatting: 'none',
  })
})

test('no text of a row holds half a surrogate pair, wherever it was cut', () => {
  const broken = exampleProblem({ prompt: 'a\uD83D', category: 'b\uDE00' })
  const wrong = exampleVerdict(trace, { outcome: 'wrong', extracted: 'c\uD83D' })
  const row = rejectedRow({ problem: broken, trace, verdict: wrong })
  expect(JSON.stringify(row)).not.toContain('\\u')
  expect(row).toMatchObject({ category: 'b\uFFFD', extracted: 'c\uFFFD' })
})

test('a problem without a difficulty has null in that column, so that every row has all columns', () => {
  const { difficulty } = trainingRow({ problem: exampleProblem(), trace, verdict }, 'any')
  expect(difficulty).toBeNull()
})

test('a rejected row has the same columns but the quota, and why it was not accepted', () => {
  const wrong = exampleVerdict(trace, { outcome: 'wrong', reason: 'different', extracted: '5' })
  const row = RejectedRow.parse(rejectedRow({ problem, trace, verdict: wrong }))
  const { tier: _, quota, ...columns } = trainingRow({ problem, trace, verdict }, 'any')
  expect(quota).toBe('any')
  expect(row).toEqual({
    ...columns,
    verdict: 'wrong',
    reason: 'different',
    tier: 'exact',
    profile: 'strict',
    profileVersion: 1,
    extracted: '5',
  })
})
