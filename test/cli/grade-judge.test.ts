import { beforeEach, describe, expect, test, vi } from 'vitest'
import { UsageError } from '../../cli/command.ts'
import { openAnswerJudge, parseJudge } from '../../cli/grade-judge.ts'
import { EndpointRefusedError } from '../../core/ports/chat-endpoint.ts'
import type { ProfileChanges } from '../../infra/scripted/profile.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'

const named = { endpoint: 'scripted', model: 'scripted-judge' }
const question = { problem: 'Which way?', reference: 'the north', answer: '\\text{North}' }
const calm = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0, retryAfterSeconds: 0 }

const openJudge = (changes: ProfileChanges = {}) =>
  openScriptedEndpoint({ judge: { unreadable: 0 }, faults: calm, ...changes })

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
  const at = (url: string) => ({ SCRIPTED_BASE_URL: `${url}/v1` })

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
    await expect(asked).rejects.toThrow()
  })
})
