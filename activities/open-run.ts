import { ApplicationFailure, Context, log } from '@temporalio/activity'
import type { BaseModels } from '../core/ports/base-models.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { CodeSandbox } from '../core/ports/code-sandbox.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { ProblemSource } from '../core/ports/problem-source.ts'
import type { Trainer } from '../core/ports/trainer.ts'
import type { Benchmark } from '../core/benchmarks/benchmark.ts'
import { canonicalJson, digestOf } from '../core/digest.ts'
import { InvalidInputError, parseInput } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import { checkFeasible, labellerOf, sourcesOf, teacherModels } from '../core/recipe-feasibility.ts'
import type { BenchmarkShelf } from '../core/benchmarks/named-benchmarks.ts'
import type { ProfileShelf } from '../core/recipe-profile.ts'
import { Recipe } from '../core/recipe.ts'
import { ReproduceInput } from '../core/reproduce-input.ts'
import type { RunPlan } from '../core/run-plan.ts'
import type { Source } from '../core/sources/source.ts'
import { meetingAddress } from '../core/training/launch-line.ts'
import { wholeRecipe } from '../core/whole-recipe.ts'
import { TrainingRecipe } from '../core/training/train-input.ts'
import type { Student } from '../core/training/student.ts'
import { parseJson, readObject, refTo } from './artifacts.ts'
import type { Vault } from './gated-vault.ts'
import { openBaseModel } from './base-model.ts'

/** Finds a recipe of the deployment by its name; throws InvalidInputError listing those there are. */
export type RecipeShelf = (name: string) => Promise<unknown>

export type OpenRunActivities = ReturnType<typeof createOpenRunActivities>
export type EndpointChecks = ReturnType<typeof createEndpointChecks>
export type SandboxChecks = ReturnType<typeof createSandboxChecks>
export type TrainerChecks = ReturnType<typeof createTrainerChecks>

/** What the doors of runs and evaluations need: to find what is named, and to store a recipe. */
export type OpeningDeps = {
  readonly store: ObjectStore
  readonly vault: Vault
  readonly problemSource: ProblemSource
  readonly baseModels: BaseModels
  readonly recipes: RecipeShelf
  readonly profiles: ProfileShelf
  readonly benchmarks: BenchmarkShelf
}

/** The door of a run: everything that can be refused is refused here, before anything is spent. */
export function createOpenRunActivities(deps: OpeningDeps) {
  const { store, vault, problemSource, baseModels, recipes, profiles, benchmarks } = deps
  return {
    /** Validates a run's input and stores its recipe under its digest. */
    async openRun(input: unknown): Promise<RunPlan> {
      return refusing(async () => {
        const { recipe: named, overrides = {}, until } = parseInput(ReproduceInput, input, 'input')
        const document = typeof named === 'string' ? await recipes(named) : named
        const wanted = await wholeRecipe(document, { benchmarks, profiles }, overrides)
        await store.check()
        const recipe = {
          ...(await pinSources(wanted, problemSource)),
          student: await pinStudent(wanted.student, baseModels),
        }
        const trains = until !== 'assemble'
        for (const source of sourcesOf(recipe)) await problemSource.check(source)
        if (trains) await checkBenchmarks(recipe, { vault, problemSource })
        checkFeasible(recipe, { trains })
        return { ...planOf(recipe, await storeRecipe(store, recipe)), trains }
      })
    },
  }
}

/** Checks of the inference pool: who will be asked answers, knows the model and takes the key. */
export function createEndpointChecks(deps: {
  readonly store: ObjectStore
  readonly endpoint: (name: string) => ChatEndpoint
}) {
  return {
    /** Refuses the run unless every endpoint of its recipe answers and offers its model. */
    async checkEndpoints(recipeRef: ObjectRef): Promise<void> {
      await refusing(async () => {
        const recipe = await readRecipe(deps.store, recipeRef)
        const { teacher, reformatter } = recipe
        // A teacher that is yet to be served answers nobody.
        const teachers = recipe.serving === null ? teacherModels(recipe) : []
        for (const model of teachers) await deps.endpoint(teacher.endpoint).check(model)
        await deps.endpoint(reformatter.endpoint).check(reformatter.model)
        const labeller = labellerOf(recipe)
        if (labeller !== null) await deps.endpoint(labeller.endpoint).check(labeller.model)
        const { judge } = recipe.grading
        if (judge !== null) await deps.endpoint(judge.endpoint).check(judge.model)
      })
    },
  }
}

/** Checks of the sandbox pool. */
export function createSandboxChecks({ sandbox }: { readonly sandbox: Pick<CodeSandbox, 'prove'> }) {
  return {
    /** Refuses the run unless the sandbox proves its isolation on this host. */
    async checkSandbox(): Promise<void> {
      const { cancelled } = Context.current()
      await refusing(() => Promise.race([sandbox.prove(), cancelled]))
    },
  }
}

/** Checks of the training pool, on a node that trains: a directory of the base model is there or nowhere. */
export function createTrainerChecks(deps: {
  readonly store: ObjectStore
  readonly trainer: Trainer
  readonly baseModels: BaseModels
  /** `host:port` at which other nodes reach this one; undefined where it was not told. */
  readonly nodeAddress: string | undefined
}) {
  return {
    /**
     * Refuses the run unless the trainer's environment is there, nodes can meet where there are
     * several, and the base model is whole and as stated.
     */
    async checkTrainer(recipeRef: ObjectRef, trains = true): Promise<void> {
      await refusing(async () => {
        const { student, training } = await readTrainingRecipe(deps.store, recipeRef)
        await deps.trainer.check(trains ? training : undefined)
        if (trains && training.cluster.nodes > 1) meetingAddress(training, deps.nodeAddress)
        if (student.kind === 'pretrained') await openBaseModel(deps, student)
      })
    },
  }
}

