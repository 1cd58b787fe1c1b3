import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import {
  type InputLine,
  judgeLine,
  type JudgedLine,
  type LineId,
  type LineKind,
} from '../core/grading/grade-line.ts'
import { OutputClosedError } from './closed-output.ts'
import { openInput, openOutput } from './grade-files.ts'
import { isUnavailable } from './grade-graders.ts'
import { createGradeProgress } from './grade-progress.ts'
import { gradeStream } from './grade-stream.ts'
import { listenForInterruption, orInterrupted } from './interruption.ts'

/** Judges lines, with what this takes. */
export type OpenJudge = {
  readonly judge: (line: InputLine) => Promise<JudgedLine>
  /** Throws where no line could be judged: a grader is missing, or the host cannot confine programs. */
  readonly ready: () => Promise<void>
  /** Ends every process that judging has started. */
  readonly close: () => Promise<void>
}

export type GradingOrder = {
  readonly input?: string | undefined
  readonly output?: string | undefined
  readonly quiet: boolean
  /** Starts nothing that would have to be ended: that begins with `ready`. */
  readonly open: () => OpenJudge
}

/** Lines judged at once: while one is with its grader, the next is made ready for it. */
const linesPerProcessor = 2

/**
 * Judges a stream of lines; gives the exit code when every line was judged, or when nobody reads the
 * verdicts any more. However it ends, all that was started is ended.
 * @throws whatever the judge throws where it cannot work at all
 * @throws {UsageError} a file cannot be read or written
 * @throws {InterruptedError} it came before the last line was judged
 */
export async function runGrading({ input, output, quiet, open }: GradingOrder): Promise<number> {
  const { judge, ready, close } = open()
  const lines = await openInput(input)
  const verdicts = await openOutput(output, input)
  const interrupted = listenForInterruption()
  const ended = AbortSignal.any([interrupted, verdicts.closed])
  const progress = createGradeProgress({ quiet })
  try {
    await orInterrupted(ready(), ended)
    const stream = { input: lines, output: verdicts.stream, judge, progress, ended }
    await orInterrupted(gradeStream(stream), ended)
    progress.throwFault()
    return 0
  } catch (error) {
    // What fails because all was ended tells nothing beyond that.
    const cause: unknown = ended.aborted ? ended.reason : error
    if (cause instanceof OutputClosedError) return 0
    throw cause
  } finally {
    lines.destroy()
    await close()
    progress.end()
    await verdicts.end()
  }
}

/** Judges lines of one kind, several at once; `ms` is the time from taking one up to its verdict. */
export function judgeOf<Line extends { readonly id: LineId }>(
  kind: LineKind<Line>,
): OpenJudge['judge'] {
  const limit = pLimit(linesPerProcessor * availableParallelism())
  return (line) =>
    limit(async () => {
      const startedAt = performance.now()
      const judged = await judgeLine(kind, line, isUnavailable)
      return { ...judged, ms: Math.round((performance.now() - startedAt) * 100) / 100 }
    })
}
