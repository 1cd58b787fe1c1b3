import { describe, expect, test } from 'vitest'
import { InvalidInputError, parseInput } from '../../core/invalid-input.ts'
import { NightlyInput } from '../../core/night.ts'
import { Recipe } from '../../core/recipe.ts'
import { ReproduceInput } from '../../core/reproduce-input.ts'
import { exampleRecipe } from './example-recipe.ts'

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message
    throw error
  }
  return 'not refused'
}

const ofRecipe = (changes: object) =>
  refusal(() => parseInput(Recipe, { ...exampleRecipe, ...changes }, 'recipe'))
const ofInput = (input: unknown) => refusal(() => parseInput(ReproduceInput, input, 'input'))

describe('a recipe is refused by one line that names the field and what is wanted of it', () => {
  const { teacher, mixture, sources } = exampleRecipe
  test.each<[string, object, string]>([
    [
      'an unknown field',
      { mixtur: {} },
      'recipe: unknown field mixtur; remove it or correct its name',
    ],
    [
      'unknown fields of a section',
      { teacher: { ...teacher, topK: 1, topP: 1 } },
      'recipe: unknown field teacher.topK, teacher.topP; remove it or correct its name',
    ],
    [
      'an unknown field of a source',
      { sources: [{ ...sources[0], trian: 3 }] },
      'recipe: unknown field sources.0.trian; remove it or correct its name',
    ],
    [
      'a wrong type',
      { seed: '1' },
      'recipe: field seed: Invalid input: expected number, received string',
    ],
    [
      'a missing field',
      { mixture: mixture.map((quota) => ({ ...quota, rows: undefined })) },
      'recipe: field mixture.0.rows: Invalid input: expected number, received undefined',
    ],
    [
      'a number out of range',
      { teacher: { ...teacher, temperature: 3 } },
      'recipe: field teacher.temperature: Too big: expected number to be <=2',
    ],
    [
      'a fraction of a row',
      { mixture: mixture.map((quota) => ({ ...quota, rows: 1.5 })) },
      'recipe: field mixture.0.rows: Invalid input: expected int, received number',
    ],
    [
      'two quotas of one name',
      { mixture: [...mixture, ...mixture] },
      'recipe: field mixture: two quotas have one name; give each its own',
    ],
    [
      'a word that is none of the words',
      { grading: { ...exampleRecipe.grading, profile: 'lenient' } },
      'recipe: field grading.profile: Invalid option: expected one of "strict"|"math-verify"',
    ],
    [
      'an endpoint that could be no variable',
      { teacher: { ...teacher, endpoint: 'My Server' } },
      'recipe: field teacher.endpoint: lower-case letters, digits, dots and hyphens',
    ],
    [
      'no source at all',
      { sources: [] },
      'recipe: field sources: Too small: expected array to have >=1 items',
    ],
  ])('%s', (_, changes, expected) => {
    expect(ofRecipe(changes)).toBe(expected)
  })

  test('a kind of source that there is not', () => {
    expect(ofRecipe({ sources: [{ ...sources[0], kind: 'web' }] })).toMatch(
      /^recipe: field sources\.0\.kind: .*'generated' \| 'recorded'/,
    )
  })

  test('a name that is no line of its own', () => {
    const message = ofRecipe({ 'a\nb\u001B[31m': 1 })
    expect(message).not.toMatch(/[\p{Cc}]/u)
    expect(message).toContain('unknown field')
  })
})

const nameOne =
  'input: field recipe: name a recipe as a string, or give a whole recipe as an object'

describe('what a user types is refused by one line', () => {
  test.each([
    [
      'nothing',
      undefined,
      'input: field (the whole): Invalid input: expected object, received undefined',
    ],
    [
      'a bare name',
      'miniature',
      'input: field (the whole): Invalid input: expected object, received string',
    ],
    ['no recipe', {}, nameOne],
    ['a number for a recipe', { recipe: 5 }, nameOne],
    [
      'an empty name',
      { recipe: '' },
      'input: field recipe: Too small: expected string to have >=1 characters',
    ],
    [
      'an unknown field',
      { recipe: 'miniature', seed: 2 },
      'input: unknown field seed; remove it or correct its name',
    ],
    [
      'overrides that are no object',
      { recipe: 'miniature', overrides: [1] },
      'input: field overrides: Invalid input: expected record, received array',
    ],
  ])('%s', (_, input, expected) => {
    expect(ofInput(input)).toBe(expected)
  })
})

test('what can be used is given back as it is', () => {
  expect(parseInput(Recipe, exampleRecipe, 'recipe')).toEqual(exampleRecipe)
  const night = { run: 'first', benchmarks: ['math500:4'], level: 0.05, window: 3 }
  expect(parseInput(NightlyInput, night, 'input')).toEqual(night)
})
