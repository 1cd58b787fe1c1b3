import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setInterval as ticks } from 'node:timers/promises'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../infra/stack/ports.ts'
import {
  createWorkFolder,
  describeWithTrainer,
  makeStudent,
  patience,
  startProgram,
} from './trainer-programs.ts'

const question = (first: number) => ({
  model: 'student',
  messages: [{ role: 'user' as const, content: `What is ${first} + 4?` }],
  max_tokens: 24,
  temperature: 0,
})

describeWithTrainer('serve.py', () => {
  let work: Awaited<ReturnType<typeof createWorkFolder>>
  let server: ChildProcess
  let client: OpenAI

  beforeAll(async () => {
    work = await createWorkFolder()
    const model = join(work.folder, 'model')
    await makeStudent(work.corpus, model)
    const port = await freePort()
    const names = ['--model-dir', model, '--served-model-name', 'student']
    server = startProgram('serve.py', [...names, '--port', String(port)])
    client = new OpenAI({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: 'none',
      maxRetries: 0,
    })
    for await (const _ of ticks(100)) {
      const reply = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
      if (reply?.ok) break
    }
  }, patience)
  afterAll(async () => {
    server.kill('SIGKILL')
    await work.remove()
  })

  test('it lists its one model', async () => {
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toEqual(['student'])
  })

  test('a reply cut at max_tokens says so and is counted', async () => {
    const { choices, usage } = await client.chat.completions.create(question(3))
    expect(choices[0]?.finish_reason).toBe('length')
    expect(usage?.completion_tokens).toBe(24)
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + 24)
  })

  test('a stream gives the same text as the whole reply, then its usage', async () => {
    const whole = await client.chat.completions.create(question(3))
    const streamed = await gather(client, question(3))
    expect(streamed.text).toBe(whole.choices[0]?.message.content)
    expect(streamed.finishReason).toBe('length')
    expect(streamed.usage).toEqual(whole.usage)
  })

  test('replies at temperature 0 do not depend on what else is asked', async () => {
    const questions = Array.from({ length: 10 }, (_, first) => question(first))
    const together = await Promise.all(questions.map((each) => gather(client, each)))
    const alone = []
    for (const each of questions) alone.push(await gather(client, each))
    expect(together).toEqual(alone)
  })

  test('with a seed, a drawn reply comes again, alone or not; without, it need not', async () => {
    const drawn = { ...question(3), temperature: 1, top_p: 0.95 }
    const alone = await gather(client, { ...drawn, seed: 5 })
    const together = await Promise.all(
      [5, 6, 5, 7].map((seed) => gather(client, { ...drawn, seed })),
    )
    expect([together[0], together[2]]).toEqual([alone, alone])
    expect(together[1]).not.toEqual(alone)
  })

  test('a stop text ends the reply before it', async () => {
    const { text } = await gather(client, question(3))
    const stop = text.slice(10, 13)
    const stopped = await gather(client, { ...question(3), stop })
    expect(stopped.text).toBe(text.slice(0, text.indexOf(stop)))
    expect(stopped.finishReason).toBe('stop')
  })

  test.each([
    [404, { model: 'another' }],
    [400, { temperature: -1 }],
    [400, { n: 2 }],
    [400, { messages: [{ role: 'user' as const, content: 'word '.repeat(400) }] }],
  ])('it refuses with %i what it cannot do: %j', async (status, change) => {
    const refused = client.chat.completions.create({ ...question(3), ...change })
    await expect(refused).rejects.toMatchObject({ status })
  })

  test('it ends when told to, with a reply under way', async () => {
    const stream = await client.chat.completions.create({
      ...question(3),
      max_tokens: 200,
      stream: true,
    })
    const ended = once(server, 'exit')
    for await (const _ of stream) {
      server.kill('SIGTERM')
      break
    }
    expect(await ended).toBeDefined()
  })
})

async function gather(client: OpenAI, body: OpenAI.ChatCompletionCreateParamsNonStreaming) {
  const stream = await client.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let finishReason: string | null | undefined
  let usage: OpenAI.CompletionUsage | null | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    finishReason = chunk.choices[0]?.finish_reason ?? finishReason
    usage = chunk.usage ?? usage
  }
  return { text, finishReason, usage }
}
