import pLimit from 'p-limit'
import {
  type AnswerComparison,
  type AnswerPair,
  type MathGrader,
  MathGraderUnavailableError,
} from '../../core/ports/math-grader.ts'
import type { GraderCommand } from './grader-command.ts'
import { GraderProcess } from './grader-process.ts'

/**
 * Processes that die with the same pair in their hands before it is the pair's doing. Two are not
 * enough: whatever kills all processes, such as a lack of memory, may come back within a second, and
 * find the pair of a process that was slow to start still waiting.
 */
const maxDeaths = 3

/**
 * Processes that compare pairs, started when first needed, one pair in flight in each. A process
 * that hangs or runs out of memory costs its own pair (`undecided`) and is replaced; of one that
 * dies the pair is compared again, by a fresh process, since it may have been killed for a reason
 * that is not this pair's. A time-out is not tried again: it is CPU time, which a busy machine takes
 * from no one, and a second time would break the promise of an answer within seconds.
 * @param commands the ways to start a process; the first that works is kept to
 */
export function createComparisonPool({
  commands,
  processes,
}: {
  readonly commands: () => Promise<readonly GraderCommand[]>
  readonly processes: number
}): MathGrader {
  const limit = pLimit(processes)
  const idle: GraderProcess[] = []
  const running = new Set<GraderProcess>()
  const start = starter(commands)
  let isClosed = false

  async function take(): Promise<GraderProcess> {
    if (isClosed) throw new MathGraderUnavailableError('it is closed')
    const waiting = idle.pop()
    if (waiting?.isUsable === true) return waiting
    if (waiting !== undefined) {
      await discard(waiting)
      return take()
    }
    const started = await start()
    running.add(started)
    if (isClosed) await started.stop()
    return started
  }

  async function putBack(grader: GraderProcess): Promise<void> {
    if (grader.isUsable && !isClosed) idle.push(grader)
    else await discard(grader)
  }

  async function discard(grader: GraderProcess): Promise<void> {
    running.delete(grader)
    await grader.stop()
  }

  async function compareOnce(pair: AnswerPair): Promise<AnswerComparison> {
    const grader = await take()
    try {
      return await grader.compare(pair)
    } finally {
      await putBack(grader)
    }
  }

  async function compareNow(pair: AnswerPair): Promise<AnswerComparison> {
    for (let deaths = 1; ; deaths++) {
      const comparison = await compareOnce(pair)
      const hasDied = comparison.reason === 'grader-crashed'
      if (!hasDied || deaths === maxDeaths || isClosed) return comparison
    }
  }

  return {
    compare: (pair) => limit(compareNow, pair),
    async close() {
      isClosed = true
      await Promise.all([...running].map((grader) => grader.stop()))
    },
  }
}

/**
 * Starts processes by the first way that works. Once one has worked, it is tried a second time
 * instead of the next: a failure then is an accident, such as a kill while it started.
 */
function starter(commands: () => Promise<readonly GraderCommand[]>): () => Promise<GraderProcess> {
  let ways: Promise<readonly GraderCommand[]> | undefined
  async function startBy([way, ...others]: readonly GraderCommand[]): Promise<GraderProcess> {
    if (way === undefined) throw new MathGraderUnavailableError('there is no way to start it')
    try {
      const started = await GraderProcess.start(way)
      ways = Promise.resolve([way, way])
      return started
    } catch (error) {
      if (others.length === 0) throw error
      return startBy(others)
    }
  }
  return async () => {
    ways ??= commands()
    return startBy(await ways)
  }
}
