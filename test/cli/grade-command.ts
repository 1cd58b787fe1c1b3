import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { program } from './program.ts'

const Judged = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]),
  outcome: z.enum(['accepted', 'wrong', 'undecided']),
  reason: z.string(),
})
export type Judged = z.infer<typeof Judged>

function readJudged(line: string): Judged {
  return Judged.parse(JSON.parse(line))
}

/** The verdicts of a whole output. */
export function verdictsIn(out: string): Judged[] {
  return out.split('\n').slice(0, -1).map(readJudged)
}

/** `sky-t1 grade …` as a process. Lines that are objects are written as JSON. */
export function startGrade(
  args: readonly string[],
  { env = {}, node = [] }: { env?: Record<string, string>; node?: readonly string[] } = {},
): ChildProcessWithoutNullStreams {
  const argv = [...node, program, 'grade', ...args]
  return spawn(process.execPath, argv, { env: { ...process.env, ...env } })
}

/** Runs `sky-t1 grade …` to its end on some input. */
export async function grade(
  args: readonly string[],
  input: Uint8Array | string | readonly object[] = '',
  options: Parameters<typeof startGrade>[1] = {},
) {
  const child = startGrade(args, options)
  child.stdin.on('error', () => {}) // it may end before it has read all
  child.stdin.end(isLines(input) ? jsonLines(input) : input)
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: Number(code), out, error }
}

/** Asks a running grader line by line: a verdict comes before the next line is written. */
export function converseWith(child: ChildProcessWithoutNullStreams) {
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    tell: (lines: readonly object[]) => child.stdin.write(jsonLines(lines)),
    hear: async (): Promise<Judged> => {
      const answer = await answers.next()
      if (answer.done === true) throw new Error('the grader has ended')
      return readJudged(answer.value)
    },
  }
}

/** Lines of JSON. */
export function jsonLines(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** The ids of a process's children. */
export async function childrenOf(pid: number | undefined): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return listed
    .split(' ')
    .filter((id) => id !== '')
    .map(Number)
}

/** Whether a process is there and has not ended. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX')
  return !/^State:\s*[XZ]/m.test(status)
}

function isLines(input: Uint8Array | string | readonly object[]): input is readonly object[] {
  return Array.isArray(input)
}
