import type { EvaluationRecord } from '../core/evaluation/evaluation-record.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { compareModels } from '../core/report/evaluation/compare-models.ts'
import type { PairedDifference } from '../core/report/evaluation-report-data.ts'
import { type Scored, scoredOf } from '../core/score-samples.ts'
import { benchmarkOf } from './benchmark-problems.ts'
import type { Vault } from './gated-vault.ts'
import { readRecipe } from './open-run.ts'
import { samplesOf } from './record-evaluation.ts'

type Entry = EvaluationRecord['scores'][number]

/** The differences of two models on the benchmarks that both have a score on, problem by problem. */
export async function compareScores(
  deps: { readonly store: ObjectStore; readonly vault: Vault },
  [first, second]: readonly [readonly Entry[], readonly Entry[]],
): Promise<PairedDifference[]> {
  const differences: PairedDifference[] = []
  for (const one of first) {
    const other = second.find(({ benchmark }) => benchmark === one.benchmark)
    if (other === undefined) continue
    const { seed } = await readRecipe(deps.store, one.recipe)
    const difference = compareModels({
      benchmark: one.benchmark,
      models: [one.model, other.model],
      samples: [await scoredSamples(deps, one), await scoredSamples(deps, other)],
      seed,
    })
    if (difference !== null) differences.push(difference)
  }
  return differences
}

/** The samples of a score, without their texts. */
export async function scoredSamples(
  { store, vault }: { readonly store: ObjectStore; readonly vault: Vault },
  { recipe, benchmark, evaluation }: Pick<Entry, 'recipe' | 'benchmark' | 'evaluation'>,
): Promise<Scored[]> {
  const kept = vault(benchmarkOf(await readRecipe(store, recipe), benchmark))
  const rows: Scored[] = []
  for await (const shard of samplesOf({ store, kept }, evaluation)) {
    rows.push(...shard.map(scoredOf))
  }
  return rows
}
