import { digestOf } from '../core/digest.ts'
import { gradeChoices } from '../core/grading/grade.ts'
import { graderProfiles } from '../core/grading/profiles.ts'
import type { Question } from '../core/benchmarks/question.ts'
import type { Cost, Counts, Manifest } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { Problem } from '../core/problem.ts'
import { Response } from '../core/response.ts'
import { joinSamples, type Scored, scoreOf, scoredOf } from '../core/score-samples.ts'
import { SampledSettings, Score } from '../core/score.ts'
import { Verdict } from '../core/verdict.ts'
import {
  decodeRows,
  parseJson,
  readObject,
  readRows,
  refTo,
  writeJson,
  writeRows,
} from './artifacts.ts'
import { benchmarkOf, readProblemSet, readQuestions, shardName } from './benchmark-problems.ts'
import type { BenchmarkOrder, SampledBenchmark } from './benchmark-samples.ts'
import { outputOf, readManifest, sealOnce, type SealedStage, stagePrefix } from './manifests.ts'
import { readRecipe } from './open-run.ts'
import { isGated, type Vault } from './gated-vault.ts'
import { modelDigestOf } from './evaluated-models.ts'
import { holdAgainstLabels } from './recorded-labels.ts'

/** A shard of responses to grade, with the problems that they answer. */
export type ShardToGrade = {
  readonly problems: ObjectRef
  readonly submissions: ObjectRef
  /** Of a gated set: the sandbox pool, which holds no secret, cannot read it. */
  readonly isSealed: boolean
}

/** A shard of a gated set to grade. */
export type SealedShard = Pick<BenchmarkOrder, 'recipe' | 'benchmark'> &
  Pick<ShardToGrade, 'problems' | 'submissions'>

/** Graded responses, ready for their score. */
export type GradedBenchmark = BenchmarkOrder &
  SampledBenchmark & {
    /** Keys of the verdicts that the sandbox pool put, shard by shard. */
    readonly verdicts: readonly string[]
  }

/** A score, and the key of the evaluation that holds its samples. */
export type ScoredBenchmark = {
  readonly key: string
  readonly score: Score
  readonly counts: Counts
  readonly cost: Cost
  readonly reused: boolean
}
export type ScoreBenchmarkActivities = ReturnType<typeof createScoreBenchmarkActivities>

/** Evaluation, second half: responses are graded, and verdicts become a score. */
export function createScoreBenchmarkActivities(deps: {
  readonly store: ObjectStore
  readonly vault: Vault
}) {
  const { store, vault } = deps
  return {
    /** Names what is to be graded, shard by shard. */
    async openScoring({
      recipe,
      benchmark,
      problems,
      sampled,
    }: Omit<GradedBenchmark, 'verdicts'>): Promise<ShardToGrade[]> {
      const of = benchmarkOf(await readRecipe(store, recipe), benchmark)
      const isSealed = isGated(of.problems)
      const samples = await readManifest(store, 'sample', sampled)
      const set = await readManifest(store, 'evaluate', problems)
      return shardsOf(samples.outputs, 'responses').map((shard) => ({
        problems: outputOf(set, shardName('problems', shard)),
        submissions: outputOf(samples, shardName('responses', shard)),
        isSealed,
      }))
    },
    /** Grades a shard of a gated set, of which nothing leaves this pool in clear; gives the verdicts' key. */
    async gradeSealed(shard: SealedShard): Promise<string> {
      const recipe = await readRecipe(store, shard.recipe)
      const kept = vault(benchmarkOf(recipe, shard.benchmark))
      const problems = await readRows(kept, shard.problems, Problem)
      const responses = await readRows(kept, shard.submissions, Response)
      const verdicts = gradeChoices(problems, responses, recipe.grading)
      const key = `verdicts/sealed/${digestOf({ shard, grading: recipe.grading })}.jsonl.gz`
      await writeRows(store, key, verdicts)
      return key
    },
    /** Joins a benchmark's responses with their verdicts and scores them. */
    async scoreBenchmark(graded: GradedBenchmark): Promise<ScoredBenchmark> {
      const { manifest, reused } = await scoreOnce(deps, graded)
      const ref = outputOf(manifest, 'score')
      const score = parseJson(await readObject(store, ref), Score, ref.uri)
      const { key, counts, cost } = manifest
      return { key, score, counts, cost, reused }
    },
  }
}

