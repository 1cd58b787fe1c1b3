import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createLocalModelServer, ModelServerError } from '../../adapters/local-model-server.ts'
import { processStart } from '../../adapters/process-start.ts'
import type { EngineCommand } from '../../core/serving/engine-command.ts'
import { failureOf } from './chat-server.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-model-server-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const { signal } = new AbortController()

/** A program in the place of vLLM's: it serves what it was given, its health, and a way to fail. */
const engine = `#!${process.execPath}
const { createServer } = require('node:http')
const port = Number(process.argv[process.argv.indexOf('--port') + 1])
if (process.argv.includes('--broken')) { console.error('CUDA out of memory'); process.exit(1) }
let well = true
createServer((request, response) => {
  if (request.url === '/sicken') well = false
  response.statusCode = request.url === '/health' && !well ? 503 : 200
  response.end(JSON.stringify({ version: '1.0', pid: process.pid, env: process.env, args: process.argv.slice(2) }))
}).listen(port, '127.0.0.1')
`

async function serve(
  changes: Partial<EngineCommand> = {},
  environment: NodeJS.ProcessEnv = process.env,
) {
  const vllm = join(folder, 'vllm')
  await writeFile(vllm, engine)
  await chmod(vllm, 0o755)
  const server = createLocalModelServer({ python: undefined, programs: '/x', vllm, environment })
  const command = (port: number): EngineCommand => ({
    program: 'vllm',
    args: ['serve', '--port', String(port)],
    env: { CUDA_VISIBLE_DEVICES: '2,3' },
    inherits: ['HF_TOKEN', 'HF_HOME'],
    healthPath: '/health',
    versionPath: '/version',
    startSeconds: 60,
    ...changes,
    ...(changes.args === undefined ? {} : { args: [...changes.args, '--port', String(port)] }),
  })
  return server.serve({ command, workDirectory: join(folder, 'work'), signal })
}

const bare: EngineCommand = {
  program: 'vllm',
  args: [],
  env: {},
  inherits: [],
  healthPath: '/health',
  versionPath: '/version',
  startSeconds: 60,
}

const Told = z.object({
  pid: z.int(),
  env: z.record(z.string(), z.string()),
  args: z.array(z.string()),
})

async function ask({ baseURL }: { baseURL: string }, path = '/'): Promise<z.infer<typeof Told>> {
  const reply = await fetch(new URL(path, baseURL))
  return Told.parse(await reply.json())
}

test('an engine is given its own environment and what it inherits, and no more of the worker’s', async () => {
  const environment = { PATH: '/usr/bin:/bin', HF_TOKEN: 'hf_x', AWS_SECRET_ACCESS_KEY: 'secret' }
  const served = await serve({}, environment)
  const { env, args } = await ask(served)
  await served.stop()
  expect(args[0]).toBe('serve')
  expect(env).toMatchObject({ CUDA_VISIBLE_DEVICES: '2,3', HF_TOKEN: 'hf_x' })
  expect(Object.keys(env)).not.toContain('AWS_SECRET_ACCESS_KEY')
  expect(Object.keys(env)).not.toContain('HF_HOME')
})

test('an engine is up, unwell where its health check fails, and down where it was killed', async () => {
  const served = await serve()
  expect(await served.look()).toBe('up')
  const { pid } = await ask(served, '/sicken')
  expect(await served.look()).toBe('unwell')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => served.look()).toBe('down')
  await served.stop()
})

test('an engine that is stopped is gone, and may be stopped twice', async () => {
  const served = await serve()
  const { pid } = await ask(served)
  await served.stop()
  await served.stop()
  await expect.poll(() => processStart(pid)).toBeUndefined()
})

test('an engine that an earlier attempt left in the same place is ended first', async () => {
  const left = await serve()
  const { pid } = await ask(left)
  const served = await serve()
  await expect.poll(() => processStart(pid)).toBeUndefined()
  expect(await served.look()).toBe('up')
  await served.stop()
})

test('an engine that does not start gives its last lines, and leaves no record', async () => {
  const failure = await failureOf(serve({ args: ['--broken'] }))
  expect(failure).toBeInstanceOf(ModelServerError)
  expect(failure.message).toContain('CUDA out of memory')
  await expect(readFile(join(folder, 'work/server.json'))).rejects.toThrow('ENOENT')
})

test('a program that is not there is named', async () => {
  const server = createLocalModelServer({
    python: undefined,
    programs: '/x',
    vllm: join(folder, 'no-such-vllm'),
    environment: process.env,
  })
  const failure = await failureOf(
    server.serve({ command: () => bare, workDirectory: folder, signal }),
  )
  expect(failure.message).toContain('no-such-vllm')
})

test('the trainer’s engine is refused where its environment is not installed', async () => {
  const failure = await failureOf(serve({ program: 'serve.py' }))
  expect(failure.message).toContain('SKY_T1_TRAINER_PYTHON is not set')
})
