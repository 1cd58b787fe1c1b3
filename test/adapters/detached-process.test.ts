import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  endRecorded,
  isAlive,
  isMissing,
  lastLines,
  readText,
  startDetached,
  startTied,
} from '../../adapters/detached-process.ts'

let folder: string
let recordFile: string
let logFile: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detached-'))
  recordFile = join(folder, 'process.json')
  logFile = join(folder, 'logs', 'process.log')
})
afterEach(async () => {
  await endRecorded(recordFile, 0)
  await rm(folder, { recursive: true })
})

function start(script: string, env: Record<string, string> = {}): Promise<void> {
  const args = ['-c', script]
  return startDetached({ command: '/bin/sh', args, cwd: folder, env, logFile, recordFile })
}

/** What is tied to its starter. */
function tied(script: string) {
  const env = { PATH: process.env['PATH'] ?? '' }
  return { command: '/bin/sh', args: ['-c', script], cwd: folder, env, logFile, recordFile }
}

/** For a loaded machine. */
const soon = { timeout: 60_000, interval: 10 }
const forever = 'echo ready; while :; do sleep 1000; done'
const logged = () => readText(logFile)
const recordedPid = async () =>
  z.object({ pid: z.int() }).parse(JSON.parse(await readFile(recordFile, 'utf8'))).pid

/** True while a process of the group runs; one that has ended may wait long for whoever reaps it. */
function groupRuns(group: number): boolean {
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false
    const [state, , of] = statFields(entry)
    return of === String(group) && state !== 'Z'
  })
}

/** `/proc/PID/stat` from its third field on: state, parent, process group. */
function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(join('/proc', pid, 'stat'), 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

describe('a detached process', () => {
  test('is alive by its record until it ends by itself', async () => {
    await start('while [ ! -e stop ]; do sleep 0.01; done')
    expect(await isAlive(recordFile)).toBe(true)
    await writeFile(join(folder, 'stop'), '')
    await expect.poll(() => isAlive(recordFile), soon).toBe(false)
  })

  test('writes both its streams to the log, after what stood there', async () => {
    await start('echo out; echo err >&2')
    await expect.poll(logged, soon).toBe('out\nerr\n')
    await start('echo again')
    await expect.poll(logged, soon).toBe('out\nerr\nagain\n')
  })

  test('gets the environment that it is given, and nothing else', async () => {
    process.env['SECRET_OF_THE_STARTER'] = 'x'
    await start('echo "$GIVEN-$SECRET_OF_THE_STARTER-end"', { GIVEN: 'given' })
    await expect.poll(logged, soon).toBe('given--end\n')
  })

  test('outlives its starter', async () => {
    const module = new URL('../../adapters/detached-process.ts', import.meta.url).href
    const args = { command: '/bin/sh', args: ['-c', forever], cwd: folder, env: {} }
    const program = `
      const { startDetached } = await import(${JSON.stringify(module)})
      await startDetached(${JSON.stringify({ ...args, logFile, recordFile })})
      process.kill(process.pid, 'SIGKILL')`
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', program])
    await once(starter, 'exit')
    expect(starter.signalCode).toBe('SIGKILL')
    expect(await isAlive(recordFile)).toBe(true)
  })

  test('that cannot be started leaves no record', async () => {
    const command = join(folder, 'no-such-program')
    const starting = startDetached({ command, args: [], cwd: folder, env: {}, logFile, recordFile })
    await expect(starting).rejects.toThrow('ENOENT')
    expect(await isAlive(recordFile)).toBe(false)
  })
})

describe('a process that is tied to its starter', () => {
  test('runs as the process that is recorded, and leads its group', async () => {
    const group = await startTied(tied(`echo $$; ${forever}`))
    await expect.poll(logged, soon).toBe(`${await recordedPid()}\nready\n`)
    expect(await isAlive(recordFile)).toBe(true)
    group.kill()
    await expect.poll(() => isAlive(recordFile), soon).toBe(false)
  })

  test('ends with all its children when the starter is killed', async () => {
    const module = new URL('../../adapters/detached-process.ts', import.meta.url).href
    const program = `
      const { startTied } = await import(${JSON.stringify(module)})
      await startTied(${JSON.stringify(tied(`sh -c '${forever}' & ${forever}`))})
      process.stdout.write('started')
      setInterval(() => {}, 1000)`
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', program])
    await once(starter.stdout, 'data')
    await expect.poll(logged, soon).toBe('ready\nready\n')
    const pid = await recordedPid()
    expect(groupRuns(pid)).toBe(true)
    starter.kill('SIGKILL')
    await expect.poll(() => groupRuns(pid), soon).toBe(false)
  })

  test('that is killed itself takes its children along', async () => {
    await startTied(tied(`sh -c '${forever}' & ${forever}`))
    await expect.poll(logged, soon).toBe('ready\nready\n')
    const pid = await recordedPid()
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => groupRuns(pid), soon).toBe(false)
  })

  test('does not hold up the end of its starter', async () => {
    const module = new URL('../../adapters/detached-process.ts', import.meta.url).href
    const program = `
      const { startTied } = await import(${JSON.stringify(module)})
      await startTied(${JSON.stringify(tied(forever))})`
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', program])
    const [code] = await once(starter, 'exit')
    expect(code).toBe(0)
    const pid = await recordedPid()
    await expect.poll(() => groupRuns(pid), soon).toBe(false)
  })
})

