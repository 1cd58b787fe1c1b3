import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import type { RunStatus } from '../core/run-status.ts'
import { type Command, soleArgument, UsageError } from './command.ts'
import { connect, type Connected, withConnection, workflowUrl } from './deployment.ts'
import { InterruptedError, listenForInterruption, orInterrupted } from './interruption.ts'
import { withLiveLedger } from './live-ledger.ts'
import { readLiveProgress } from './live-progress.ts'
import { progressLines } from './progress-lines.ts'
import { showReport } from './report.ts'
import { createScreen, type Screen } from './screen.ts'
import { isServerAway, resultOf } from './workflow-result.ts'

/** `sky-t1 watch RUN`: shows a run's progress until it ends. */
export const watch: Command = {
  usage: 'watch RUN',
  purpose: 'show the progress of a run until it ends',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
    const run = soleArgument(positionals, 'name a run, as in `sky-t1 watch miniature`')
    return withConnection(await connect(), (connected) =>
      watchRun(connected, run, { interrupted: listenForInterruption() }),
    )
  },
}

/** Exit code for a run that waits for a person. */
const blockedCode = 3
const lookEveryMs = 1000
/** What a look gives while the server cannot answer; the next look finds it. */
const away = 'away'

/** Ends the watching. */
type Ending = {
  readonly interrupted: AbortSignal
  /** The command that goes on with the run, where the stack ends with the watching. */
  readonly resume?: string
}

/**
 * Shows a run until it ends, waits for a person, or Ctrl-C. Gives the exit code: 0 completed,
 * 1 failed, 3 blocked.
 * @throws {InterruptedError} saying how to go on
 */
export async function watchRun(
  connected: Connected,
  run: string,
  { interrupted, resume }: Ending,
): Promise<number> {
  console.error(`watch it in the Temporal UI: ${workflowUrl(connected.deployment, run)}`)
  const screen = createScreen()
  let hasSeen = false
  while (!interrupted.aborted) {
    // A server that is gone may leave a look waiting: Ctrl-C does not wait for it.
    const code = await orInterrupted(look(connected, run, screen), interrupted).catch(
      (error: unknown) => {
        const isPassing = hasSeen ? isServerAway(error) : error instanceof ServiceError
        if (!interrupted.aborted && !isPassing) throw error
        return away
      },
    )
    if (typeof code === 'number') return code
    hasSeen ||= code !== away
    await wait(lookEveryMs, undefined, { signal: interrupted }).catch(() => undefined)
  }
  screen.end()
  const goOn = resume === undefined ? '' : `: ${resume}`
  throw new InterruptedError(`interrupted; run ${run} goes on where it stopped${goOn}`)
}

async function look(
  connected: Connected,
  run: string,
  screen: Screen,
): Promise<number | undefined> {
  const { client, store } = connected
  try {
    const handle = client.workflow.getHandle(run)
    const { status: execution } = await handle.describe()
    if (execution.name !== 'RUNNING') {
      screen.end()
      return await ended(connected, run, execution.name)
    }
    const status = await withLiveLedger(store, await handle.query<RunStatus>('status'))
    const live = await readLiveProgress(client, run)
    screen.show(progressLines({ status, live, now: new Date().toISOString() }))
    if (status.blocked === undefined) return undefined
    screen.end()
    const { stage, cause, next } = status.blocked
    console.error(`run ${run} is blocked at stage ${stage}: ${cause}\n${next}`)
    return blockedCode
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new UsageError(`there is no run ${run}`)
    // A worker that is being restarted; the next look finds it.
    if (isQueryFailure(error)) return undefined
    throw error
  }
}

function isQueryFailure(error: unknown): boolean {
  return (
    error instanceof Error && ['QueryRejectedError', 'QueryNotRegisteredError'].includes(error.name)
  )
}

async function ended(connected: Connected, run: string, how: string): Promise<number> {
  if (how === 'COMPLETED') {
    await showReport(connected, run)
    return 0
  }
  const cause = await resultOf(connected.client.workflow.getHandle(run))
    .then(() => how)
    .catch(messageOf)
  console.error(`run ${run} ended as ${how.toLowerCase()}: ${cause}`)
  return 1
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
