import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { CurateResult } from '../activities/curate.ts'
import type {
  EndpointChecks,
  OpenRunActivities,
  SandboxChecks,
  TrainerChecks,
} from '../activities/open-run.ts'
import type { ReportActivities } from '../activities/report.ts'
import type { ScoredBenchmark } from '../activities/score-benchmark.ts'
import type { ReproduceInput } from '../core/reproduce-input.ts'
import type { RunPlan } from '../core/run-plan.ts'
import type { RunStatus } from '../core/run-status.ts'
import type { StageResult } from '../core/stage-result.ts'
import { createBudget } from './budget.ts'
import { assemble, curate, distillAll, release } from './data-stages.ts'
import { stageProgressSignal, statusQuery, trainingProgressSignal } from './messages.ts'
import { doorOptions, options } from './options.ts'
import { createParking, failureOf } from './parking.ts'
import type { Run } from './run.ts'
import { RunState } from './run-state.ts'
import { evaluateBoth, trainOn } from './student-stages.ts'
import type { TrainResult } from './train.ts'

const { openRun } = proxyActivities<OpenRunActivities>({ ...options.io, ...doorOptions })
const { checkEndpoints } = proxyActivities<EndpointChecks>({ ...options.inference, ...doorOptions })
const { checkSandbox } = proxyActivities<SandboxChecks>({
  ...options.sandboxDoor,
  ...doorOptions,
})
const { checkTrainer } = proxyActivities<TrainerChecks>({ ...options.training, ...doorOptions })
const { writeReport } = proxyActivities<ReportActivities>(options.io)

/** The whole reproduction: curate, sample, reformat, verify, assemble, release, train, evaluate, report. */
export async function reproduce(input: ReproduceInput): Promise<RunStatus> {
  const { workflowId: name } = workflowInfo()
  const state = new RunState(name, typeof input?.recipe === 'string' ? input.recipe : name)
  const parking = createParking({
    onChange: (blocked) => state.block(blocked),
    budget: () => state.status.ledger?.limitDollars,
  })
  const budget = createBudget(state, parking)
  listen(state)
  try {
    const plan = await open(input)
    state.show({ recipe: plan.recipeName })
    await budget.open(plan.recipe)
    await reproduceStages({ name, plan, state, parking, budget })
    state.show({ status: 'completed' })
  } catch (error) {
    state.show({ status: endedByPerson(error) ? 'aborted' : 'failed' })
    throw error
  } finally {
    await condition(allHandlersFinished)
  }
  return state.status
}

function endedByPerson(error: unknown): boolean {
  return isCancellation(error) || (error instanceof ApplicationFailure && error.type === 'Aborted')
}

function listen(state: RunState): void {
  setHandler(statusQuery, () => state.status, { description: 'Where the run stands.' })
  setHandler(stageProgressSignal, (stages) => {
    for (const { stage, counts, cost } of stages) state.update(stage, { counts, cost })
  })
  setHandler(trainingProgressSignal, (training) => state.show({ training }))
}

/** The door: everything that can be refused is refused before anything is spent. */
async function open(input: ReproduceInput): Promise<RunPlan> {
  const plan = await openRun.executeWithOptions({ summary: 'validate the input' }, [input])
  await Promise.all([
    checkEndpoints.executeWithOptions({ summary: 'ask the endpoints' }, [plan.recipe]),
    checkSandbox.executeWithOptions({ summary: 'prove the sandbox' }, []),
    checkTrainer.executeWithOptions({ summary: 'look for trainer and base model' }, [
      plan.recipe,
      plan.trains,
    ]),
  ])
  return plan
}

async function reproduceStages(run: Run): Promise<void> {
  const curated = await needed(run.parking.attempt('curate', () => curate(run)))
  // Each retry after unusable replies lets the run go on with twice as many.
  let pardons = 0
  await needed(
    run.parking.attempt('sample', () =>
      distillAll(run, curated, pardons).catch((error: unknown) => {
        if (failureOf(error).type === 'FailureBudgetExceededError') pardons += 1
        throw error
      }),
    ),
  )
  const assembled = await needed(run.parking.attempt('assemble', () => assemble(run, curated)))
  const released = await run.parking.attempt('release', () => release(run, curated, assembled))
  if (released === undefined) run.state.update('release', { state: 'skipped' })
  const student = run.plan.trains ? await makeStudent(run, curated, assembled) : undefined
  if (student === undefined) run.state.update('train', { state: 'skipped' })
  if (student?.scored === undefined) run.state.update('evaluate', { state: 'skipped' })
  const reported = await run.parking.attempt('report', () =>
    report(run, { curated, assembled, released, student }),
  )
  if (reported === undefined) run.state.update('report', { state: 'skipped' })
}

async function makeStudent(
  run: Run,
  curated: CurateResult,
  assembled: StageResult,
): Promise<MadeStudent> {
  const trained = await needed(run.parking.attempt('train', () => trainOn(run, assembled)))
  const scored = await run.parking.attempt('evaluate', () =>
    evaluateBoth(run, { curated, trained }),
  )
  return { trained, scored }
}

/** A trained student and its scores; none where a person skipped its evaluation. */
type MadeStudent = {
  readonly trained: TrainResult
  readonly scored: readonly ScoredBenchmark[] | undefined
}

type Done = {
  readonly curated: CurateResult
  readonly assembled: StageResult
  /** None where a person skipped it. */
  readonly released: StageResult | undefined
  /** None where the run ends with the data set. */
  readonly student: MadeStudent | undefined
}

async function report({ name, plan, state }: Run, done: Done): Promise<true> {
  state.begin('report')
  const { curated, assembled, released, student } = done
  const written = await writeReport.executeWithOptions({ summary: 'write the report' }, [
    {
      run: name,
      recipe: plan.recipe,
      curated: { key: curated.key, shards: curated.shards },
      assembled: assembled.key,
      ...(released === undefined ? {} : { released: released.key }),
      ...(student === undefined ? {} : { student: reportedStudent(student) }),
      stages: state.status.stages,
      ...(state.status.ledger === undefined ? {} : { ledger: state.status.ledger }),
    },
  ])
  state.finish('report', written)
  state.show({ reportUri: written.report.uri })
  return true
}

function reportedStudent({ trained, scored = [] }: MadeStudent) {
  return {
    trained: trained.trained.key,
    evaluations: scored.map(({ key }) => key),
    models: { base: trained.baseModel, student: trained.model },
  }
}

/** A stage that the run cannot do without: parking refuses to skip it. */
async function needed<Result>(attempted: Promise<Result | undefined>): Promise<Result> {
  const result = await attempted
  if (result === undefined)
    throw ApplicationFailure.nonRetryable('a stage that cannot be skipped was skipped')
  return result
}
