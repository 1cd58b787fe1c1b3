import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { InputLine, JudgedLine } from '../core/grading/grade-line.ts'
import { readLines } from './grade-lines.ts'
import type { GradeProgress } from './grade-progress.ts'
import { inOrder } from './grade-window.ts'

/** Lines that may wait for the verdict on one before them: a slow one keeps no grader idle. */
const linesInWork = 1024
/** In bytes; a line that is longer by itself is in work alone. */
const bytesInWork = 64 * 2 ** 20

export type GradeStream = {
  readonly input: Readable
  readonly output: Writable
  readonly judge: (line: InputLine) => Promise<JudgedLine>
  readonly progress: GradeProgress
  /** Once it is aborted, nothing more is written. */
  readonly ended: AbortSignal
}

/**
 * Judges every line of the input and writes the verdicts in their order, as each is made. However
 * long the stream is, only a window of it is held; who reads slowly is waited for.
 */
export async function gradeStream(stream: GradeStream): Promise<void> {
  const { input, output, judge, progress, ended } = stream
  const verdicts = inOrder(readLines(input), judge, {
    items: linesInWork,
    size: bytesInWork,
    sizeOf: ({ bytes }) => bytes,
  })
  const write = batched(output)
  for await (const verdict of verdicts) {
    if (ended.aborted) return
    progress.add(verdict)
    if (!write(`${JSON.stringify(verdict)}\n`)) await once(output, 'drain')
  }
}

/** Writes what comes in one turn of the event loop together, and lets nothing wait longer. */
function batched(output: Writable): (text: string) => boolean {
  return (text) => {
    if (output.writableCorked === 0) {
      output.cork()
      process.nextTick(() => output.uncork())
    }
    return output.write(text)
  }
}