/**
 * The recipe with every revision that may move looked up once, so that the stored recipe of a run
 * names commits alone. What was looked up is said in the log: it is what the recipe should pin.
 */
async function pinSources(recipe: Recipe, problemSource: ProblemSource): Promise<Recipe> {
  const pin = (source: Source) => pinSource(source, problemSource)
  const { sources, evaluationSets, curation } = recipe
  const labels = curation.difficulty?.labels ?? null
  return {
    ...recipe,
    sources: await Promise.all(sources.map(pin)),
    evaluationSets: await Promise.all(evaluationSets.map(pin)),
    benchmarks: await pinBenchmarks(recipe, problemSource),
    curation: {
      ...curation,
      difficulty:
        curation.difficulty === null
          ? null
          : { ...curation.difficulty, labels: labels === null ? null : await pin(labels) },
    },
  }
}

/** Refuses benchmarks whose set cannot be read, or of which nothing may be stored. */
export async function checkBenchmarks(
  { benchmarks }: Pick<Recipe, 'benchmarks'>,
  { vault, problemSource }: { readonly vault: Vault; readonly problemSource: ProblemSource },
): Promise<void> {
  for (const benchmark of benchmarks) {
    vault(benchmark)
    const { problems } = benchmark
    if (problems !== 'held-out') await problemSource.check(problems)
  }
}

/** The benchmarks of a recipe, those with a set of their own pinned as {@link pinSources} does. */
export function pinBenchmarks(
  { benchmarks }: Pick<Recipe, 'benchmarks'>,
  problemSource: ProblemSource,
): Promise<Benchmark[]> {
  return Promise.all(
    benchmarks.map(async (benchmark) => {
      const { problems } = benchmark
      if (problems === 'held-out') return benchmark
      return { ...benchmark, problems: await pinSource(problems, problemSource) }
    }),
  )
}

async function pinSource(source: Source, problemSource: ProblemSource): Promise<Source> {
  const pinned = await problemSource.pin(source)
  if (source.kind === 'hub' && pinned.kind === 'hub' && pinned.revision !== source.revision) {
    const { id, dataset, revision } = source
    log.warn('a source is pinned by this run alone; name the commit in the recipe', {
      source: id,
      dataset,
      revision,
      commit: pinned.revision,
    })
  }
  return pinned
}

/** The student with its base model's revision looked up once, as {@link pinSources} does. */
async function pinStudent(student: Student, baseModels: BaseModels): Promise<Student> {
  if (student.kind !== 'pretrained') return student
  const pinned = await baseModels.pin(student)
  const { model, revision } = student
  if (pinned.revision !== revision) {
    const commit = pinned.revision
    log.warn('the base model is pinned by this run alone; name the commit as student.revision', {
      model,
      revision,
      commit,
    })
  }
  return pinned
}

/** The recipe that a run was opened with. */
export async function readRecipe(store: ObjectStore, ref: ObjectRef): Promise<Recipe> {
  return parseJson(await readObject(store, ref), Recipe, ref.uri)
}

/** What a training needs of the recipe that it was opened with. */
export async function readTrainingRecipe(
  store: ObjectStore,
  ref: ObjectRef,
): Promise<TrainingRecipe> {
  return parseJson(await readObject(store, ref), TrainingRecipe, ref.uri)
}

function planOf(recipe: Recipe, ref: ObjectRef): Omit<RunPlan, 'trains'> {
  const labeller = labellerOf(recipe)
  const { judge } = recipe.grading
  const asked = [recipe.teacher, recipe.reformatter, labeller, judge]
  return {
    recipe: ref,
    recipeName: recipe.name,
    recipeDigest: digestOf(recipe),
    shardsInFlight: recipe.sharding.shardsInFlight,
    reformatBatch: batchOf(recipe),
    benchmarks: recipe.benchmarks.map(({ name }) => name),
    scripted: asked.some((model) => model?.endpoint === 'scripted'),
    serving: recipe.serving !== null,
    labels: labeller !== null,
    judges: judge !== null,
  }
}

function batchOf({ reformatter }: Recipe): RunPlan['reformatBatch'] {
  if (reformatter.batch === null) return null
  return { endpoint: reformatter.endpoint, pollSeconds: reformatter.batch.pollSeconds }
}

/** Puts a recipe under its digest. */
export async function storeRecipe(store: ObjectStore, recipe: Recipe): Promise<ObjectRef> {
  const key = `recipes/${digestOf(recipe)}.json`
  const bytes = new TextEncoder().encode(canonicalJson(recipe))
  await store.put(key, bytes, 'application/json')
  return refTo(store, key, bytes)
}

/** At the door every failure is final: the user mends it and starts again, nothing is lost. */
export async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const type = error instanceof InvalidInputError ? 'InvalidInput' : 'Refused'
    const message = error instanceof Error ? error.message : String(error)
    throw ApplicationFailure.nonRetryable(message, type)
  }
}
