import { executeChild, proxyActivities } from '@temporalio/workflow'
import type { AssembleActivities } from '../activities/assemble.ts'
import type { CurateActivities, CurateResult } from '../activities/curate.ts'
import type { PrepareStudentActivities } from '../activities/prepare-student.ts'
import type { ReleaseActivities } from '../activities/release.ts'
import type { Cost, Stage } from '../core/manifest.ts'
import type { StageResult } from '../core/stage-result.ts'
import { noCost } from '../core/tally.ts'
import { distill, type DistillInput } from './distill.ts'
import { options } from './options.ts'
import { rateProblems } from './rate-problems.ts'
import { child, type Run } from './run.ts'
import type { RunState } from './run-state.ts'
import { whileServing } from './serve.ts'

const { curateProblems } = proxyActivities<CurateActivities>(options.io)
const { assembleDataset } = proxyActivities<AssembleActivities>(options.io)
const { prepareStudent } = proxyActivities<PrepareStudentActivities>(options.training)
const { releaseDataset } = proxyActivities<ReleaseActivities>(options.io)

/** Stage `curate`: problems are read, rated where nobody has, and chosen. */
export async function curate({ plan, state, budget }: Run): Promise<CurateResult> {
  state.begin('curate')
  const onRated = (tally: Pick<StageResult, 'counts' | 'cost'>) => state.update('curate', tally)
  if (plan.labels) await rateProblems({ ...plan, account: budget.account, onRated })
  const summary = { summary: `curate the problems of ${plan.recipeName}` }
  const curated = await curateProblems.executeWithOptions(summary, [plan.recipe])
  state.finish('curate', curated)
  return curated
}

/** Stages `sample`, `reformat` and `verify`, shard by shard. */
export async function distillAll(
  { name, plan, state, budget }: Run,
  curated: CurateResult,
  pardons: number,
): Promise<true> {
  state.begin('sample', 'reformat', 'verify')
  const { recipe, shardsInFlight, reformatBatch } = plan
  const { key, shards } = curated
  const input: DistillInput = {
    recipe,
    curated: key,
    shards,
    shardsInFlight,
    account: budget.account,
    pardons,
    ...(reformatBatch === null ? {} : { batch: reformatBatch }),
    ...(plan.judges ? { judges: true } : {}),
  }
  const tally = await whileServing(plan, () =>
    executeChild(distill, {
      workflowId: child(state, name, 'distill'),
      staticSummary: `sample, reformat and verify ${shards} shards`,
      args: [input],
    }),
  )
  for (const stage of ['sample', 'reformat', 'verify'] as const) state.finish(stage, tally[stage])
  await budget.settle()
  return true
}

/** Stage `assemble`: accepted traces become the data set. */
export async function assemble({ plan, state }: Run, curated: CurateResult): Promise<StageResult> {
  state.begin('assemble')
  const { key, shards } = curated
  const assembled = await assembleDataset.executeWithOptions({ summary: 'assemble the data set' }, [
    { recipe: plan.recipe, curated: key, shards },
  ])
  state.finish('assemble', assembled)
  return assembled
}

/** Stage `release`, the data set as it is given on, its rows counted in the student's own tokens. */
export async function release(
  { name, plan, state }: Run,
  curated: CurateResult,
  assembled: StageResult,
): Promise<StageResult> {
  state.begin('release')
  const { recipe } = plan
  const prepared = await prepareStudent.executeWithOptions(
    { summary: 'provide the tokenizer, count tokens' },
    [{ recipe, assembled: assembled.key, part: 'tokenizer' }],
  )
  const released = await releaseDataset.executeWithOptions({ summary: 'release the data set' }, [
    {
      run: name,
      recipe,
      curated: curated.key,
      assembled: assembled.key,
      prepared,
      costs: {
        sample: costOf(state, 'sample'),
        reformat: costOf(state, 'reformat'),
        verify: costOf(state, 'verify'),
      },
    },
  ])
  state.finish('release', released)
  return released
}

function costOf(state: RunState, stage: Stage): Cost {
  return state.status.stages.find((each) => each.stage === stage)?.cost ?? noCost
}
