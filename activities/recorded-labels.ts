import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { Problem } from '../core/problem.ts'
import { compareLabels } from '../core/report/compare-labels.ts'
import { LabelComparison } from '../core/report/report-data.ts'
import { EvaluatedSample } from '../core/score.ts'
import { RecordedLabel } from '../core/sources/source.ts'
import { Verdict } from '../core/verdict.ts'
import { parseJson, readObject, readRows, writeJson } from './artifacts.ts'
import { readLabels, shardName } from './benchmark-problems.ts'
import { outputOf, readManifest } from './manifests.ts'

/** The samples of a model that others serve, shard by shard, and the key of their problems. */
export type LabelledSamples = {
  readonly problems: string
  /** As its endpoint knows the model. */
  readonly model: string
  readonly shards: ReadonlyArray<{ readonly shard: number; readonly samples: ObjectRef }>
}

/**
 * Holds what others said of a model's recorded answers against our verdicts on them, and stores it
 * under a key; undefined where nothing was recorded of that model.
 */
export async function holdAgainstLabels(
  { store, kept }: { readonly store: ObjectStore; readonly kept: ObjectStore },
  { problems, model, shards }: LabelledSamples,
  key: string,
): Promise<ObjectRef | undefined> {
  const labels = (await readLabels(store, problems, kept)).flatMap((each) =>
    each.model === model ? [RecordedLabel.strip().parse(each)] : [],
  )
  if (labels.length === 0) return undefined
  const set = await readManifest(store, 'evaluate', problems)
  const judged: Parameters<typeof compareLabels>[1][number][] = []
  for (const { shard, samples } of shards) {
    const asked = await readRows(kept, outputOf(set, shardName('problems', shard)), Problem)
    const byId = new Map(asked.map((problem) => [problem.id, problem]))
    for (const sample of await readRows(kept, samples, EvaluatedSample)) {
      const problem = byId.get(sample.problemId)
      if (problem) judged.push({ problem, verdict: Verdict.strip().parse(sample) })
    }
  }
  const asked = new Set(judged.map(({ problem }) => problem.id))
  const ofAsked = labels.filter(({ problemId }) => asked.has(problemId))
  return writeJson(kept, key, compareLabels(ofAsked, judged))
}

/** What was stored of a scoring by `holdAgainstLabels`; undefined where nothing was. */
export async function readLabelComparison(
  { store, kept }: { readonly store: ObjectStore; readonly kept: ObjectStore },
  evaluation: string,
): Promise<LabelComparison | undefined> {
  const { outputs } = await readManifest(store, 'evaluate', evaluation)
  const ref = outputs['labels']
  return ref && parseJson(await readObject(kept, ref), LabelComparison, ref.uri)
}
