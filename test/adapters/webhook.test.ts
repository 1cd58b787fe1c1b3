import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWebhook } from '../../adapters/webhook.ts'
import { failureOf } from './chat-server.ts'

const received: string[] = []
let status = 200
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    received.push(body)
    response.writeHead(status).end('ok')
  })
})
let url: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/services/a-secret`
})
afterAll(() => server.close())
beforeEach(() => {
  received.length = 0
  status = 200
})

test('a message is posted as Slack takes it', async () => {
  await createWebhook(url)('MATH500 dropped')
  expect(received).toEqual(['{"text":"MATH500 dropped"}'])
})

test('a refusal is an error that names the setting, and not the address', async () => {
  status = 404
  const failure = await failureOf(createWebhook(url)('x'))
  expect(failure.message).toBe('SKY_T1_ALERT_WEBHOOK answered 404: look at its address')
})

test('nobody there is an error without the address', async () => {
  const failure = await failureOf(createWebhook('http://127.0.0.1:9/a-secret')('x'))
  expect(failure.name).toBe('WebhookError')
  expect(failure.message).not.toContain('a-secret')
})
