import { usualOccasion } from '../core/benchmarks/asking.ts'
import {
  benchmarkDocument,
  readBenchmarkName,
  withBenchmarks,
} from '../core/benchmarks/named-benchmarks.ts'
import { EvaluateInput, fieldsOf, readModel } from '../core/evaluation/evaluate-input.ts'
import type { EvaluationOrder } from '../core/evaluation/evaluation-order.ts'
import { InvalidInputError, parseInput } from '../core/invalid-input.ts'
import { checkPriced } from '../core/money/price.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { Recipe } from '../core/recipe.ts'
import { wholeRecipe } from '../core/whole-recipe.ts'
import { checkEvaluationEngine } from '../core/serving/check-serving.ts'
import { type FoundModel, findEvaluated } from './evaluated-models.ts'
import {
  checkBenchmarks,
  type OpeningDeps,
  pinBenchmarks,
  readRecipe,
  refusing,
  storeRecipe,
} from './open-run.ts'

/** An evaluation that may begin. */
export type OpenedEvaluation = { readonly name: string; readonly order: EvaluationOrder }
export type OpenEvaluationActivities = ReturnType<typeof createOpenEvaluationActivities>
export type EvaluationChecks = ReturnType<typeof createEvaluationChecks>

/** Which models are evaluated, on what, and how they are asked. */
type WantedEvaluation = Omit<EvaluateInput, 'name'>

/** The recipe of an evaluation of models that no run of ours made. */
const publishedRecipe = 'sky-t1-32b-preview'

/** The door of an evaluation by itself. */
export function createOpenEvaluationActivities(deps: OpeningDeps) {
  return {
    /** Validates an input, finds its models and stores its recipe; all that can be refused is refused here. */
    async openEvaluation(input: unknown): Promise<OpenedEvaluation> {
      return refusing(async () => {
        const wanted = parseInput(EvaluateInput, input, 'input')
        const order = await openOrder(deps, wanted)
        return { name: wanted.name, order: { ...order, occasion: usualOccasion } }
      })
    },
  }
}

/**
 * Finds the models and benchmarks that are wanted and stores their recipe. Throws what it refuses;
 * `fieldOf` says in which field each model was typed.
 */
export async function openOrder(
  deps: OpeningDeps,
  wanted: WantedEvaluation,
  fieldOf = (at: number) => `models.${at}`,
): Promise<Omit<EvaluationOrder, 'occasion'>> {
  const models = wanted.models.map((typed, at) => ({
    model: readModel(typed, fieldOf(at)),
    fields: fieldsOf(typed, fieldOf(at)),
  }))
  refuseRepeated(
    'models',
    models.map(({ model }) => model),
  )
  await deps.store.check()
  const found = await Promise.all(
    models.map(({ model, fields }) => findEvaluated(deps, model, fields)),
  )
  const recipe = await recipeOf(deps, wanted, found)
  checkPrices(found, recipe)
  const curated = curatedOf(found, recipe)
  return {
    recipe: await storeRecipe(deps.store, recipe),
    benchmarks: recipe.benchmarks.map(({ name }) => name),
    models: found.map(({ model }) => model),
    ...(curated === undefined ? {} : { curated }),
  }
}

/** Checks of the inference pool: endpoints answer, take the key, and serve the models named. */
export function createEvaluationChecks(deps: {
  readonly endpoint: (name: string) => ChatEndpoint
}) {
  return {
    /** Refuses an evaluation unless every endpoint of its models answers and offers its model. */
    async checkEvaluated(models: EvaluationOrder['models']): Promise<void> {
      await refusing(async () => {
        for (const { site } of models) {
          if (site.kind === 'endpoint') await deps.endpoint(site.endpoint).check(site.model)
        }
      })
    },
  }
}

/**
 * The recipe named, else that of the first run whose model is evaluated, else the published one, with
 * the wanted benchmarks in place of its own. Theirs are its settings where it has them.
 */
async function recipeOf(
  deps: OpeningDeps,
  wanted: WantedEvaluation,
  found: readonly FoundModel[],
): Promise<Recipe> {
  const own = found.find(({ run }) => run !== undefined)?.run
  const { recipe: named } = wanted
  const document =
    typeof named === 'object'
      ? named
      : named === undefined && own !== undefined
        ? await readRecipe(deps.store, own.recipe)
        : await deps.recipes(named ?? publishedRecipe)
  const whole = await withBenchmarks(document, deps.benchmarks)
  const asked = wanted.benchmarks.map(readBenchmarkName)
  refuseRepeated('benchmarks', asked)
  const benchmarks = await Promise.all(
    asked.map((benchmark) => benchmarkDocument(whole, benchmark, deps.benchmarks)),
  )
  const recipe = await wholeRecipe({ ...whole, benchmarks }, deps, wanted.overrides)
  const pinned = { ...recipe, benchmarks: await pinBenchmarks(recipe, deps.problemSource) }
  checkEvaluationEngine(pinned)
  await checkBenchmarks(pinned, deps)
  return pinned
}

function refuseRepeated(field: string, named: ReadonlyArray<{ readonly name: string }>): void {
  const seen = new Set<string>()
  for (const { name } of named) {
    if (seen.has(name)) {
      const mend = field === 'models' ? `write OTHER=… before one` : 'name it once'
      throw new InvalidInputError(`field ${field}: two are named ${name}; ${mend}`)
    }
    seen.add(name)
  }
}

/** What is asked of others is paid for. */
function checkPrices(found: readonly FoundModel[], { prices }: Recipe): void {
  const asked = found.flatMap(({ model: { site } }) => (site.kind === 'endpoint' ? site.model : []))
  checkPriced(asked, prices, (model) => {
    const zero = { promptPerMillion: 0, completionPerMillion: 0 }
    return `, as in "overrides":${JSON.stringify({ prices: { [model]: zero } })}`
  })
}

/** The curation whose held-out problems are evaluated on, if any are. */
function curatedOf(found: readonly FoundModel[], recipe: Recipe): string | undefined {
  const curated = found.find(({ run }) => run !== undefined)?.run?.curated
  const heldOut = recipe.benchmarks.find(({ problems }) => problems === 'held-out')
  if (heldOut !== undefined && curated === undefined) {
    throw new InvalidInputError(
      `field benchmarks: the problems of ${heldOut.name} are those that a run held out; ` +
        'name a model of that run, as in run:miniature',
    )
  }
  return curated
}
