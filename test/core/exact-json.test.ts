import { expect, test } from 'vitest'
import { ExactJson, parseExactJson, readExactJson } from '../../core/exact-json.ts'

test.each([
  '12345678901234567890',
  '[2.0,-0.0,1e5,1E-7,0.1,-3]',
  '{"a":[9007199254740993,{"b":1e400}]}',
  `[${'9'.repeat(5000)}]`,
])('%s is written again as it was', (text) => {
  const written = JSON.stringify(parseExactJson(text))
  expect(written.toLowerCase()).toBe(text.toLowerCase())
})

test('numbers that JavaScript holds exactly are numbers', () => {
  expect(parseExactJson('[1, 0.5, 9007199254740991, "12345678901234567890"]')).toEqual([
    1,
    0.5,
    9007199254740991,
    '12345678901234567890',
  ])
})

test('a schema takes raw numbers as they are, and nothing that JSON cannot hold', () => {
  const value = parseExactJson('{"a": [12345678901234567890, null]}')
  expect(JSON.stringify(ExactJson.parse(value))).toBe('{"a":[12345678901234567890,null]}')
  for (const wrong of [undefined, Number.NaN, 1n, () => 1, [undefined]]) {
    expect(ExactJson.safeParse(wrong).success).toBe(false)
  }
})

test('what is no JSON, or nested deeper than any test, is no value', () => {
  expect(readExactJson('[1, [2]]')).toEqual([1, [2]])
  expect(readExactJson('[1,')).toBeUndefined()
  expect(readExactJson(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)).toBeUndefined()
})
