import { ApplicationFailure } from '@temporalio/activity'
import { readModel, type TypedModel } from '../core/evaluation/evaluate-input.ts'
import type { EvaluationOrder } from '../core/evaluation/evaluation-order.ts'
import type { NightSettings } from '../core/evaluation/judge-night.ts'
import type { NightSubject } from '../core/evaluation/night-subject.ts'
import { InvalidInputError, parseInput } from '../core/invalid-input.ts'
import { NightlyInput } from '../core/night.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { openOrder } from './open-evaluation.ts'
import { type OpeningDeps, readRecipe } from './open-run.ts'
import { findRunRecord } from './run-records.ts'

/** How a night is compared with those before it. */
export type NightJudging = Pick<NightSettings, 'level' | 'window'>

/** What a night is to evaluate, and how it is judged. */
export type OpenedNight = NightSubject & {
  readonly order: NightOrder
  readonly judging: NightJudging
}

type NightOrder = Omit<EvaluationOrder, 'occasion'>

/** What of the input says on what the subject is evaluated, and how it is asked. */
type Asked = Pick<NightlyInput, 'benchmarks' | 'recipe' | 'overrides'>

/**
 * The door of a night. What a user typed is refused for good; a fault of the store or of the Hub is
 * thrown as it is: it passes, and the night is tried again.
 */
export async function openNight(deps: OpeningDeps, input: unknown): Promise<OpenedNight> {
  try {
    const { run, model, level, window, ...asked } = parseInput(NightlyInput, input, 'input')
    const judging = { level, window }
    if (run !== undefined) return { run, order: await orderOfRun(deps, run, asked), judging }
    if (model === undefined) throw new InvalidInputError('field model: name a model')
    const { name } = readModel(model, 'model')
    await refuseRunOf(deps.store, name)
    return { model: name, order: await orderOf(deps, { model, field: 'model', asked }), judging }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    throw ApplicationFailure.nonRetryable(error.message, 'InvalidInput')
  }
}

/** Of a run's student; where nothing else is asked, as the run's own recipe says. */
async function orderOfRun(deps: OpeningDeps, run: string, asked: Asked): Promise<NightOrder> {
  const record = await findRunRecord(deps.store, run)
  if (record === undefined) {
    throw new InvalidInputError(
      `field run: no run ${run} has ended with a report; name one that has`,
    )
  }
  const name = 'student'
  if (asked.benchmarks !== undefined) {
    const model = { kind: 'run', name, run, role: 'student' } as const
    return orderOf(deps, { model, field: 'run', asked })
  }
  const recipe = await readRecipe(deps.store, record.recipe)
  return {
    recipe: record.recipe,
    curated: record.curated,
    benchmarks: recipe.benchmarks.map((benchmark) => benchmark.name),
    models: [{ name, site: { kind: 'weights', manifest: record.student } }],
  }
}

function orderOf(
  deps: OpeningDeps,
  of: { readonly model: TypedModel; readonly field: string; readonly asked: Asked },
): Promise<NightOrder> {
  const { model, field, asked } = of
  const wanted = { ...asked, models: [model], benchmarks: asked.benchmarks ?? [] }
  return openOrder(deps, wanted, () => field)
}

/** Throws InvalidInputError where a run has the name of a model: nights are found by their name alone. */
export async function refuseRunOf(store: ObjectStore, name: string): Promise<void> {
  if ((await findRunRecord(store, name)) === undefined) return
  throw new InvalidInputError(
    `field model: ${name} is the name of a run, whose nights stand under it; ` +
      `show the model under another name, as in other=hub:ORG/MODEL@main`,
  )
}
