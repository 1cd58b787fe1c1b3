import type { Asking, Benchmark } from '../../core/benchmarks/benchmark.ts'
import type { EvaluateInput } from '../../core/evaluation/evaluate-input.ts'
import type { GeneratedSource } from '../../core/sources/source.ts'
import { namedRecipe } from '../../workers/recipe-shelf.ts'
import type { evaluate } from '../../workflows/evaluate.ts'
import { queues } from '../../workflows/options.ts'
import type { TestStack } from './local-stack.ts'

/** A benchmark of problems that a family makes. */
export type GeneratedBenchmark = Pick<GeneratedSource, 'family' | 'domain'> &
  Pick<Asking, 'maxTokens'> & {
    /** Its problems. */
    readonly problems: number
  }

/** Asked plainly, each sample drawn. Its name is that of its family. */
function benchmarkOf(of: GeneratedBenchmark): Benchmark {
  const { family, domain, problems, maxTokens } = of
  return {
    name: family,
    title: family,
    problems: { kind: 'generated', id: family, family, domain, train: 0, heldOut: problems },
    asking: {
      samples: 1,
      temperature: 0.7,
      topP: 1,
      maxTokens,
      stop: [],
      system: null,
      prompt: '{problem}',
    },
    models: {},
    published: [],
  }
}

/** The miniature recipe with benchmarks of generated problems in place of its own. */
export async function recipeWith(
  benchmarks: readonly GeneratedBenchmark[],
  sharding: { readonly problemsPerShard: number; readonly requestsInFlight: number },
): Promise<Record<string, unknown>> {
  const recipe = await namedRecipe('miniature')
  return {
    ...recipe,
    benchmarks: benchmarks.map(benchmarkOf),
    sharding: { ...recipe.sharding, ...sharding },
  }
}

/** Starts an evaluation by itself, as a user does. */
export function startEvaluation({ client }: TestStack, input: EvaluateInput, workflowId: string) {
  return client.workflow.start<typeof evaluate>('evaluate', {
    workflowId,
    taskQueue: queues.workflows,
    args: [input],
  })
}
