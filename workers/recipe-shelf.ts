import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { InvalidInputError } from '../core/invalid-input.ts'
import type { Recipe } from '../core/recipe.ts'
import { wholeRecipe } from '../core/whole-recipe.ts'

const shelf = fileURLToPath(new URL('../recipes', import.meta.url))

/** The recipe of a name in `recipes/`, not yet validated. Throws InvalidInputError listing those there are. */
function recipeShelf(name: string): Promise<unknown> {
  return readNamed('recipe', shelf, name)
}

/** The training profile of a name in `recipes/training/`, likewise. */
function profileShelf(name: string): Promise<unknown> {
  return readNamed('profile', join(shelf, 'training'), name)
}

/** The benchmark of a name in `recipes/benchmarks/`, likewise. */
function benchmarkShelf(name: string): Promise<unknown> {
  return readNamed('benchmark', join(shelf, 'benchmarks'), name)
}

/** What the door of a run finds by name. */
export const shelves = {
  recipes: recipeShelf,
  profiles: profileShelf,
  benchmarks: benchmarkShelf,
} as const

/** The recipe of a name with all that it names. Throws InvalidInputError. */
export async function namedRecipe(name: string): Promise<Recipe> {
  return wholeRecipe(await recipeShelf(name), shelves)
}

async function readNamed(kind: string, folder: string, name: string): Promise<unknown> {
  const names = await documentNames(folder)
  if (!names.includes(name)) {
    throw new InvalidInputError(`field ${kind}: no ${kind} ${name}; there are ${names.join(', ')}`)
  }
  return parse(await readFile(join(folder, `${name}.yaml`), 'utf8'))
}

async function documentNames(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .toSorted()
}
