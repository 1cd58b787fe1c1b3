import { describe, expect, test } from 'vitest'
import { InvalidInputError, parseInput } from '../../core/invalid-input.ts'
import { overlay } from '../../core/recipe-overrides.ts'
import { Recipe } from '../../core/recipe.ts'
import { exampleRecipe } from './example-recipe.ts'

describe('overrides', () => {
  test('change the fields they name and leave the rest, however deep', () => {
    expect(overlay({ a: { b: { c: 1, d: 2 }, e: 3 }, f: 4 }, { a: { b: { c: 9 } } })).toEqual({
      a: { b: { c: 9, d: 2 }, e: 3 },
      f: 4,
    })
  })

  test('replace lists whole: a source is not merged with the one that stood in its place', () => {
    expect(overlay({ list: [{ a: 1 }, { b: 2 }] }, { list: [{ c: 3 }] })).toEqual({
      list: [{ c: 3 }],
    })
  })

  test('change the members of a list by their names, and leave the others', () => {
    const base = {
      sources: [
        { id: 'a', rows: 1 },
        { id: 'b', rows: 2 },
      ],
      mixture: [{ name: 'c' }],
    }
    expect(overlay(base, { sources: { b: { rows: 3 } } })).toEqual({
      ...base,
      sources: [
        { id: 'a', rows: 1 },
        { id: 'b', rows: 3 },
      ],
    })
  })

  test('are refused where a list has no member of a name', () => {
    const change = { mixture: { mth: { rows: 3 } } }
    expect(() => overlay({ mixture: [{ name: 'math' }] }, change)).toThrow(
      'field overrides.mixture.mth: the recipe has none of that name; there are math',
    )
  })

  test.each([
    ['null', null],
    ['false', false],
    ['an empty list', []],
  ])('can set a field to %s', (_, value) => {
    expect(overlay({ a: 1 }, { a: value })).toEqual({ a: value })
  })

  test('leave the recipe itself as it was', () => {
    const base = { a: { b: 1 } }
    overlay(base, { a: { b: 2 } })
    expect(base).toEqual({ a: { b: 1 } })
  })

  test('may add what a section has room for: the price of another model', () => {
    const changed = overlay(exampleRecipe, {
      prices: { 'gpt-4o-mini': { promptPerMillion: 0.15, completionPerMillion: 0.6 } },
    })
    expect(Object.keys(Recipe.parse(changed).prices)).toEqual([
      'scripted-teacher',
      'scripted-reformatter',
      'gpt-4o-mini',
    ])
  })

  test('may fill in a section that the recipe leaves out', () => {
    const judge = { endpoint: 'scripted', model: 'scripted-judge', temperature: 0, maxTokens: 64 }
    const changed = Recipe.parse(overlay(exampleRecipe, { grading: { judge } }))
    expect(changed.grading).toEqual({ ...exampleRecipe.grading, judge })
  })

  test('inside a field that is no section are refused by its path', () => {
    const changes = { teacher: { model: { name: 'x' } } }
    const work = () => overlay(exampleRecipe, changes)
    expect(work).toThrow(InvalidInputError)
    expect(work).toThrow(
      'field overrides.teacher.model: the recipe has no such section; correct its name',
    )
  })

  test('of a section that there is not are left to the schema, which names it', () => {
    const changed = overlay(exampleRecipe, { mixtur: { math: 1 } })
    expect(() => parseInput(Recipe, changed, 'recipe')).toThrow('unknown field mixtur')
  })

  test('cannot reach the prototype of the recipe', () => {
    const changed = overlay({ a: 1 }, JSON.parse('{"__proto__":{"b":2}}'))
    expect(changed).not.toHaveProperty('b')
    expect({}).not.toHaveProperty('b')
  })
})
