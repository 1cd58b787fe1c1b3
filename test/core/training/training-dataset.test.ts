import { expect, test } from 'vitest'
import { parseInput } from '../../../core/invalid-input.ts'
import {
  createDatasetTally,
  releasedDataset,
  TemplateRow,
} from '../../../core/training/training-dataset.ts'

const user = { from: 'user', value: 'How many?' }
const assistant = { from: 'assistant', value: 'Two.' }
const row = { system: 'Think.', conversations: [user, assistant] }

test('a row of the published data set is what the templates read', () => {
  expect(parseInput(TemplateRow, row, 'row')).toEqual(row)
  const longer = { ...row, conversations: [user, assistant, user, assistant], tokens: 12 }
  expect(parseInput(TemplateRow, longer, 'row')).toEqual(longer)
})

test.each<[string, unknown, string]>([
  ['no system prompt', { conversations: [user, assistant] }, 'field system: missing, or no text;'],
  ['no turns', { system: 'Think.' }, 'field conversations: missing, or no list;'],
  ['Alpaca columns', { instruction: 'q', output: 'a' }, 'field system: missing, or no text;'],
  [
    "another tool's roles",
    { ...row, conversations: [{ from: 'human', value: 'q' }, assistant] },
    'field conversations.0.from: not `user` or `assistant`; rename the role',
  ],
  [
    'a turn without text',
    { ...row, conversations: [user, { from: 'assistant' }] },
    'field conversations.1.value: missing, or no text;',
  ],
  ['no answer', { ...row, conversations: [user] }, 'field conversations: turns of user and'],
  [
    'two of one role',
    { ...row, conversations: [user, user] },
    'field conversations: turns of user',
  ],
])('a row with %s is refused by its field', (_, bad, message) => {
  expect(() => parseInput(TemplateRow, bad, 'rows.jsonl line 7')).toThrow(
    `rows.jsonl line 7: ${message}`,
  )
})

function tallied(rows: ReadonlyArray<Record<string, unknown>>, cutoffLength = 100) {
  const tally = createDatasetTally('rows.jsonl', cutoffLength)
  for (const each of rows) tally.add(parseInput(TemplateRow, { ...row, ...each }, 'row'))
  return tally.close()
}

test('lengths that rows state are summed; rows over the cut-off are left out', () => {
  expect(tallied([{ tokens: 40 }, { tokens: 60 }, { tokens: 101 }])).toEqual({
    from: 'rows.jsonl',
    rows: 2,
    tokensPerRow: 50,
    longestRow: 60,
    leftOut: 1,
    lengths: 'stated',
  })
})

test('lengths that rows do not state are estimated, at 3.64 characters a token', () => {
  const system = 's'.repeat(364 - user.value.length - assistant.value.length)
  const { lengths, longestRow } = tallied([{ tokens: 40 }, { system }], 200)
  expect({ lengths, longestRow }).toEqual({ lengths: 'estimated', longestRow: 101 })
})

test('a data set of which nothing can be trained on is refused', () => {
  expect(() => tallied([])).toThrow('rows.jsonl: it has no row; name a data set that has some')
  expect(() => tallied([{ tokens: 101 }])).toThrow(
    'rows.jsonl: none of its 1 rows is within 100 tokens; raise training.cutoffLength',
  )
})

test('a release needs no counting where its longest row is within the cut-off', () => {
  const tokens = { total: 900, longest: 300, cutoffLength: 300, model: 'm' }
  expect(releasedDataset('s3://b/p', { rows: 9, tokens }, 300)).toMatchObject({
    rows: 9,
    tokensPerRow: 100,
    lengths: 'stated',
  })
  expect(releasedDataset('s3://b/p', { rows: 9, tokens }, 299)).toBeUndefined()
})
