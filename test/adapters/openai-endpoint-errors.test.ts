import getPort from 'get-port'
import { describe, expect, test, vi } from 'vitest'
import {
  EndpointBusyError,
  EndpointFaultError,
  EndpointRefusedError,
} from '../../core/ports/chat-endpoint.ts'
import {
  answerChunks,
  answerJson,
  apiKey,
  chatRequest,
  chunk,
  endpointAt,
  failureOf,
  openChatServer,
  readWire,
  writeChunks,
} from './chat-server.ts'

async function busy(headers: Record<string, string>): Promise<number | undefined> {
  await using server = await openChatServer(answerJson(429, { error: {} }, headers))
  const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
  expect(server.received).toHaveLength(1)
  if (error instanceof EndpointBusyError) return error.retryAfterMs
  throw error
}

/** Every message that a failure would carry into a history. */
function messages(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack}\n${messages(error.cause)}` : ''
}

describe('429 asks to wait', () => {
  test.each([
    ['as many seconds as Retry-After says', '7', 7000],
    ['fractions of a second', '0.5', 500],
    ['no negative time', '-3', 0],
    ['not at all for a date that is past', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['for an hour at the most', '99999999', 3_600_000],
    ['for no time that can be read', 'soon', undefined],
  ])('%s', async (_, value, expected) => {
    expect(await busy({ 'retry-after': value })).toBe(expected)
  })

  test('until the date that Retry-After names', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000)
    const wait = await busy({ 'retry-after': inAnHour.toUTCString() })
    expect(wait).toBeGreaterThan(3_500_000)
    expect(wait).toBeLessThanOrEqual(3_600_000)
  })

  test('to the millisecond where it is said so', async () => {
    expect(await busy({ 'retry-after': '2', 'retry-after-ms': '1250' })).toBe(1250)
  })

  test('for ever where the account is used up: that is a refusal', async () => {
    const used = { error: { message: 'You exceeded your quota', code: 'insufficient_quota' } }
    await using server = await openChatServer(answerJson(429, used))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointRefusedError)
    expect(error.message).toContain('top it up')
  })

  test('without saying how long', async () => {
    expect(await busy({})).toBeUndefined()
  })
})

describe('a passing fault', () => {
  test.each([500, 502, 503, 408, 409])('is an answer of %i', async (status) => {
    await using server = await openChatServer(answerJson(status, { error: { message: 'down' } }))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointFaultError)
    expect(error.message).toBe(`endpoint my-server at ${server.baseURL} answered ${status}`)
    expect(server.received).toHaveLength(1)
  })

  test('may name a wait too', async () => {
    await using server = await openChatServer(answerJson(503, {}, { 'retry-after': '9' }))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toMatchObject({ status: 503, retryAfterMs: 9000 })
  })

  test.each(['127.0.0.1', 'localhost'])(
    'is a server that is not there (%s): its message says where, and that nothing was sent',
    async (host) => {
      const baseURL = `http://${host}:${await getPort()}/v1`
      const error = await failureOf(endpointAt(baseURL).complete(chatRequest, 1))
      expect(error).toBeInstanceOf(EndpointFaultError)
      expect(error.message).toContain(`endpoint my-server at ${baseURL} cannot be reached`)
      expect(error.message).toContain('ECONNREFUSED')
      expect(error).toMatchObject({ unsent: true })
    },
  )

  test('is a server that breaks off before it answers, which may have been paid', async () => {
    await using server = await openChatServer((response) => response.destroy())
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointFaultError)
    expect(error).toMatchObject({ unsent: false })
  })

  test('is a server that takes the request and says nothing', async () => {
    await using server = await openChatServer(() => {})
    const endpoint = endpointAt(server.baseURL, { idleTimeoutMs: 1_000 })
    expect(await failureOf(endpoint.complete(chatRequest, 1))).toBeInstanceOf(EndpointFaultError)
  })
})

