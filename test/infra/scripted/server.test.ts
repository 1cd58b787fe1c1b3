import { describe, expect, test } from 'vitest'
import { generateProblems } from '../../../core/sources/families/generate-problems.ts'
import { attemptHeader as clientsHeader } from '../../../adapters/openai-endpoint.ts'
import { attemptHeader } from '../../../infra/scripted/chat.ts'
import type { ProfileChanges } from '../../../infra/scripted/profile.ts'
import { openScriptedEndpoint } from './scripted-endpoint.ts'

const calm = {
  faults: { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0 },
  teacher: { wrong: 0, refusal: 0, rambling: 0 },
} satisfies ProfileChanges

const only = (faults: ProfileChanges['faults']) => ({
  ...calm,
  faults: { ...calm.faults, ...faults },
})

const [problem] = generateProblems(
  { kind: 'generated', id: 'a', family: 'arithmetic', domain: 'math', train: 1, heldOut: 0 },
  1,
)

const question = {
  model: 'scripted-teacher',
  messages: [{ role: 'user', content: problem?.prompt ?? '' }],
  temperature: 0.7,
  seed: 3,
  max_tokens: 1000,
}
const streamed = { ...question, stream: true, stream_options: { include_usage: true } }

function ask(url: string, body: object, attempt = 1): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [attemptHeader]: String(attempt) },
    body: JSON.stringify(body),
  })
}

type Chunk = {
  choices: { delta?: { content?: string }; message?: { content: string }; finish_reason: string }[]
  usage?: { prompt_tokens: number; completion_tokens: number }
}

function chunksOf(stream: string): Chunk[] {
  const events = stream.split('\n\n').filter((event) => event !== '')
  expect(events.at(-1)).toBe('data: [DONE]')
  return events.slice(0, -1).map((event): Chunk => JSON.parse(event.slice('data: '.length)))
}

async function text(
  url: string,
  body: object,
): Promise<{ text: string; finish: string; tokens: number }> {
  const reply: Chunk = JSON.parse(await (await ask(url, body)).text())
  const [choice] = reply.choices
  return {
    text: choice?.message?.content ?? '',
    finish: choice?.finish_reason ?? '',
    tokens: reply.usage?.completion_tokens ?? -1,
  }
}

describe('a reply', () => {
  test('has the same bytes whenever it is asked for, and others for another seed', async () => {
    await using endpoint = await openScriptedEndpoint(calm)
    await using again = await openScriptedEndpoint(calm)
    await using slow = await openScriptedEndpoint(calm, 20)
    const first = await (await ask(endpoint.url, streamed)).text()
    await ask(endpoint.url, { ...streamed, seed: 4 })
    expect(await (await ask(endpoint.url, streamed)).text()).toBe(first)
    expect(await (await ask(again.url, streamed)).text()).toBe(first)
    expect(await (await ask(slow.url, streamed)).text()).toBe(first)
    const replies = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(
        async (seed) => (await text(endpoint.url, { ...question, seed })).text,
      ),
    )
    expect(new Set(replies).size).toBeGreaterThan(1)
  })

  test('is the same text and usage streamed and whole, in few chunks', async () => {
    await using endpoint = await openScriptedEndpoint(calm)
    const whole = await text(endpoint.url, question)
    const chunks = chunksOf(await (await ask(endpoint.url, streamed)).text())
    const joined = chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('')
    expect(joined).toBe(whole.text)
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(whole.tokens)
    expect(chunks.length).toBeLessThan(12)
  })

  test.each([1, 7, 40])('stops at max_tokens %i, where the longer reply goes on', async (limit) => {
    await using endpoint = await openScriptedEndpoint(calm)
    const whole = await text(endpoint.url, question)
    const cut = await text(endpoint.url, { ...question, max_tokens: limit })
    expect(cut).toMatchObject({ finish: 'length', tokens: limit })
    expect(whole).toMatchObject({ finish: 'stop' })
    expect(whole.text.startsWith(cut.text)).toBe(true)
  })

  test('that rambles runs into any usual limit and still ends by itself', async () => {
    await using endpoint = await openScriptedEndpoint({
      ...calm,
      teacher: { ...calm.teacher, rambling: 1 },
    })
    expect(await text(endpoint.url, { ...question, max_tokens: 2000 })).toMatchObject({
      finish: 'length',
      tokens: 2000,
    })
    expect(await text(endpoint.url, { ...question, max_tokens: 20_000 })).toMatchObject({
      finish: 'stop',
    })
  })

  test('ends before a stop sequence', async () => {
    await using endpoint = await openScriptedEndpoint(calm)
    const reply = await text(endpoint.url, { ...question, stop: ['Ones'] })
    expect(reply.text).not.toContain('Ones')
    expect(reply.finish).toBe('stop')
  })
})

