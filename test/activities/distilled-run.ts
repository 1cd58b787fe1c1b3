import { readRows, writeJson, writeRows } from '../../activities/artifacts.ts'
import { createAssembleActivities } from '../../activities/assemble.ts'
import { assembledShards } from '../../activities/assembled-shards.ts'
import { createCloseRoundActivities } from '../../activities/distilled-shards.ts'
import { readManifest, sealOnce } from '../../activities/manifests.ts'
import type { RowTokens } from '../../activities/prepare-student.ts'
import type { CurationSummary, DroppedRow } from '../../core/curation/dropped-row.ts'
import { digestOf } from '../../core/digest.ts'
import { LineageRow } from '../../core/lineage/lineage-row.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import type { Recipe } from '../../core/recipe.ts'
import { noCost } from '../../core/tally.ts'
import {
  exampleProblem,
  exampleResponse,
  exampleTrace,
  exampleVerdict,
} from '../core/example-rows.ts'

/** Problems of one distilled shard: each is answered once. */
const perShard = 4

/** A problem that was dropped before anything was asked. */
const droppedProblem: DroppedRow = {
  problemId: 'd'.repeat(32),
  source: 'sums',
  row: 7,
  reason: 'contaminated',
  ground: { kind: 'similar', set: 'math500', item: '3', itemRow: 3, similarity: 0.95 },
}

const summary: CurationSummary = {
  evaluationItems: { math500: 500 },
  commonNgrams: { ofItems: 0, ofProblems: 0 },
  drops: [{ source: 'sums', reason: 'contaminated', against: 'math500', count: 1 }],
  examples: [droppedProblem],
}

/**
 * A distillation in a store: of every four answers one is set aside, one is wrong, and two are
 * accepted. Gives what assembling and releasing it take.
 */
export async function distilledRun(store: ObjectStore, recipe: Recipe, shards = 3) {
  const recipeRef = await writeJson(store, 'recipe.json', recipe)
  const { manifest } = await sealOnce(
    store,
    { stage: 'curate', inputs: [], config: {}, codeVersion: 1 },
    async () => ({
      outputs: {
        summary: await writeJson(store, 'summary.json', summary),
        dropped: await writeRows(store, 'dropped.jsonl.gz', [droppedProblem]),
        labels: await writeRows(store, 'labels.jsonl.gz', []),
      },
      counts: { problems: shards * perShard },
      cost: noCost,
    }),
  )
  const curated = manifest.key
  for (let shard = 0; shard < shards; shard++) {
    const graded = await writeShard(store, shard)
    await createCloseRoundActivities({ store }).closeRound({
      recipe: recipeRef,
      curated,
      shard,
      ...graded,
    })
  }
  const assembly = { recipe: recipeRef, curated, shards }
  const assembled = await createAssembleActivities({ store }).assembleDataset(assembly)
  return { recipe: recipeRef, curated, assembled: assembled.key, counts: assembled.counts }
}

async function writeShard(store: ObjectStore, shard: number) {
  const problems = [0, 1, 2, 3].map((at) =>
    exampleProblem({
      prompt: `What is ${shard} + ${at}? “é” 🎉`,
      ...(at === 0 ? { difficulty: 2.5 } : {}),
    }),
  )
  const responses = problems.map((problem) =>
    exampleResponse(problem, { request: digestOf(`request of ${problem.id}`) }),
  )
  const traces = responses.slice(1).map((response) => exampleTrace(response))
  const deadLetters = responses
    .slice(0, 1)
    .map(({ id, problemId, index }) => ({ id, problemId, index, reason: 'truncated' }))
  const verdicts = traces.map((trace, at) =>
    exampleVerdict(
      trace,
      at === 0 ? { outcome: 'wrong', reason: 'different', extracted: '5' } : {},
    ),
  )
  const save = (name: string, rows: readonly unknown[]) =>
    writeRows(store, `shards/${shard}/${name}.jsonl.gz`, rows)
  await save('verdicts', verdicts)
  return {
    problems: await save('problems', problems),
    round: {
      responses: await save('responses', responses),
      unanswered: await save('unanswered', []),
      traces: await save('traces', traces),
      deadLetters: await save('dead-letters', deadLetters),
    },
    verdicts: `shards/${shard}/verdicts.jsonl.gz`,
  }
}

/** What a trainer would have counted: every row ten tokens long, but the first `tooLong` of the data set. */
export async function preparedStudent(
  store: ObjectStore,
  { assembled, tooLong }: { readonly assembled: string; readonly tooLong: number },
) {
  const rows = await lineageOf(store, assembled)
  const kept = rows.filter(({ fate }) => fate === 'row')
  const longRows = kept.slice(0, tooLong)
  const judged = rows.filter(({ fate }) => fate === 'row' || fate === 'rejected')
  const tokens = judged.map((row): RowTokens => {
    return { responseId: row.responseId, tokens: longRows.includes(row) ? 999 : 10 }
  })
  const long = longRows.map(({ responseId }) => ({ responseId, source: 'sums', tokens: 999 }))
  return {
    tokens: await writeRows(store, 'tokens.jsonl.gz', tokens),
    rows: kept.length - long.length,
    trainingTokens: 10 * (kept.length - long.length),
    overLength: await writeRows(store, 'over-length.jsonl.gz', long),
    baseModel: await writeJson(store, 'models/base/manifest.json', {
      digest: digestOf('model'),
      globalStep: 0,
      files: {},
    }),
  }
}

/** What became of every response, as the assembly noted it. */
async function lineageOf(store: ObjectStore, assembled: string): Promise<LineageRow[]> {
  const shards = await assembledShards(store, await readManifest(store, 'assemble', assembled))
  const rows = await Promise.all(shards.map((shard) => readRows(store, shard.lineage, LineageRow)))
  return rows.flat()
}
