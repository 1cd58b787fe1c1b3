import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readRecipeInput } from '../../cli/recipe-argument.ts'
import { parseInput } from '../../core/invalid-input.ts'
import { Recipe } from '../../core/recipe.ts'
import { wholeRecipe } from '../../core/whole-recipe.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { exampleRecipe } from './example-recipe.ts'

const shelf = new URL('../../recipes/', import.meta.url)
const files = readdirSync(shelf).filter((file) => file.endsWith('.yaml'))

test.each(files)('recipes/%s is a whole recipe, named as its file', async (file) => {
  const named: unknown = parse(readFileSync(new URL(file, shelf), 'utf8'))
  expect(`${(await wholeRecipe(named, shelves)).name}.yaml`).toBe(file)
})

test.each(files)('recipes/%s is taken as it is typed, with settings laid over it', async (file) => {
  const recipe = file.replace('.yaml', '')
  const input = await readRecipeInput({ recipe, set: ['seed=7'] })
  expect(input).toMatchObject({ recipe, overrides: { seed: 7 } })
})

test('there is a recipe in miniature', () => {
  expect(files).toContain('miniature.yaml')
})

test.each([
  ['escalateTo', { escalateTo: 1024 }],
  [
    'sampling.accepted',
    { sampling: { mode: 'until-accepted', accepted: 3, maximumSamples: 2, hopelessAfter: 2 } },
  ],
])('a teacher that cannot be meant is refused by the name of the field: %s', (field, changes) => {
  const recipe = { ...exampleRecipe, teacher: { ...exampleRecipe.teacher, ...changes } }
  expect(() => parseInput(Recipe, recipe, 'recipe')).toThrow(`field teacher.${field}:`)
})