describe('a fault hits one attempt and spares the next', () => {
  test('429 with Retry-After', async () => {
    await using endpoint = await openScriptedEndpoint(
      only({ rateLimited: 1, retryAfterSeconds: 2 }),
    )
    const refused = await ask(endpoint.url, streamed)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
    expect((await ask(endpoint.url, streamed)).status).toBe(429)
    expect((await ask(endpoint.url, streamed, 2)).status).toBe(200)
  })

  test('500', async () => {
    await using endpoint = await openScriptedEndpoint(only({ serverError: 1 }))
    expect((await ask(endpoint.url, streamed)).status).toBe(500)
    expect((await ask(endpoint.url, streamed, 2)).status).toBe(200)
  })

  test('a stream that is cut', async () => {
    await using endpoint = await openScriptedEndpoint(only({ cutStream: 1 }))
    const cut = await ask(endpoint.url, streamed)
    await expect(cut.text()).rejects.toThrow('terminated')
    chunksOf(await (await ask(endpoint.url, streamed, 2)).text())
  })

  test('a stream that stalls: half of it comes, and then nothing', async () => {
    await using endpoint = await openScriptedEndpoint(only({ stall: 1 }))
    const stalled = await ask(endpoint.url, streamed)
    const reader = stalled.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(value)).toMatch(/^data: /)
    const next = reader?.read()
    const pause = new Promise((resolve) => {
      setImmediate(() => resolve('nothing yet'))
    })
    expect(await Promise.race([next, pause])).toBe('nothing yet')
    await reader?.cancel()
    chunksOf(await (await ask(endpoint.url, streamed, 2)).text())
  })
})

describe('the server', () => {
  test('lists its models, says that it is scripted, and counts what it served', async () => {
    await using endpoint = await openScriptedEndpoint(calm)
    await (await ask(endpoint.url, streamed)).text()
    const { usage } = JSON.parse(await (await ask(endpoint.url, question)).text())
    const get = async (path: string) => (await fetch(`${endpoint.url}${path}`)).json()
    expect(await get('/v1/models')).toMatchObject({
      data: [
        { id: 'scripted-teacher' },
        { id: 'scripted-reformatter' },
        { id: 'scripted-labeller' },
        { id: 'scripted-judge' },
      ],
    })
    expect(await get('/health')).toMatchObject({ status: 'ok', scripted: true })
    const { totals, kinds, requests, tokens } = endpoint.counts.report()
    expect(totals).toEqual({ begun: 2, completed: 2 })
    expect(tokens).toEqual({
      prompt: 2 * usage.prompt_tokens,
      completion: 2 * usage.completion_tokens,
    })
    expect(kinds).toEqual({ right: 2 })
    expect(Object.values(requests)).toEqual([{ begun: 2, completed: 2 }])
    expect(await get('/counts')).toEqual({ totals, kinds, requests, tokens })
  })

  test.each([
    ['a body that is no JSON', 400, undefined],
    ['a request without messages', 400, { model: 'scripted-teacher' }],
    ['several choices', 400, { ...question, n: 2 }],
    ['a model that is not played', 404, { ...question, model: 'gpt-4o-mini' }],
  ])('refuses %s with %i', async (_, status, body) => {
    await using endpoint = await openScriptedEndpoint(calm)
    const reply = await fetch(`${endpoint.url}/v1/chat/completions`, {
      method: 'POST',
      body: body === undefined ? '{' : JSON.stringify(body),
    })
    expect(reply.status).toBe(status)
    expect(await reply.json()).toMatchObject({ error: { message: expect.any(String) } })
  })

  test('reads the header that the client sends', () => {
    expect(attemptHeader).toBe(clientsHeader)
  })
})
