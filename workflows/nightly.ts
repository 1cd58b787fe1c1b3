import { defineSearchAttributeKey } from '@temporalio/common'
import {
  ActivityFailure,
  ChildWorkflowFailure,
  executeChild,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { NightActivities, NightToRecord } from '../activities/night.ts'
import type { EvaluationOrder } from '../core/evaluation/evaluation-order.ts'
import { subjectName, subjectOf } from '../core/evaluation/night-subject.ts'
import type { Night, NightlyInput } from '../core/night.ts'
import { cancellationOf } from './cancellation.ts'
import { evaluate } from './evaluate.ts'
import { doorOptions, options } from './options.ts'
import { searchAttributes } from './run-state.ts'

const { openNight } = proxyActivities<NightActivities>({ ...options.io, ...doorOptions })
const { recordNights, tellOfDrops } = proxyActivities<NightActivities>(options.io)

/** Set by the server on workflows that a schedule started. */
const scheduledStartTime = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')

/**
 * Re-evaluates a run's student, or another model, compares it with the nights before, and says so where
 * it dropped; made for a Schedule. A night that could not be evaluated is recorded as undecided, and does not fail.
 */
export async function nightly(input: NightlyInput): Promise<readonly Night[]> {
  const opened = await openNight.executeWithOptions({ summary: 'find the model' }, [input])
  const { order, judging } = opened
  const name = subjectName(opened)
  const { typedSearchAttributes, startTime } = workflowInfo()
  // The night is the one that the schedule planned: a late start must not count as the next day's.
  const planned = typedSearchAttributes.get(scheduledStartTime) ?? startTime
  const date = planned.toISOString().slice(0, 10)
  upsertSearchAttributes([{ key: searchAttributes.run, value: name }])
  const { recipe, benchmarks } = order
  const came = await evaluated({ ...order, occasion: `night-${date}` }, `${name}, night of ${date}`)
  const recorded = await recordNights.executeWithOptions({ summary: 'compare and record' }, [
    { ...subjectOf(opened), date, recipe, benchmarks, judging, came },
  ])
  const { nights, sentences, history, report } = recorded
  const outcome = outcomeOf(nights)
  const score = nights[0]?.score?.accuracy.value
  upsertSearchAttributes([
    { key: searchAttributes.night, value: outcome },
    ...(score === undefined ? [] : [{ key: searchAttributes.score, value: score }]),
  ])
  const said = [`Night of ${date}, ${name}: ${outcome}.`, ...sentences]
  setCurrentDetails([...said, `History: \`${history}\`; report: \`${report}\``].join('\n\n'))
  if (outcome === 'drop') {
    const text = `${said.join('\n')}\nReport: ${report}`
    await tellOfDrops.executeWithOptions({ summary: 'tell of the drop' }, [{ text }])
  }
  return nights
}

/** The keys of the night's scorings; or, where evaluation failed for good, why. */
async function evaluated(order: EvaluationOrder, what: string): Promise<NightToRecord['came']> {
  try {
    const scored = await executeChild(evaluate, {
      workflowId: `${workflowInfo().workflowId}/evaluate`,
      staticSummary: what,
      args: [order],
    })
    return { evaluations: scored.map(({ key }) => key) }
  } catch (error) {
    const cancelled = cancellationOf(error)
    if (cancelled !== undefined) throw cancelled
    if (error instanceof ChildWorkflowFailure) return { broken: causeOf(error) }
    throw error
  }
}

/** What the activity said that failed, or the workflow. */
function causeOf({ cause }: ChildWorkflowFailure | ActivityFailure): string {
  if (cause instanceof ActivityFailure) return causeOf(cause)
  return cause?.message.split('\n')[0] ?? 'its evaluation failed'
}

/** The gravest of what a night's benchmarks say. */
function outcomeOf(nights: readonly Night[]): Night['verdict']['kind'] {
  const kinds = nights.map(({ verdict }) => verdict.kind)
  const gravest = (['drop', 'undecided', 'rise'] as const).find((kind) => kinds.includes(kind))
  return gravest ?? 'steady'
}
