import type { Benchmark } from '../core/benchmarks/benchmark.ts'
import { askedOf, problemDigestOf, ProblemSet, Question } from '../core/benchmarks/question.ts'
import { digestOf } from '../core/digest.ts'
import { InvalidInputError } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { ProblemSource } from '../core/ports/problem-source.ts'
import { Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { ModelLabel } from '../core/sources/source.ts'
import { noCost } from '../core/tally.ts'
import { parseJson, readObject, readRows, writeJson, writeRows } from './artifacts.ts'
import { outputOf, readManifest, sealOnce, type StageOutput, stagePrefix } from './manifests.ts'
import { readRecipe } from './open-run.ts'
import type { Vault } from './gated-vault.ts'
import { createChunkWriter, createRowWriter } from './row-writer.ts'
import { type SetAsideRow, usableRows } from './source-rows.ts'

/** A benchmark whose problems are wanted. */
export type BenchmarkToRead = {
  readonly recipe: ObjectRef
  readonly benchmark: string
  /** Key of the curation whose held-out problems are the benchmark `held-out`. */
  readonly curated?: string
}

/** The problems of a benchmark, in shards. */
export type BenchmarkProblems = {
  /** Under which they stand. */
  readonly key: string
  /** Which problems they are. */
  readonly digest: string
}
export type BenchmarkProblemsActivities = ReturnType<typeof createBenchmarkProblemsActivities>

/** What a benchmark asks: read once, whoever is evaluated. */
export function createBenchmarkProblemsActivities(deps: {
  readonly store: ObjectStore
  readonly problemSource: ProblemSource
  readonly vault: Vault
}) {
  const { store, vault } = deps
  return {
    /**
     * Stores a benchmark's problems in shards, and what is asked of each apart from its tests.
     * Throws InvalidInputError where the benchmark is empty, and what reading its set throws.
     */
    async readBenchmark({
      recipe: ref,
      benchmark: name,
      curated,
    }: BenchmarkToRead): Promise<BenchmarkProblems> {
      const recipe = await readRecipe(store, ref)
      const benchmark = benchmarkOf(recipe, name)
      const { problems: from } = benchmark
      const heldOut = from === 'held-out' ? await heldOutOf(store, name, curated) : undefined
      const perShard = recipe.sharding.problemsPerShard
      const identity = {
        stage: 'evaluate',
        inputs: heldOut === undefined ? [] : [heldOut.sha256],
        config: { part: 'problems', from, seed: recipe.seed, perShard },
        codeVersion: 2,
      } as const
      const { manifest } = await sealOnce(store, identity, (key) => {
        const problems =
          heldOut === undefined
            ? problemsOfSet(deps, recipe, name)
            : readRows(store, heldOut, Problem)
        const labels = from === 'held-out' ? [] : deps.problemSource.labels(from)
        return keepProblems(vault(benchmark), { name, key, perShard, problems, labels })
      })
      const { key } = manifest
      const { digest } = await readProblemSet(store, key, vault(benchmark))
      return { key, digest }
    },
  }
}

/** A benchmark of a recipe by its name. Throws InvalidInputError listing those that it has. */
export function benchmarkOf({ benchmarks }: Pick<Recipe, 'benchmarks'>, name: string): Benchmark {
  const found = benchmarks.find((each) => each.name === name)
  if (found !== undefined) return found
  const names = benchmarks.map((each) => each.name).join(', ')
  throw new InvalidInputError(`field benchmarks: the recipe has no ${name}; it has ${names}`)
}

/**
 * What is asked of every problem of a benchmark, in its order, by the key of its problems or of a scoring
 * of them; `kept` is the benchmark's vault.
 */
export async function readQuestions(
  store: ObjectStore,
  key: string,
  kept: ObjectStore,
): Promise<Question[]> {
  const manifest = await readManifest(store, 'evaluate', key)
  return readRows(kept, outputOf(manifest, 'questions'), Question)
}

/** Which problems stand under a key; `kept` is the benchmark's vault. */
export async function readProblemSet(
  store: ObjectStore,
  key: string,
  kept: ObjectStore,
): Promise<ProblemSet> {
  const ref = outputOf(await readManifest(store, 'evaluate', key), 'set')
  return parseJson(await readObject(kept, ref), ProblemSet, ref.uri)
}

/** What others said of recorded answers to a benchmark's problems; none where nothing was recorded. */
export async function readLabels(
  store: ObjectStore,
  key: string,
  kept: ObjectStore,
): Promise<ModelLabel[]> {
  const manifest = await readManifest(store, 'evaluate', key)
  return readRows(kept, outputOf(manifest, 'labels'), ModelLabel)
}

/** Names outputs of a shard as chunks are named. */
export function shardName(name: string, shard: number): string {
  return `${name}-${String(shard).padStart(5, '0')}`
}

async function heldOutOf(
  store: ObjectStore,
  name: string,
  curated: string | undefined,
): Promise<ObjectRef> {
  if (curated !== undefined)
    return outputOf(await readManifest(store, 'curate', curated), 'held-out')
  throw new InvalidInputError(
    `field benchmarks: the problems of ${name} are those that a run held out; name a model of that run`,
  )
}

async function* problemsOfSet(
  deps: { readonly problemSource: ProblemSource },
  recipe: Recipe,
  name: string,
): AsyncGenerator<Problem> {
  const { problems: source } = benchmarkOf(recipe, name)
  if (source === 'held-out') return
  // A recorded file holds rows of others, too.
  const setAside = source.kind === 'hub' ? refuseRow : async () => {}
  for await (const row of usableRows({ ...deps, recipe }, source, setAside)) {
    if (row.kind === 'problem') yield row.problem
  }
}

/** A benchmark of the Hub is scored whole or not at all: another set of problems is another benchmark. */
async function refuseRow({ source, row, reason }: SetAsideRow): Promise<void> {
  throw new InvalidInputError(
    `source ${source}: row ${row} is no problem (${reason}); filter it out in the recipe, so that ` +
      'the score says what it is of',
  )
}

async function keepProblems(
  store: ObjectStore,
  of: {
    readonly name: string
    readonly key: string
    readonly perShard: number
    readonly problems: AsyncIterable<Problem> | Promise<Problem[]>
    readonly labels: readonly ModelLabel[] | Promise<readonly ModelLabel[]>
  },
): Promise<StageOutput> {
  const prefix = stagePrefix('evaluate', of.key)
  const problems = createChunkWriter({ store, prefix, name: 'problems', rows: of.perShard })
  const questions = createRowWriter()
  const digests: string[] = []
  for await (const problem of await of.problems) {
    const asked = askedOf(problem)
    if (asked === undefined) continue
    digests.push(problemDigestOf(problem))
    const shard = await problems.write(problem)
    await questions.write({ ...asked, shard } satisfies Question)
  }
  if (digests.length === 0) {
    throw new InvalidInputError(
      `benchmark ${of.name}: no problem passes its filters; loosen them in the recipe`,
    )
  }
  const shards = await problems.end()
  const labels = await writeRows(store, `${prefix}/labels.jsonl.gz`, await of.labels)
  return {
    outputs: {
      ...shards,
      questions: await questions.store(store, `${prefix}/questions.jsonl.gz`),
      labels,
      set: await writeJson(store, `${prefix}/set.json`, {
        digest: digestOf(digests),
        problems: digests.length,
      } satisfies ProblemSet),
    },
    counts: { problems: digests.length },
    cost: noCost,
  }
}
