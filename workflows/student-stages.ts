import { executeChild, upsertSearchAttributes } from '@temporalio/workflow'
import type { CurateResult } from '../activities/curate.ts'
import type { ScoredBenchmark } from '../activities/score-benchmark.ts'
import { headlineOf } from '../core/report/headline.ts'
import type { StageResult } from '../core/stage-result.ts'
import { addCosts, addCounts } from '../core/tally.ts'
import { evaluate } from './evaluate.ts'
import { child, type Run } from './run.ts'
import { searchAttributes } from './run-state.ts'
import { train, type TrainResult } from './train.ts'

/** Stage `train`. */
export async function trainOn(
  { name, plan, state }: Run,
  assembled: StageResult,
): Promise<TrainResult> {
  state.begin('train')
  const result = await executeChild(train, {
    workflowId: child(state, name, 'train'),
    staticSummary: `train on ${assembled.counts['rows'] ?? 0} rows`,
    args: [{ recipe: plan.recipe, assembled: assembled.key }],
  })
  state.finish('train', result.trained)
  return result
}

/** Stage `evaluate`: the student beside the model that it was. */
export async function evaluateBoth(
  { name, plan, state }: Run,
  { curated, trained }: { readonly curated: CurateResult; readonly trained: TrainResult },
): Promise<ScoredBenchmark[]> {
  state.begin('evaluate')
  const scored = await executeChild(evaluate, {
    workflowId: child(state, name, 'evaluate'),
    staticSummary: `base and student on ${plan.benchmarks.join(', ')}`,
    args: [
      {
        recipe: plan.recipe,
        curated: curated.key,
        occasion: 'evaluation',
        benchmarks: plan.benchmarks,
        models: [
          { name: 'base', site: { kind: 'weights', manifest: trained.baseModel } },
          { name: 'student', site: { kind: 'weights', manifest: trained.model } },
        ],
      },
    ],
  })
  state.finish('evaluate', {
    counts: addCounts(scored.map(({ counts }) => counts)),
    cost: addCosts(scored.map(({ cost }) => cost)),
    reused: scored.every(({ reused }) => reused),
  })
  const headline = headlineOf(scored.map(({ score }) => score))
  state.show({ headline })
  if (headline.student !== null) {
    upsertSearchAttributes([{ key: searchAttributes.score, value: headline.student.value }])
  }
  return scored
}
