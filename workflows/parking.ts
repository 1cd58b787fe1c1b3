import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Stage } from '../core/manifest.ts'
import type { Blocked } from '../core/run-status.ts'
import { cancellationOf } from './cancellation.ts'
import { abortUpdate, retryUpdate, skipUpdate } from './messages.ts'

/** What a person decided about a blocked stage. */
type Decision = 'retry' | 'skip' | 'abort'

/** Stages that a run can do without. */
const dispensable: readonly Stage[] = ['evaluate', 'report']

/** Holds a run at a failed stage until a person decides. */
export type Parking = {
  /** Runs a stage; when it fails, waits for a decision. Undefined: the stage was skipped. */
  attempt<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result | undefined>
  /** Retries a stage that failed, or is about to fail, for want of money. */
  budgetRaised(): void
}

/** The name of the error that a stage fails with when its run's budget has no room. */
const wantOfMoney = 'BudgetSpentError'

/** What parking shows of a run, and what it must know of it. */
export type ParkedRun = {
  /** Is told of every block and its end. */
  readonly onChange: (blocked: Blocked | undefined) => void
  /** The run's budget in US dollars, once it is known. */
  readonly budget: () => number | null | undefined
}

/** Makes the parking of one run and opens its updates. */
export function createParking({ onChange, budget }: ParkedRun): Parking {
  let blocked: Blocked | undefined
  let reason: string | undefined
  let decision: Decision | undefined
  let raises = 0

  openUpdates(
    () => blocked,
    (made) => {
      decision = made
    },
  )

  const park = async (stage: Stage, failure: Failure): Promise<Decision> => {
    decision = undefined
    reason = failure.type
    blocked = { stage, cause: failure.message, next: nextStep(failure, budget()) }
    onChange(blocked)
    await condition(() => decision !== undefined)
    blocked = undefined
    reason = undefined
    onChange(undefined)
    return decision ?? 'abort'
  }

  return {
    async attempt(stage, work) {
      for (;;) {
        const before = raises
        try {
          return await work()
        } catch (error) {
          const cancellation = cancellationOf(error)
          if (cancellation !== undefined) throw cancellation
          const failure = failureOf(error)
          // Raised by now: what failed for want of it would park for what is there.
          if (failure.type === wantOfMoney && raises > before) continue
          const made = await park(stage, failure)
          if (made === 'skip') return undefined
          if (made === 'abort') {
            throw ApplicationFailure.nonRetryable(`aborted at stage ${stage}`, 'Aborted')
          }
        }
      }
    },
    budgetRaised() {
      raises += 1
      if (reason === wantOfMoney) decision = 'retry'
    },
  }
}

/** Opens the updates by which a person decides about a blocked stage. */
function openUpdates(blocked: () => Blocked | undefined, decide: (made: Decision) => void): void {
  const decideOn = (made: Decision) => () => {
    decide(made)
    return `${made}: stage ${blocked()?.stage}`
  }
  const mustBeBlocked = () => {
    const standing = blocked()
    if (standing !== undefined) return standing
    throw ApplicationFailure.nonRetryable('the run is not blocked', 'NotBlocked')
  }
  const mustBeDispensable = () => {
    const { stage } = mustBeBlocked()
    if (dispensable.includes(stage)) return
    const message = `stage ${stage} cannot be skipped: the stages after it need its result`
    throw ApplicationFailure.nonRetryable(message, 'NotDispensable')
  }
  setHandler(retryUpdate, decideOn('retry'), {
    validator: () => void mustBeBlocked(),
    description: 'Runs the blocked stage again.',
  })
  setHandler(skipUpdate, decideOn('skip'), {
    validator: mustBeDispensable,
    description: 'Goes on without the blocked stage (evaluate, report).',
  })
  setHandler(abortUpdate, decideOn('abort'), {
    validator: () => void mustBeBlocked(),
    description: 'Ends the blocked run; what is stored stays.',
  })
}

/** What happened, without Temporal's wrappings. */
type Failure = { readonly message: string; readonly type: string | undefined }

function nextStep({ type }: Failure, budget: number | null | undefined): string {
  if (type !== wantOfMoney)
    return 'mend the cause, then send the update `retry` (or `skip`, `abort`)'
  const { workflowId } = workflowInfo()
  const example = JSON.stringify({ dollars: 2 * (budget ?? 10) })
  return (
    'raise the budget, and the run goes on: `temporal workflow update execute ' +
    `-w ${workflowId} --name raiseBudget --input '${example}'\` (or send \`abort\`)`
  )
}

/** The failure at the bottom. */
export function failureOf(error: unknown): Failure {
  let inner = error
  while (
    (inner instanceof ActivityFailure || inner instanceof ChildWorkflowFailure) &&
    inner.cause !== undefined
  ) {
    inner = inner.cause
  }
  const type = inner instanceof ApplicationFailure ? (inner.type ?? undefined) : undefined
  return { message: inner instanceof Error ? inner.message : String(inner), type }
}
