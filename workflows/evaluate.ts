import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type {
  BenchmarkProblems,
  BenchmarkProblemsActivities,
} from '../activities/benchmark-problems.ts'
import type { BenchmarkOrder } from '../activities/benchmark-samples.ts'
import type { EvaluationChecks, OpenEvaluationActivities } from '../activities/open-evaluation.ts'
import type { RecordEvaluationActivities } from '../activities/record-evaluation.ts'
import type {
  SampleEndpointActivities,
  SampleServedActivities,
} from '../activities/sample-benchmark.ts'
import type {
  ScoreBenchmarkActivities,
  ScoredBenchmark,
  ShardToGrade,
} from '../activities/score-benchmark.ts'
import type { EvaluateInput } from '../core/evaluation/evaluate-input.ts'
import type { EvaluationOrder } from '../core/evaluation/evaluation-order.ts'
import { evaluationDetails } from '../core/report/evaluation-details.ts'
import { grade } from './grade.ts'
import { doorOptions, options } from './options.ts'

const { readBenchmark } = proxyActivities<BenchmarkProblemsActivities>(options.io)
const { gradeSealed, openScoring, scoreBenchmark } = proxyActivities<ScoreBenchmarkActivities>(
  options.io,
)
const { sampleServed } = proxyActivities<SampleServedActivities>(options.evaluation)
const { sampleEndpoint } = proxyActivities<SampleEndpointActivities>(options.inference)
const { openEvaluation } = proxyActivities<OpenEvaluationActivities>({
  ...options.io,
  ...doorOptions,
})
const { checkEvaluated } = proxyActivities<EvaluationChecks>({
  ...options.inference,
  ...doorOptions,
})
const { recordEvaluation } = proxyActivities<RecordEvaluationActivities>(options.io)
const { checkStanding } = proxyActivities<RecordEvaluationActivities>({
  ...options.io,
  ...doorOptions,
})

type ReadSet = BenchmarkProblems & { readonly benchmark: string }

/** Shards that are graded at once. */
const gradedAtOnce = 4

/**
 * Samples, grades and scores every model on every benchmark, one after the other: as a stage of a
 * run, or, started by a user, by itself. What stands already of samples, verdicts and scores is found.
 */
export async function evaluate(input: EvaluationOrder | EvaluateInput): Promise<ScoredBenchmark[]> {
  if (isOrder(input)) return evaluateAll(input, await readSets(input))
  const summary = { summary: 'validate the input' }
  const { name, order } = await openEvaluation.executeWithOptions(summary, [input])
  if (order.models.some(({ site }) => site.kind === 'endpoint')) {
    await checkEvaluated.executeWithOptions({ summary: 'look for the endpoints' }, [order.models])
  }
  const sets = await readSets(order)
  await checkStanding.executeWithOptions({ summary: 'look at what stands' }, [
    { name, recipe: order.recipe, sets },
  ])
  const scored = await evaluateAll(order, sets)
  const evaluations = scored.map(({ key }) => key)
  const { report } = await recordEvaluation.executeWithOptions({ summary: 'write the report' }, [
    { name, recipe: order.recipe, evaluations },
  ])
  setCurrentDetails(`${detailsOf(scored)}\n\nReport: \`${report}\``)
  return scored
}

/** Every benchmark's problems, before anything is sampled: one that cannot be used costs nothing. */
async function readSets({ recipe, benchmarks, curated }: EvaluationOrder): Promise<ReadSet[]> {
  const sets: ReadSet[] = []
  for (const benchmark of benchmarks) {
    const from = { recipe, benchmark, ...(curated === undefined ? {} : { curated }) }
    const read = await readBenchmark.executeWithOptions({ summary: `read ${benchmark}` }, [from])
    sets.push({ ...read, benchmark })
  }
  return sets
}

async function evaluateAll(
  order: EvaluationOrder,
  sets: readonly ReadSet[],
): Promise<ScoredBenchmark[]> {
  const { recipe, occasion } = order
  const scored: ScoredBenchmark[] = []
  for (const { benchmark, key: problems } of sets) {
    for (const model of order.models) {
      setCurrentDetails(`Evaluating ${model.name} on ${benchmark}.\n\n${detailsOf(scored)}`)
      scored.push(await evaluateOne({ recipe, benchmark, problems, model, occasion }))
    }
  }
  setCurrentDetails(detailsOf(scored))
  return scored
}

async function evaluateOne(order: BenchmarkOrder): Promise<ScoredBenchmark> {
  const { model } = order
  const what = `${model.name} on ${order.benchmark}`
  const sample = model.site.kind === 'endpoint' ? sampleEndpoint : sampleServed
  const { sampled } = await sample.executeWithOptions({ summary: `sample ${what}` }, [order])
  const shards = await openScoring.executeWithOptions({ summary: `open grading of ${what}` }, [
    { ...order, sampled },
  ])
  const verdicts: string[] = []
  for (let at = 0; at < shards.length; at += gradedAtOnce) {
    const graded = await Promise.all(
      shards.slice(at, at + gradedAtOnce).map((shard, of) => {
        const name = shards.length === 1 ? what : `${what}, shard ${at + of}`
        return gradeShardOf(order, shard, name)
      }),
    )
    verdicts.push(...graded)
  }
  const graded = { ...order, sampled, verdicts }
  return scoreBenchmark.executeWithOptions({ summary: `score ${what}` }, [graded])
}

async function gradeShardOf(
  { recipe, benchmark }: BenchmarkOrder,
  { problems, submissions, isSealed }: ShardToGrade,
  what: string,
): Promise<string> {
  if (isSealed) {
    return gradeSealed.executeWithOptions({ summary: `grade ${what}` }, [
      { recipe, benchmark, problems, submissions },
    ])
  }
  const { verdicts } = await grade({ recipe, problems, submissions, kind: 'responses' }, what)
  return verdicts
}

function detailsOf(scored: readonly ScoredBenchmark[]): string {
  return evaluationDetails(scored.map(({ score }) => score))
}

/** What the door made has found its models; anything that a user may type goes through the door. */
function isOrder(
  input: EvaluationOrder | EvaluateInput | null | undefined,
): input is EvaluationOrder {
  const models: unknown = input?.models
  return Array.isArray(models) && models.some((model) => Object.hasOwn(Object(model), 'site'))
}