describe('a record', () => {
  test('of another process of the same number is not taken for alive, and that one is spared', async () => {
    const other = spawn('/bin/sh', ['-c', forever], { detached: true })
    await once(other.stdout, 'data')
    await writeFile(recordFile, JSON.stringify({ pid: other.pid, startedAt: '1' }))
    expect(await isAlive(recordFile)).toBe(false)
    await endRecorded(recordFile, 0)
    expect(groupRuns(other.pid ?? 0)).toBe(true)
    process.kill(-(other.pid ?? 0), 'SIGKILL')
  })

  test('that is not there, or that a kill left empty, is of no process', async () => {
    expect(await isAlive(recordFile)).toBe(false)
    await writeFile(recordFile, '')
    expect(await isAlive(recordFile)).toBe(false)
    await endRecorded(recordFile, 0)
    expect(await readText(recordFile)).toBe('')
  })
})

describe('the end of a recorded process', () => {
  test('leaves it the grace to end by itself', async () => {
    await start(`trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.01; done`)
    await expect.poll(logged, soon).toBe('ready\n')
    await endRecorded(recordFile, 30_000)
    // The shell may say first that its `sleep` was terminated too.
    expect(await logged()).toMatch(/^ready\n(.*\n)?saved\n$/)
  })

  test('is forced on one that will not', async () => {
    await start(`trap '' TERM; ${forever}`)
    await expect.poll(logged, soon).toBe('ready\n')
    const pid = await recordedPid()
    await endRecorded(recordFile, 0)
    await expect.poll(() => groupRuns(pid), soon).toBe(false)
  })

  test('is that of its children too', async () => {
    await start(`sh -c '${forever}' & ${forever}`)
    await expect.poll(logged, soon).toBe('ready\nready\n')
    const pid = await recordedPid()
    await endRecorded(recordFile, 0)
    await expect.poll(() => groupRuns(pid), soon).toBe(false)
  })

  test('forgets it, and may be asked for twice', async () => {
    await start(forever)
    await endRecorded(recordFile, 0)
    await endRecorded(recordFile, 0)
    expect(await readText(recordFile)).toBe('')
    expect(await isAlive(recordFile)).toBe(false)
  })
})

describe('the last lines of a log', () => {
  test('are as many as asked for, without the blank end', async () => {
    const file = join(folder, 'log')
    await writeFile(file, 'one\ntwo\nthree\n\n')
    expect(await lastLines(file, 2)).toBe('two\nthree')
    expect(await lastLines(file)).toBe('one\ntwo\nthree')
  })

  test('stay short enough for a message', async () => {
    const file = join(folder, 'log')
    await writeFile(file, `${'x'.repeat(100_000)}end`)
    const lines = await lastLines(file)
    expect(lines).toHaveLength(2000)
    expect(lines.endsWith('end')).toBe(true)
  })

  test('of no log are empty', async () => {
    expect(await lastLines(join(folder, 'none'))).toBe('')
  })
})
