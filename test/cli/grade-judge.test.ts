import { beforeEach, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../infra/stack/ports.ts'
import { UsageError } from '../../cli/command.ts'
import { openAnswerJudge, parseJudge } from '../../cli/grade-judge.ts'
import { EndpointRefusedError } from '../../core/ports/chat-endpoint.ts'
import type { ProfileChanges } from '../../infra/scripted/profile.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'
import { grade, verdictsIn } from './grade-command.ts'

const named = { endpoint: 'scripted', model: 'scripted-judge' }
const question = { problem: 'Which way?', reference: 'the north', answer: '\\text{North}' }
const calm = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0, retryAfterSeconds: 0 }

const openJudge = (changes: ProfileChanges = {}) =>
  openScriptedEndpoint({ judge: { unreadable: 0 }, faults: calm, ...changes })

/** The environment in which the judge is there. */
const at = (url: string) => ({ SCRIPTED_BASE_URL: `${url}/v1` })

const said = vi.spyOn(console, 'error').mockImplementation(() => {})
beforeEach(() => {
  said.mockClear()
})

test.each([
  ['openai/gpt-4o-mini', { endpoint: 'openai', model: 'gpt-4o-mini' }],
  ['vllm/Qwen/QwQ-32B', { endpoint: 'vllm', model: 'Qwen/QwQ-32B' }],
])('--judge %s names an endpoint and its model', (text, expected) => {
  expect(parseJudge(text)).toEqual(expected)
})

test.each(['', 'openai', 'openai/', '/gpt', 'Open AI/gpt', 'openai/gpt 4'])(
  '--judge %j is refused with an example',
  (text) => {
    expect(() => parseJudge(text)).toThrow(UsageError)
    expect(() => parseJudge(text)).toThrow('openai/gpt-4o-mini')
  },
)

test('an endpoint that the environment does not address is refused by the variable', () => {
  expect(() => openAnswerJudge(named, {})).toThrow('SCRIPTED_BASE_URL is not set')
})

describe('a judge of the command line', () => {
  test('is asked once about one question, and tells what it was asked for', async () => {
    await using scripted = await openJudge()
    const { judge, ready, close } = openAnswerJudge(named, at(scripted.url))
    await ready()
    const [one, other] = await Promise.all([judge.judge(question), judge.judge({ ...question })])
    expect(one).toMatchObject({ verdict: 'equal', reason: 'equal' })
    expect(other).toEqual(one)
    expect(await judge.judge({ ...question, answer: 'south' })).toMatchObject({
      verdict: 'different',
    })
    await close()
    const { totals, tokens } = scripted.counts.report()
    expect(totals['completed']).toBe(2)
    expect(said.mock.lastCall?.[0]).toBe(
      `scripted-judge was asked 2 times, ${tokens.prompt + tokens.completion} tokens in all`,
    )
  })

  test('outlasts passing faults', async () => {
    const faults = { ...calm, serverError: 0.5, rateLimited: 0.5 }
    await using scripted = await openJudge({ faults })
    const { judge, close } = openAnswerJudge(named, at(scripted.url))
    expect(await judge.judge(question)).toMatchObject({ verdict: 'equal' })
    await close()
  })

  test('whose replies are no verdict is undecided', async () => {
    await using scripted = await openJudge({ judge: { unreadable: 1 } })
    const { judge, close } = openAnswerJudge(named, at(scripted.url))
    expect(await judge.judge(question)).toMatchObject({
      verdict: 'undecided',
      reason: 'unreadable',
      said: null,
    })
    expect(scripted.counts.report().totals['completed']).toBe(2)
    await close()
  })

  test('that its endpoint does not have is refused before anything is judged', async () => {
    await using scripted = await openJudge()
    const { ready } = openAnswerJudge({ ...named, model: 'another' }, at(scripted.url))
    await expect(ready()).rejects.toThrow(EndpointRefusedError)
  })

  test('ends what is in flight when it is closed', async () => {
    await using scripted = await openJudge({ faults: { ...calm, stall: 1 } })
    const { judge, close } = openAnswerJudge(named, at(scripted.url))
    const asked = judge.judge(question)
    await expect.poll(() => scripted.counts.report().totals['begun'] ?? 0).toBe(1)
    await close()
    await expect(asked).rejects.toThrow(/abort/i)
  })
})

const python = process.env['SKY_T1_GRADER_PYTHON']

describe.skipIf(python === undefined)('grade math --judge (SKY_T1_GRADER_PYTHON)', () => {
  const asking = ['math', '--judge', 'scripted/scripted-judge']
  const reference = 'to the north of the well'
  const lines = [
    {
      id: 'right',
      reference,
      response: '\\boxed{\\text{to the north of a well}}',
      problem: 'Where?',
    },
    { id: 'wrong', reference, response: 'So it is \\boxed{to the south of the well}.' },
    { id: 'certain', reference: '4', response: '5' },
  ]

  test('has a judge say what the rules cannot tell, and says what they say', async () => {
    await using scripted = await openJudge()
    const env = { SCRIPTED_BASE_URL: `${scripted.url}/v1` }
    const { code, out, error } = await grade(asking, lines, { env })
    expect(error).toContain('scripted-judge was asked 2 times')
    expect(code).toBe(0)
    expect(verdictsIn(out)).toMatchObject([
      { id: 'right', outcome: 'accepted', tier: 'judge', judged: { verdict: 'equal' } },
      {
        id: 'wrong',
        outcome: 'wrong',
        tier: 'judge',
        judged: { verdict: 'different', rule: { outcome: 'undecided', reason: 'words-differ' } },
      },
      { id: 'certain', outcome: 'wrong', tier: 'exact' },
    ])
  })

  test('judges nothing without its judge', async () => {
    const port = await freePort()
    const env = { SCRIPTED_BASE_URL: `http://127.0.0.1:${port}/v1` }
    const down = await grade(asking, lines, { env })
    expect(down).toMatchObject({ code: 1, out: '' })
    expect(down.error).toContain('cannot be reached')
    const unset = await grade(asking, lines, { env: { SCRIPTED_BASE_URL: '' } })
    expect(unset).toMatchObject({ code: 2, out: '' })
    expect(unset.error).toContain('SCRIPTED_BASE_URL is not set')
  })
})
