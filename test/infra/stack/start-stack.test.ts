import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Connection } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Installation, setUp } from '../../../infra/setup/set-up.ts'
import { findRunningStack } from '../../../infra/stack/find-running-stack.ts'
import { processIdentity } from '../../../infra/stack/process-identity.ts'
import type { Stack } from '../../../infra/stack/stack.ts'
import { readStackRecord } from '../../../infra/stack/stack-record.ts'
import { startStack } from '../../../infra/stack/start-stack.ts'

// The servers of a real stack, each test in the state directory that the one before left.
let installation: Installation<'temporal' | 'versitygw'>
let stateDir: string
let lines: string[]

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sky-t1-stack-'))
  installation = await setUp({ components: ['temporal', 'versitygw'], progress: () => {} })
}, 300_000)
afterAll(() => rm(stateDir, { recursive: true, force: true }))
beforeEach(() => {
  lines = []
})

function report(line: string): void {
  lines.push(line)
}

function start(): Promise<Stack> {
  return startStack({ installation, stateDir, part: 'servers', ports: 'any', report })
}

async function withStack<T>(work: (stack: Stack) => Promise<T>): Promise<T> {
  const stack = await start()
  try {
    return await work(stack)
  } finally {
    await stack.stop()
  }
}

function storeOf({ environment }: Stack): S3Client {
  return new S3Client({
    endpoint: environment['S3_ENDPOINT'] ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  })
}

const note = { Bucket: 'sky-t1', Key: 'notes/first' }

async function noteIn(stack: Stack): Promise<string | undefined> {
  const { Body } = await storeOf(stack).send(new GetObjectCommand(note))
  return Body?.transformToString()
}

describe('a stack that is up', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await start()
  })
  afterAll(() => stack.stop())

  it('serves Temporal with our attributes, and keeps its runs for a month', async () => {
    const connection = await Connection.connect({ address: stack.addresses.temporal })
    const { workflowService, operatorService } = connection
    const { config } = await workflowService.describeNamespace({ namespace: 'default' })
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBe(30)
    const attributes = await operatorService.listSearchAttributes({ namespace: 'default' })
    expect(Object.keys(attributes.customAttributes ?? {})).toEqual(
      expect.arrayContaining(['SkyNight', 'SkyRun', 'SkyScore', 'SkyStage', 'SkyStatus']),
    )
    await connection.close()
    expect((await fetch(stack.uiUrl)).status).toBe(200)
  })

  it('serves the scripted endpoint under the base URL that clients are given', async () => {
    const models = await fetch(`${stack.environment['SCRIPTED_BASE_URL']}/models`)
    expect(models.status).toBe(200)
  })

  it('stores an object under a key once, whoever asks at the same time', async () => {
    const store = storeOf(stack)
    const create = async (body: string) =>
      store.send(new PutObjectCommand({ ...note, Body: body, IfNoneMatch: '*' }))
    const outcomes = await Promise.allSettled(['kept', 'lost', 'late', 'last'].map(create))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('keeps its credentials out of every command line, and to their owner', async () => {
    const secret = stack.environment['AWS_SECRET_ACCESS_KEY'] ?? 'none'
    for (const { pid } of stack.processes()) {
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret)
    }
    expect((await stat(join(stateDir, 'credentials.json'))).mode & 0o777).toBe(0o600)
  })

  it('is joined, not started twice', async () => {
    const joined = await start()
    expect(joined.environment).toEqual(stack.environment)
    expect(joined.addresses).toEqual(stack.addresses)
    expect(joined.processes()).toEqual(stack.processes())
    await joined.stop() // leaves it to its owner
    expect((await fetch(stack.uiUrl)).status).toBe(200)
    expect(lines).toContain(`joining the stack that process ${process.pid} keeps up`)
  })

  it('heals when its servers are killed, with their data', async () => {
    const before = stack.processes()
    for (const { pid = 0 } of before) process.kill(pid, 'SIGKILL')
    const healed = before.map(() => ({ state: 'ready', restarts: 1 }))
    await vi.waitFor(
      () => {
        const now = stack.processes().map(({ state, restarts }) => ({ state, restarts }))
        expect(now).toEqual(healed)
      },
      { timeout: 60_000 },
    )
    expect(await noteIn(stack)).toHaveLength(4)
  })
})

describe('a stack that is interrupted while it comes up', () => {
  it('has ended all that it had started, and can be started again', async () => {
    const reason = new Error('interrupted')
    const interruption = new AbortController()
    const request = { installation, stateDir, part: 'servers', ports: 'any' } as const
    const starting = startStack({ ...request, interrupted: interruption.signal })
    const outcome = starting.catch((error: unknown) => error)
    const started = await vi.waitFor(
      () => {
        const record = readStackRecord(stateDir)
        const pids = record?.processes.flatMap(({ pid }) => pid ?? []) ?? []
        if (record?.state !== 'starting' || pids.length === 0)
          throw new Error('none is started yet')
        return pids
      },
      { timeout: 60_000, interval: 10 },
    )
    interruption.abort(reason)
    expect(await outcome).toBe(reason)
    expect(started.map(processIdentity)).toEqual(started.map(() => undefined))
    expect(readStackRecord(stateDir)).toMatchObject({ state: 'stopped', processes: [] })
    await withStack(async (stack) => expect((await fetch(stack.uiUrl)).status).toBe(200))
  })

  it('starts nothing where the interruption came before', async () => {
    const reason = new Error('interrupted')
    const request = { installation, stateDir, part: 'servers', ports: 'any' } as const
    await expect(startStack({ ...request, interrupted: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    expect(readStackRecord(stateDir)).toMatchObject({ state: 'stopped', processes: [] })
  })
})

describe('a stack that is started again', () => {
  it('has its data and its ports of before', async () => {
    const before = readStackRecord(stateDir)
    expect(before).toMatchObject({ state: 'stopped', processes: [] })
    expect(await findRunningStack(stateDir)).toBeUndefined()
    await withStack(async (stack) => {
      expect(readStackRecord(stateDir)?.ports).toEqual(before?.ports)
      expect(await noteIn(stack)).toHaveLength(4)
    })
  })

  it('moves a service whose port is taken', async () => {
    const taken = readStackRecord(stateDir)?.ports['s3'] ?? 0
    const other = createServer().listen(taken, '127.0.0.1')
    await once(other, 'listening')
    await withStack(async (stack) => {
      expect(stack.addresses.s3).not.toContain(`:${taken}`)
      expect(await noteIn(stack)).toHaveLength(4)
    })
    other.close()
  })

  it('ends what a stack left running whose owner was killed', async () => {
    const request = { installation, stateDir, part: 'servers', ports: 'any' }
    const module = join(import.meta.dirname, '../../../infra/stack/start-stack.ts')
    const script = `
      import { startStack } from ${JSON.stringify(module)}
      await startStack(${JSON.stringify(request)})
      process.stdout.write('up')`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script])
    const [said] = await once(owner.stdout, 'data')
    expect(String(said)).toBe('up')
    const left = readStackRecord(stateDir)?.processes ?? []
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(left.map(({ pid = 0 }) => processIdentity(pid))).toEqual(
      left.map(({ identity }) => identity),
    )

    await withStack(async () => {
      expect(left.map(({ pid = 0 }) => processIdentity(pid))).toEqual(left.map(() => undefined))
      expect(lines).toContain('ended what a killed stack had left running: temporal, s3, scripted')
    })
  })
})