async function scoreOnce(
  { store, vault }: { readonly store: ObjectStore; readonly vault: Vault },
  graded: GradedBenchmark,
): Promise<SealedStage> {
  const { seed, grading, ...recipe } = await readRecipe(store, graded.recipe)
  const of = benchmarkOf(recipe, graded.benchmark)
  const { name: benchmark, title, published } = of
  const kept = vault(of)
  const { name: model, site } = graded.model
  const modelDigest = await modelDigestOf(store, site)
  const samples = await readManifest(store, 'sample', graded.sampled)
  const identity = {
    stage: 'evaluate',
    inputs: [graded.problems, graded.sampled, ...graded.verdicts],
    config: { benchmark, title, published, model, modelDigest },
    codeVersion: 3,
  } as const
  return sealOnce(store, identity, async (key) => {
    const prefix = stagePrefix('evaluate', key)
    const questions = await readQuestions(store, graded.problems, kept)
    const { digest } = await readProblemSet(store, graded.problems, kept)
    const { scored, outputs } = await joinShards(
      { store, kept },
      { graded, samples, questions, prefix },
    )
    const labels = await labelsOf({ store, kept }, { graded, outputs, prefix })
    const settings = outputOf(samples, 'settings')
    const score = scoreOf(scored, {
      model,
      modelDigest,
      benchmark,
      title,
      published,
      questions,
      seed,
      problemsDigest: digest,
      missing: samples.counts['missing'] ?? 0,
      settings: {
        ...parseJson(await readObject(store, settings), SampledSettings, settings.uri),
        grader: { profile: grading.profile, version: graderProfiles[grading.profile].version },
      },
    })
    const { correct, n } = score.accuracy
    return {
      outputs: {
        ...outputs,
        ...labels,
        questions: outputOf(await readManifest(store, 'evaluate', graded.problems), 'questions'),
        score: await writeJson(store, `${prefix}/score.json`, score),
      },
      counts: { correct, samples: n },
      cost: samples.cost,
    }
  })
}

/** Beside recorded labels, where the model is one that answers from recordings. */
async function labelsOf(
  stores: { readonly store: ObjectStore; readonly kept: ObjectStore },
  of: {
    readonly graded: GradedBenchmark
    readonly outputs: Readonly<Record<string, ObjectRef>>
    readonly prefix: string
  },
): Promise<Record<string, ObjectRef>> {
  const { graded, outputs, prefix } = of
  const { site } = graded.model
  if (site.kind !== 'endpoint') return {}
  const shards = shardsOf(outputs, 'samples').flatMap((shard) => {
    const samples = outputs[shardName('samples', shard)]
    return samples === undefined ? [] : [{ shard, samples }]
  })
  const labelled = { problems: graded.problems, model: site.model, shards }
  const labels = await holdAgainstLabels(stores, labelled, `${prefix}/labels.json`)
  return labels === undefined ? {} : { labels }
}

/** Stores the graded samples shard by shard; what is kept of all of them in memory holds no text. */
async function joinShards(
  { store, kept }: { readonly store: ObjectStore; readonly kept: ObjectStore },
  of: {
    readonly graded: GradedBenchmark
    readonly samples: Manifest
    readonly questions: readonly Question[]
    readonly prefix: string
  },
): Promise<{ readonly scored: Scored[]; readonly outputs: Record<string, ObjectRef> }> {
  const { graded, samples, questions, prefix } = of
  const outputs: Record<string, ObjectRef> = {}
  const scored: Scored[] = []
  for (const [at, shard] of shardsOf(samples.outputs, 'responses').entries()) {
    const responses = outputOf(samples, shardName('responses', shard))
    const rows = joinSamples({
      questions: questions.filter((question) => question.shard === shard),
      responses: await readRows(kept, responses, Response),
      verdicts: await readVerdicts(store, graded.verdicts[at] ?? ''),
    })
    scored.push(...rows.map(scoredOf))
    const name = shardName('samples', shard)
    outputs[name] = await writeRows(kept, `${prefix}/${name}.jsonl.gz`, rows)
  }
  return { scored, outputs }
}

/** The numbers of the shards that stand under a name. */
function shardsOf(
  outputs: Readonly<Record<string, ObjectRef>>,
  of: 'responses' | 'samples',
): number[] {
  return Object.keys(outputs)
    .flatMap((name) => new RegExp(`^${of}-(\\d+)$`).exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}

async function readVerdicts(store: ObjectStore, key: string): Promise<Verdict[]> {
  const bytes = await store.get(key)
  return decodeRows(bytes, Verdict, refTo(store, key, bytes).uri)
}
