import { type BenchmarkShelf, withBenchmarks } from './benchmarks/named-benchmarks.ts'
import { parseInput } from './invalid-input.ts'
import { overlay } from './recipe-overrides.ts'
import { type ProfileShelf, withProfile } from './recipe-profile.ts'
import { Recipe } from './recipe.ts'

/** Where a recipe finds what it only names. */
export type RecipeParts = {
  readonly benchmarks: BenchmarkShelf
  readonly profiles: ProfileShelf
}

/**
 * A recipe document as a whole recipe: its benchmarks and its profile written out, the overrides laid
 * over it. Throws InvalidInputError naming the field, and what the shelves throw.
 */
export async function wholeRecipe(
  document: unknown,
  { benchmarks, profiles }: RecipeParts,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Recipe> {
  const wanting = overlay(await withBenchmarks(document, benchmarks), overrides)
  return parseInput(Recipe, await withProfile(wanting, profiles), 'recipe')
}