describe('a stream is kept as far as it came', () => {
  test('where it is cut in the middle', async () => {
    await using server = await openChatServer((response) => {
      writeChunks(response, [chunk({ content: 'half' })])
      response.write(': flushed\n\n', () => response.destroy())
    })
    const wire = await endpointAt(server.baseURL).complete(chatRequest, 1)
    expect(wire.ending).toBe('cut')
    expect(Buffer.from(wire.body).toString()).toContain('half')
    expect(readWire(wire).unusable).toBe('reply-cut')
  })

  test('where it says nothing more', async () => {
    await using server = await openChatServer((response) =>
      writeChunks(response, [chunk({ content: 'half' })]),
    )
    const endpoint = endpointAt(server.baseURL, { idleTimeoutMs: 1_000 })
    expect(readWire(await endpoint.complete(chatRequest, 1)).unusable).toBe('reply-cut')
  })
})

describe('a refusal', () => {
  test.each([
    [401, 'set MY_SERVER_API_KEY in the worker'],
    [403, 'set MY_SERVER_API_KEY in the worker'],
    [
      404,
      'check the model teacher and the sampling settings in the recipe, and the path of MY_SERVER_BASE_URL',
    ],
    [400, 'check the model teacher and the sampling settings'],
    [422, 'check the model teacher'],
  ])('is an answer of %i, with the mend', async (status, mend) => {
    await using server = await openChatServer(answerJson(status, { error: { message: 'no' } }))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointRefusedError)
    expect(error.message).toContain(
      `endpoint my-server at ${server.baseURL} refused with ${status}`,
    )
    expect(error.message).toContain(mend)
    expect(server.received).toHaveLength(1)
  })

  test('is an account that is used up', async () => {
    await using server = await openChatServer(answerJson(402, { error: { message: 'no' } }))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointRefusedError)
    expect(error.message).toContain('top it up')
  })

  test('is a server that sends elsewhere: keys and requests go where the deployment says', async () => {
    const location = 'https://elsewhere.example/v1/chat/completions'
    await using server = await openChatServer(answerJson(308, {}, { location }))
    const error = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(error).toBeInstanceOf(EndpointRefusedError)
    expect(error.message).toContain(`it is elsewhere (${location}); set MY_SERVER_BASE_URL in`)
  })

  test('names the variable that the worker reads, whatever the endpoint is called', async () => {
    await using server = await openChatServer(answerJson(401, { error: { message: 'no' } }))
    const endpoint = endpointAt(server.baseURL, { name: 'vllm.node-1' })
    const { message } = await failureOf(endpoint.complete(chatRequest, 1))
    expect(message).toContain('set VLLM_NODE_1_API_KEY in')
  })

  test('is one short line, even of a server that answers with a page', async () => {
    const page = `<html>\n<body>${'<p>sign in</p>\n'.repeat(5000)}</body></html>`
    await using server = await openChatServer((response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end(page)
    })
    const { message } = await failureOf(endpointAt(server.baseURL).complete(chatRequest, 1))
    expect(message).not.toContain('\n')
    expect(message.length).toBeLessThan(1000)
    expect(message).toMatch(/^endpoint my-server .*; set MY_SERVER_API_KEY in/)
  })
})

describe('the key', () => {
  const echo = { error: { message: `Incorrect API key provided: ${apiKey}.` } }

  test.each([400, 401, 403, 404, 408, 429, 500])(
    'is in no message of an answer of %i that repeats it',
    async (status) => {
      await using server = await openChatServer(answerJson(status, echo))
      const endpoint = endpointAt(server.baseURL)
      expect(messages(await failureOf(endpoint.complete(chatRequest, 1)))).not.toContain(apiKey)
      expect(messages(await failureOf(endpoint.check('teacher')))).not.toContain(apiKey)
    },
  )

  test('goes alone: what the environment says of OpenAI is told to no endpoint', async () => {
    vi.stubEnv('OPENAI_ORG_ID', 'an-organization')
    vi.stubEnv('OPENAI_PROJECT_ID', 'a-project')
    await using server = await openChatServer(answerJson(200, { data: [{ id: 'teacher' }] }))
    await endpointAt(server.baseURL).check('teacher')
    vi.unstubAllEnvs()
    expect(Object.keys(server.received[0]?.headers ?? {})).not.toContain('openai-organization')
    expect(Object.keys(server.received[0]?.headers ?? {})).not.toContain('openai-project')
  })

  test('need not be there', async () => {
    await using server = await openChatServer(answerChunks([chunk({}, 'stop')]))
    const endpoint = endpointAt(server.baseURL, { apiKey: undefined })
    await expect(endpoint.complete(chatRequest, 1)).resolves.toBeDefined()
  })
})
