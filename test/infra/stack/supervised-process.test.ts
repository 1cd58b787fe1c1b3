import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../../infra/stack/ports.ts'
import { processIdentity } from '../../../infra/stack/process-identity.ts'
import { ProcessFailedError, SupervisedProcess } from '../../../infra/stack/supervised-process.ts'

/** Serves its own number and that of a child that it starts, which would outlive it by itself. */
const server = `
  const { createServer } = require('node:http')
  const child = require('node:child_process').spawn('sleep', ['600'])
  createServer((_, answer) => answer.end(process.pid + ' ' + child.pid)).listen(process.argv[1])
  console.log('listening')`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-supervised-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function supervised(script: string, graceMs = 2_000) {
  const port = await freePort()
  const pids = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    return (await answer.text()).split(' ').map(Number)
  }
  const lines: string[] = []
  const subject = new SupervisedProcess(
    {
      name: 'server',
      command: [process.execPath, '-e', script, `${port}`],
      env: { PATH: process.env['PATH'] ?? '' },
      ready: async () => void (await pids()),
      graceMs,
    },
    { log: join(folder, `${port}.log`), report: (line) => void lines.push(line), changed() {} },
  )
  onTestFinished(() => subject.stop())
  return { process: subject, pids, lines, log: join(folder, `${port}.log`) }
}

describe('a supervised process', () => {
  it('serves once it is started, and its output is in its log', async () => {
    const { process: subject, pids, log } = await supervised(server)
    await subject.start()
    const [pid] = await pids()
    expect(subject.status).toMatchObject({ state: 'ready', pid, restarts: 0 })
    expect(await readFile(log, 'utf8')).toContain('listening')
  })

  it('is started again when it is killed, and what it had started ends with it', async () => {
    const { process: subject, pids, lines } = await supervised(server)
    await subject.start()
    const [pid = 0, child = 0] = await pids()
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(async () => expect((await pids())[0]).not.toBe(pid), { timeout: 60_000 })
    await expect.poll(() => subject.status.state).toBe('ready')
    expect(subject.status.restarts).toBe(1)
    await expect.poll(() => processIdentity(child)).toBeUndefined()
    expect(lines[0]).toBe('server was ended by SIGKILL; starting it again')
  })

  it('ends when it is stopped, and is not started again', async () => {
    const { process: subject, pids } = await supervised(server)
    await subject.start()
    const [pid = 0, child = 0] = await pids()
    await subject.stop()
    expect(subject.status).toMatchObject({ state: 'stopped', restarts: 0 })
    await expect.poll(() => [pid, child].map(processIdentity)).toEqual([undefined, undefined])
  })

  it('is killed after its grace when it does not heed the request to end', async () => {
    const deaf = `process.on('SIGTERM', () => console.log('no'));${server}`
    const { process: subject, pids, log } = await supervised(deaf, 200)
    await subject.start()
    const [pid = 0] = await pids()
    await subject.stop()
    expect(processIdentity(pid)).toBeUndefined()
    expect(await readFile(log, 'utf8')).toContain('no')
  })

  it('fails to start with its last words where it ends before it serves', async () => {
    const { process: subject } = await supervised(`console.error('no database'); process.exit(3)`)
    const started = subject.start()
    await expect(started).rejects.toBeInstanceOf(ProcessFailedError)
    await expect(started).rejects.toThrow(/server ended with code 3 before it served: no database/)
  })

  it('fails to start where its program is missing', async () => {
    const subject = new SupervisedProcess(
      { name: 'ghost', command: ['/no/such'], env: {}, ready: () => Promise.reject(), graceMs: 1 },
      { log: join(folder, 'ghost.log'), report: () => {}, changed: () => {} },
    )
    await expect(subject.start()).rejects.toThrow(/ghost does not start \(.*ENOENT/)
  })
})
