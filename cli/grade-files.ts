import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { once } from 'node:events'
import { listenForClosedOutput } from './closed-output.ts'
import { UsageError } from './command.ts'

/** Where verdicts are written. */
export type GradeOutput = {
  readonly stream: Writable
  /** Aborted when no more can be written, with the reason. */
  readonly closed: AbortSignal
  /** Waits until all is written. */
  end(): Promise<void>
}

/** The lines to judge: a file, or standard input. Throws UsageError where the file cannot be read. */
export async function openInput(path: string | undefined): Promise<Readable> {
  if (path === undefined) {
    if (process.stdin.isTTY) console.error('reading JSON Lines from the terminal; Ctrl-D ends them')
    return process.stdin
  }
  const stream = createReadStream(path)
  await opened(stream, `--input ${path}`)
  const isDirectory = (await stat(path)).isDirectory()
  if (isDirectory) throw new UsageError(`--input ${path}: is a folder; name a file`)
  return stream
}

/** Throws UsageError where the file cannot be written, or is the input, which would be lost. */
export async function openOutput(
  path: string | undefined,
  input: string | undefined,
): Promise<GradeOutput> {
  if (path === undefined) {
    return { stream: process.stdout, closed: listenForClosedOutput(), end: () => Promise.resolve() }
  }
  if (input !== undefined && (await isSameFile(path, input))) {
    throw new UsageError(`--output ${path}: is the input; name another file`)
  }
  const stream = createWriteStream(path)
  await opened(stream, `--output ${path}`)
  const closed = new AbortController()
  const fail = (error: Error): void => {
    const what = `--output ${path}: cannot be written: ${error.message}`
    closed.abort(new Error(`${what}; mend it, or name another file`, { cause: error }))
  }
  stream.on('error', fail)
  return {
    stream,
    closed: closed.signal,
    async end() {
      if (closed.signal.aborted) return // told by then
      stream.end()
      await finished(stream).catch(() => closed.signal.throwIfAborted())
    },
  }
}

async function opened(stream: Readable | Writable, option: string): Promise<void> {
  try {
    await once(stream, 'open')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new UsageError(`${option}: cannot be opened${code}; name another file`, { cause: error })
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all(
    [one, other].map((path) => stat(path).catch(() => undefined)),
  )
  return left !== undefined && left.ino === right?.ino && left.dev === right.dev && left.isFile()
}
