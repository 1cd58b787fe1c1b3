import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { Stage } from '../core/manifest.ts'
import { progressDetails } from '../core/report/progress-details.ts'
import type { Blocked, RunStatus, StageStatus } from '../core/run-status.ts'
import { stages } from '../core/stages.ts'
import { noCost } from '../core/tally.ts'

/** Search attributes of every run, for filters in the UI and `temporal workflow list`. */
export const searchAttributes = {
  run: defineSearchAttributeKey('SkyRun', 'KEYWORD'),
  stage: defineSearchAttributeKey('SkyStage', 'KEYWORD'),
  status: defineSearchAttributeKey('SkyStatus', 'KEYWORD'),
  score: defineSearchAttributeKey('SkyScore', 'DOUBLE'),
  /** What a night says: `steady`, `rise`, `drop` or `undecided`. */
  night: defineSearchAttributeKey('SkyNight', 'KEYWORD'),
}

/** What a finished stage is shown with. */
type Finished = Pick<StageStatus, 'counts' | 'cost'> & { readonly reused: boolean }

/** Where a run stands, and everything that shows it: query, current details, search attributes. */
export class RunState {
  #status: RunStatus

  constructor(run: string, recipe: string) {
    const waiting = stages.map((stage): StageStatus => ({
      stage,
      state: 'waiting',
      counts: {},
      cost: noCost,
    }))
    this.#status = {
      run,
      recipe,
      status: 'running',
      stage: 'curate',
      stages: waiting,
      children: {},
    }
    upsertSearchAttributes([
      { key: searchAttributes.run, value: run },
      { key: searchAttributes.stage, value: 'curate' },
      { key: searchAttributes.status, value: 'running' },
    ])
  }

  get status(): RunStatus {
    return this.#status
  }

  /** Changes what is shown of the run as a whole. */
  show(change: Partial<Omit<RunStatus, 'run' | 'stages' | 'blocked'>>): void {
    this.#become({ ...this.#status, ...change })
  }

  /** Changes what is shown of one stage. */
  update(stage: Stage, change: Partial<StageStatus>): void {
    const edited = this.#status.stages.map((each) =>
      each.stage === stage ? { ...each, ...change } : each,
    )
    this.#become({ ...this.#status, stages: edited })
  }

  /** Shows a child workflow, so that a reader of the run finds it. */
  addChild(name: string, workflowId: string): void {
    const { namespace } = workflowInfo()
    const path = `/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`
    this.show({ children: { ...this.#status.children, [name]: path } })
  }

  /** Begins stages that run together. */
  begin(...begun: readonly [Stage, ...Stage[]]): void {
    const startedAt = new Date().toISOString()
    for (const stage of begun) this.update(stage, { state: 'running', startedAt })
    this.show({ stage: begun[0] })
  }

  finish(stage: Stage, { counts, cost, reused }: Finished): void {
    const finishedAt = new Date().toISOString()
    this.update(stage, { state: reused ? 'reused' : 'done', counts, cost, finishedAt })
  }

  /** Shows that the run waits for a person, or no longer does; what becomes of the stage is told apart. */
  block(blocked: Blocked | undefined): void {
    const { blocked: _, ...rest } = this.#status
    if (blocked === undefined) return this.#become({ ...rest, status: 'running' })
    this.#become({ ...rest, status: 'blocked', blocked })
    this.update(blocked.stage, { state: 'blocked' })
  }

  #become(next: RunStatus): void {
    const before = this.#status
    this.#status = next
    setCurrentDetails(progressDetails(next))
    // Each upsert is an event: only what changed is told.
    if (next.stage !== before.stage) {
      upsertSearchAttributes([{ key: searchAttributes.stage, value: next.stage }])
    }
    if (next.status !== before.status) {
      upsertSearchAttributes([{ key: searchAttributes.status, value: next.status }])
    }
  }
}
