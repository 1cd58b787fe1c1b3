import type { AssembledShard } from '../core/dataset/assembled-shard.ts'
import type { DatasetRow, RejectedRow } from '../core/dataset/dataset-row.ts'
import type { DistilledShard } from '../core/dataset/distilled-shard.ts'
import { type Candidate, type Selection, selectMixture } from '../core/dataset/mixture.ts'
import {
  type JudgedTrace,
  judgedTraces,
  type ShardRows,
  yieldCounts,
} from '../core/dataset/shard-rows.ts'
import { rejectedRow, trainingRow } from '../core/dataset/training-row.ts'
import type { LineageRow } from '../core/lineage/lineage-row.ts'
import { shardLineage } from '../core/lineage/shard-lineage.ts'
import type { Counts } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { promptDigest } from '../core/problem.ts'
import type { Mixture, Recipe } from '../core/recipe.ts'
import { addCounts, noCost } from '../core/tally.ts'
import type { StageResult } from '../core/stage-result.ts'
import { writeRows } from './artifacts.ts'
import { contentDigest } from './assembled-shards.ts'
import { distilledShards, readShardRows } from './distilled-shards.ts'
import { sealOnce, type StageOutput, stagePrefix, stageResult } from './manifests.ts'
import { readRecipe } from './open-run.ts'

/** A finished distillation to make a data set of. */
export type Assembly = {
  readonly recipe: ObjectRef
  /** Key of the curation. */
  readonly curated: string
  readonly shards: number
}
export type AssembleActivities = ReturnType<typeof createAssembleActivities>

/** Fifth stage: accepted traces become the data set. */
export function createAssembleActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** Chooses rows by the recipe's mixture and writes them, the rejected ones, and what became of every response. */
    async assembleDataset({ recipe: recipeRef, curated, shards }: Assembly): Promise<StageResult> {
      const recipe = await readRecipe(store, recipeRef)
      const sealedShards: DistilledShard[] = []
      for await (const shard of distilledShards(store, { recipe, curated, shards })) {
        sealedShards.push(shard)
      }
      const identity = {
        stage: 'assemble',
        // One digest: a list of thousands would make the manifest large.
        inputs: [contentDigest(sealedShards.flatMap(({ traces, verdicts }) => [traces, verdicts]))],
        config: { mixture: recipe.mixture, seed: recipe.seed },
        codeVersion: 4,
      } as const
      const sealed = await sealOnce(store, identity, (key) =>
        assemble({ store, recipe, shards: sealedShards, prefix: stagePrefix('assemble', key) }),
      )
      return stageResult(sealed)
    },
  }
}

type Input = {
  readonly store: ObjectStore
  readonly recipe: Recipe
  readonly shards: readonly DistilledShard[]
  readonly prefix: string
}

/** Two passes, a shard in memory at a time: first who is chosen, then the rows. */
async function assemble(input: Input): Promise<StageOutput> {
  const { store, recipe, shards, prefix } = input
  const selection = await selectMixture(acceptedTraces(store, shards), recipe.mixture, recipe.seed)
  if (selection.rows === 0) {
    throw new EmptyDatasetError(
      'no trace was accepted for the mixture, so there is nothing to train on; ' +
        'look at the verdicts of stage verify and at the quotas',
    )
  }
  const written: AssembledShard[] = []
  const tallies: Counts[] = []
  for (const shard of shards) {
    const rows = await readShardRows(store, shard)
    const { train, rejected, lineage } = assembleShard(shard.shard, rows, selection)
    tallies.push(yieldCounts(rows), selectionCounts(lineage))
    const write = (name: string, content: readonly unknown[]) =>
      writeRows(store, `${prefix}/${name}-${shardNumber(shard)}.jsonl.gz`, content)
    written.push({
      shard: shard.shard,
      train: await write('train', train),
      rejected: await write('rejected', rejected),
      lineage: await write('lineage', lineage),
    })
  }
  const outputs = {
    shards: await writeRows(store, `${prefix}/shards.jsonl.gz`, shards),
    rows: await writeRows(store, `${prefix}/rows.jsonl.gz`, written),
  }
  const counts = addCounts([{ rows: selection.rows }, ...tallies])
  return { outputs, counts: { ...counts, ...shortfalls(recipe.mixture, counts) }, cost: noCost }
}

/** Everything was rejected: training would teach nothing. */
export class EmptyDatasetError extends Error {
  override readonly name = 'EmptyDatasetError'
}

function shardNumber({ shard }: DistilledShard): string {
  return String(shard).padStart(5, '0')
}

function assembleShard(shard: number, rows: ShardRows, { decide }: Selection) {
  const decideTrace = (judged: JudgedTrace) => decide(toCandidate(judged))
  const train: DatasetRow[] = []
  const rejected: RejectedRow[] = []
  for (const judged of judgedTraces(rows)) {
    const decision = isAccepted(judged) ? decideTrace(judged) : undefined
    if (decision === undefined) rejected.push(rejectedRow(judged))
    else if ('quota' in decision) train.push(trainingRow(judged, decision.quota))
  }
  return { train, rejected, lineage: shardLineage(shard, rows, decideTrace) }
}

async function* acceptedTraces(
  store: ObjectStore,
  shards: readonly DistilledShard[],
): AsyncIterable<Candidate> {
  for (const shard of shards) {
    const judged = judgedTraces(await readShardRows(store, shard))
    yield* judged.filter(isAccepted).map(toCandidate)
  }
}

function isAccepted({ verdict }: JudgedTrace): boolean {
  return verdict.outcome === 'accepted'
}

function toCandidate({ problem, trace }: JudgedTrace): Candidate {
  const { domain, source, difficulty, prompt } = problem
  const question = promptDigest(prompt)
  return { question, index: trace.index, domain, source, difficulty, traceId: trace.id }
}

function selectionCounts(lineage: readonly LineageRow[]): Counts {
  const counts: Record<string, number> = {}
  const add = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  for (const { source, fate, reason } of lineage) {
    if (fate === 'left-out') add(`left-out/${source}/${reason}`)
    if (fate !== 'row') continue
    add(`rows/${source}`)
    add(`rows-of-quota/${reason}`)
  }
  return counts
}

function shortfalls(mixture: Mixture, counts: Counts): Counts {
  const short = mixture.map(({ name, rows }) => {
    return [`short-of-quota/${name}`, rows - (counts[`rows-of-quota/${name}`] ?? 0)] as const
  })
  return Object.fromEntries(short.filter(([, missing]) => missing > 0))
}
