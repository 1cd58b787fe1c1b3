import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { processStart } from './process-start.ts'

/** A process as its record names it: the start time tells it from a later one of the same number. */
const ProcessRecord = z.strictObject({ pid: z.int().positive(), startedAt: z.string() })
type ProcessRecord = z.infer<typeof ProcessRecord>

/** What to run, apart from whoever starts it. */
export type DetachedCommand = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** All that the process gets of an environment. */
  readonly env: Readonly<Record<string, string>>
  /** Both output streams are appended here. */
  readonly logFile: string
  /** Where the process is recorded, so that anyone finds it again. */
  readonly recordFile: string
}

/** Starts a process in a group of its own and records it. It outlives its starter. */
export async function startDetached(what: DetachedCommand): Promise<void> {
  await startRecorded(what, 'ignore')
}

/** The group of a process that ends with its starter. */
export type TiedGroup = {
  /** Kills whatever runs of it. */
  kill(): void
}

/**
 * Starts a process as startDetached does, whose whole group is killed when the starter ends,
 * however it ends: the group holds the reading end of a pipe, and the kernel closes the other one.
 * The same befalls the group when the process itself ends, since Node closes the pipe then.
 */
export async function startTied(what: DetachedCommand): Promise<TiedGroup> {
  const args = ['-c', waitThenKill, 'sh', what.command, ...what.args]
  const { stdin } = await startRecorded({ ...what, command: '/bin/sh', args }, 'pipe')
  // The pipe is there to be closed, and must not hold up the starter's own end.
  if (stdin instanceof Socket) stdin.unref()
  return { kill: () => stdin?.destroy() }
}

/** One process waits for the end of the pipe and kills the group; the first becomes the program. */
const waitThenKill = 'exec 3<&0 </dev/null; (read -r line <&3; kill -KILL 0) & exec 3<&-; exec "$@"'

async function startRecorded(
  what: DetachedCommand,
  stdin: 'ignore' | 'pipe',
): Promise<ChildProcess> {
  await mkdir(dirname(what.logFile), { recursive: true })
  const log = await open(what.logFile, 'a')
  try {
    const child = spawn(what.command, what.args, {
      cwd: what.cwd,
      env: what.env,
      detached: true,
      stdio: [stdin, log.fd, log.fd],
    })
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => resolve(child.pid ?? 0))
    })
    child.unref()
    const record: ProcessRecord = { pid, startedAt: processStart(pid) ?? 'ended' }
    // Renamed when whole: a torn record could not be read again.
    await writeFile(`${what.recordFile}.new`, JSON.stringify(record))
    await rename(`${what.recordFile}.new`, what.recordFile)
    return child
  } finally {
    await log.close()
  }
}

/** True while the recorded process runs. */
export async function isAlive(recordFile: string): Promise<boolean> {
  const record = await readRecord(recordFile)
  return record !== undefined && processStart(record.pid) === record.startedAt
}

/** Ends the recorded process and its group: asks, waits for the grace, kills. Forgets it. */
export async function endRecorded(recordFile: string, graceMs: number): Promise<void> {
  const record = await readRecord(recordFile)
  if (record !== undefined && (await isAlive(recordFile))) {
    signalGroup(record.pid, 'SIGTERM')
    const deadline = Date.now() + graceMs
    while (Date.now() < deadline && (await isAlive(recordFile))) await wait(100)
    signalGroup(record.pid, 'SIGKILL')
    while (await isAlive(recordFile)) await wait(20)
  }
  await rm(recordFile, { force: true })
}

/** The last lines of a log, for error messages. */
export async function lastLines(logFile: string, lines?: number): Promise<string> {
  return lastLinesOf(await readText(logFile), lines)
}

/** The last lines of a text, as many as an error message may hold. */
export function lastLinesOf(text: string, lines = 12): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n').slice(-2000)
}

/** A file's text, or the empty string where there is none. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

/** True for the error of a file or process that is not there. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))
  )
}

async function readRecord(recordFile: string): Promise<ProcessRecord | undefined> {
  const text = await readText(recordFile)
  return text === '' ? undefined : ProcessRecord.parse(JSON.parse(text))
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
