import { InvalidInputError } from './invalid-input.ts'
import { checkPriced } from './money/price.ts'
import type { Labeller, Quota, Recipe } from './recipe.ts'
import { checkEvaluationEngine, checkServing } from './serving/check-serving.ts'
import type { Source } from './sources/source.ts'
import { architectureOf } from './training/student.ts'
import { checkTraining } from './training/training-plan.ts'

/**
 * Refuses a recipe that cannot come out, before anything is spent or read: a quota with more rows
 * than its sources declare, no problem to evaluate on, a model without a price, a training that
 * its machines cannot hold. What a source gives that declares no number, and how hard its problems
 * are, only curation can tell.
 */
export function checkFeasible(recipe: Recipe, { trains }: { readonly trains: boolean }): void {
  checkRoles(recipe)
  for (const quota of recipe.mixture) checkQuota(quota, recipe)
  const holdsOut = recipe.sources.some((source) => source.kind !== 'hub' && source.heldOut !== 0)
  const asksForThem = recipe.benchmarks.some(({ problems }) => problems === 'held-out')
  if (trains && asksForThem && !holdsOut) {
    throw new InvalidInputError('field sources: none holds problems out; set heldOut on one')
  }
  if (trains) checkTraining(recipe.training, architectureOf(recipe.student))
  checkDifficulty(recipe)
  checkServing(recipe)
  if (trains) checkEvaluationEngine(recipe)
  checkPrices(recipe)
}

function checkRoles({ sources, evaluationSets }: Recipe): void {
  const ids = new Set<string>()
  for (const { id } of [...sources, ...evaluationSets]) {
    if (ids.has(id)) {
      throw new InvalidInputError(`field sources: two sources are named ${id}; rename one`)
    }
    ids.add(id)
  }
  const evaluated = sources.find((source) => source.kind === 'hub' && source.role === 'evaluation')
  if (evaluated !== undefined) {
    throw new InvalidInputError(
      `source ${evaluated.id}: field role: it is evaluated on; move it to evaluationSets`,
    )
  }
  const gated = sources.find((source) => source.kind === 'hub' && source.gated)
  if (gated !== undefined) {
    throw new InvalidInputError(
      `source ${gated.id}: field gated: what is gated is stored nowhere, so it can only be evaluated ` +
        'on; move it to evaluationSets',
    )
  }
  const trained = evaluationSets.find((source) => source.kind === 'hub' && source.role === 'train')
  if (trained !== undefined) {
    throw new InvalidInputError(
      `source ${trained.id}: field role: it is to be trained on; move it to sources`,
    )
  }
}

function checkQuota(quota: Quota, { sources }: Recipe): void {
  const { name, rows } = quota
  const unknown = quota.sources.find((id) => !sources.some((source) => source.id === id))
  if (unknown !== undefined) {
    throw new InvalidInputError(
      `field mixture.${name}.sources: the recipe has no source ${unknown}; correct its name`,
    )
  }
  const available = sources
    .filter((source) => mayGive(source, quota))
    .reduce((sum, source) => sum + declaredProblems(source), 0)
  if (rows <= available) return
  throw new InvalidInputError(
    `field mixture.${name}: ${rows} rows asked, but the sources give ${available} problems; ` +
      'lower it or add problems',
  )
}

function mayGive({ id, domain }: Source, quota: Quota): boolean {
  const isNamed = quota.sources.length === 0 || quota.sources.includes(id)
  return isNamed && (domain === null || quota.domains.includes(domain))
}

/** How many problems for training a source says it has; without bound where it does not say. */
function declaredProblems(source: Source): number {
  if (source.kind === 'hub') return source.cap ?? Infinity
  return source.train === 'all' ? Infinity : source.train
}

function checkDifficulty({ sources, curation }: Recipe): void {
  const banded = sources.find((source) => bandOf(source) !== null)
  if (banded === undefined || curation.difficulty !== null) return
  throw new InvalidInputError(
    `field curation.difficulty: source ${banded.id} takes a band of difficulty; ` +
      'say where the difficulty of its problems comes from',
  )
}

/** The band of difficulty that a source's problems must be in; null: any. */
export function bandOf(source: Source): { readonly min: number; readonly max: number } | null {
  return source.kind === 'hub' ? source.difficulty : null
}

function checkPrices(recipe: Recipe): void {
  const labeller = labellerOf(recipe)
  const asked = [
    recipe.reformatter.model,
    ...(labeller === null ? [] : [labeller.model]),
    ...(recipe.grading.judge === null ? [] : [recipe.grading.judge.model]),
    ...teacherModels(recipe),
  ]
  checkPriced(asked, recipe.prices)
}

/** The models that the teacher's endpoint is asked for: a recorded source names its own. */
export function teacherModels(recipe: Recipe): string[] {
  const models = recipe.sources.map((source) =>
    source.kind === 'recorded' ? source.model : recipe.teacher.model,
  )
  return [...new Set(models)]
}

/** Who rates problems; null where the recipe has no labeller, or no source with a band to rate for. */
export function labellerOf({ sources, curation }: Recipe): Labeller | null {
  const isNeeded = sources.some((source) => bandOf(source) !== null)
  return isNeeded ? (curation.difficulty?.labeller ?? null) : null
}

/** Everything that a recipe reads problems from. */
export function sourcesOf({ sources, evaluationSets, curation }: Recipe): Source[] {
  const labels = curation.difficulty?.labels ?? null
  return [...sources, ...evaluationSets, ...(labels === null ? [] : [labels])]
}
