import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { parseInput } from '../core/invalid-input.ts'
import { ReproduceInput } from '../core/reproduce-input.ts'
import { wholeRecipe } from '../core/whole-recipe.ts'
import { shelves } from '../workers/recipe-shelf.ts'
import { UsageError } from './command.ts'
import { isRemote } from './deployment.ts'

/** A recipe as it was named, with the settings laid over it: the input of a run. */
export type RecipeArgument = {
  readonly recipe: string
  readonly set: readonly string[]
  readonly until?: string | undefined
}

/**
 * What is typed of a recipe as the input of a workflow. What can be refused at once is refused
 * here, before a stack is brought up; the door of the run looks again, and at more.
 * @throws {UsageError} a file or a setting cannot be read
 * @throws {InvalidInputError} there is no such recipe, or a field of it is wrong
 */
export async function readRecipeInput({
  recipe: named,
  set,
  until,
}: RecipeArgument): Promise<ReproduceInput> {
  const recipe = await namedOrRead(named)
  const typed = { recipe, overrides: overridesOf(set), ...(until === undefined ? {} : { until }) }
  const input = parseInput(ReproduceInput, typed, 'input')
  // The recipes of a remote deployment need not be those here.
  const document =
    typeof input.recipe !== 'string' || isRemote()
      ? input.recipe
      : await shelves.recipes(input.recipe)
  if (typeof document !== 'string' && !isRemote()) {
    await wholeRecipe(document, shelves, typed.overrides)
  }
  return input
}

/** What a workflow is given of a recipe: its name, or the document in the file that was typed. */
export function namedOrRead(recipe: string): Promise<unknown> {
  return /\.ya?ml$/.test(recipe) ? readDocument(recipe) : Promise.resolve(recipe)
}

/** The document in a YAML or JSON file. Throws UsageError naming the file. */
export async function readDocument(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path}: no such file, or not readable; name one that is there`)
  })
  try {
    return parse(text)
  } catch (error) {
    const [what] = String(error instanceof Error ? error.message : error).split('\n')
    throw new UsageError(`${path}: is no YAML: ${what}`)
  }
}

/** The name of a recipe, or of the file that holds it. */
export function recipeNameOf(recipe: string): string {
  return (recipe.split('/').at(-1) ?? recipe).replace(/\.ya?ml$/, '')
}

/** `mixture.math.rows=100` as `{"mixture":{"math":{"rows":100}}}`; values are JSON where they can be. */
export function overridesOf(settings: readonly string[]): Record<string, unknown> {
  const overrides: Record<string, unknown> = {}
  for (const setting of settings) {
    const [path, value] = split(setting)
    const names = path.split('.')
    const last = names.pop() ?? path
    let section = overrides
    for (const name of names) {
      const inner: Record<string, unknown> = isSection(section[name]) ? section[name] : {}
      section[name] = inner
      section = inner
    }
    section[last] = value
  }
  return overrides
}

function split(setting: string): readonly [string, unknown] {
  const at = setting.indexOf('=')
  if (at < 1)
    throw new UsageError(`--set ${setting}: write FIELD=VALUE, as in mixture.math.rows=100`)
  return [setting.slice(0, at), valueOf(setting.slice(at + 1), setting)]
}

/** What looks like a list, a section or a quoted text must be one; all else that is no JSON is text. */
function valueOf(text: string, setting: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (!/^[[{"]/.test(text)) return text
    throw new UsageError(`--set ${setting}: its value is no JSON; correct its brackets and quotes`)
  }
}

function isSection(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
