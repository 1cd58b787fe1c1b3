import { ApplicationFailure, Context, log } from '@temporalio/activity'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { CodeSandbox } from '../core/ports/code-sandbox.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { ProblemSource } from '../core/ports/problem-source.ts'
import type { Trainer } from '../core/ports/trainer.ts'
import { canonicalJson, digestOf } from '../core/digest.ts'
import { InvalidInputError, parseInput } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import { overlay } from '../core/recipe-overrides.ts'
import { checkFeasible, labellerOf, sourcesOf, teacherModels } from '../core/recipe-feasibility.ts'
import { Recipe } from '../core/recipe.ts'
import { ReproduceInput } from '../core/reproduce-input.ts'
import type { RunPlan } from '../core/run-plan.ts'
import type { Source } from '../core/sources/source.ts'
import { parseJson, readObject, refTo } from './artifacts.ts'

/** Finds a recipe of the deployment by its name; throws InvalidInputError listing those there are. */
export type RecipeShelf = (name: string) => Promise<unknown>

export type OpenRunActivities = ReturnType<typeof createOpenRunActivities>
export type EndpointChecks = ReturnType<typeof createEndpointChecks>
export type SandboxChecks = ReturnType<typeof createSandboxChecks>
export type TrainerChecks = ReturnType<typeof createTrainerChecks>

/** The door of a run: everything that can be refused is refused here, before anything is spent. */
export function createOpenRunActivities(deps: {
  readonly store: ObjectStore
  readonly problemSource: ProblemSource
  readonly recipes: RecipeShelf
}) {
  const { store, problemSource, recipes } = deps
  return {
    /** Validates a run's input and stores its recipe under its digest. */
    async openRun(input: unknown): Promise<RunPlan> {
      return refusing(async () => {
        const { recipe: named, overrides = {}, until } = parseInput(ReproduceInput, input, 'input')
        const document = typeof named === 'string' ? await recipes(named) : named
        const wanted = parseInput(Recipe, overlay(document, overrides), 'recipe')
        await store.check()
        const recipe = await pinSources(wanted, problemSource)
        const trains = until !== 'assemble'
        for (const source of sourcesOf(recipe)) await problemSource.check(source)
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

/** Checks of the training pool. */
export function createTrainerChecks({ trainer }: { readonly trainer: Trainer }) {
  return {
    /** Refuses the run unless the trainer's environment is there. */
    async checkTrainer(): Promise<void> {
      await refusing(() => trainer.check())
    },
  }
}

/**
 * The recipe with every revision that may move looked up once, so that the stored recipe of a run
 * names commits alone. What was looked up is said in the log: it is what the recipe should pin.
 */
async function pinSources(recipe: Recipe, problemSource: ProblemSource): Promise<Recipe> {
  const pin = async (source: Source): Promise<Source> => {
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
  const { sources, evaluationSets, curation } = recipe
  const labels = curation.difficulty?.labels ?? null
  return {
    ...recipe,
    sources: await Promise.all(sources.map(pin)),
    evaluationSets: await Promise.all(evaluationSets.map(pin)),
    curation: {
      ...curation,
      difficulty:
        curation.difficulty === null
          ? null
          : { ...curation.difficulty, labels: labels === null ? null : await pin(labels) },
    },
  }
}

/** The recipe that a run was opened with. */
export async function readRecipe(store: ObjectStore, ref: ObjectRef): Promise<Recipe> {
  return parseJson(await readObject(store, ref), Recipe, ref.uri)
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

async function storeRecipe(store: ObjectStore, recipe: Recipe): Promise<ObjectRef> {
  const key = `recipes/${digestOf(recipe)}.json`
  const bytes = new TextEncoder().encode(canonicalJson(recipe))
  await store.put(key, bytes, 'application/json')
  return refTo(store, key, bytes)
}

/** At the door every failure is final: the user mends it and starts again, nothing is lost. */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const type = error instanceof InvalidInputError ? 'InvalidInput' : 'Refused'
    const message = error instanceof Error ? error.message : String(error)
    throw ApplicationFailure.nonRetryable(message, type)
  }
}
