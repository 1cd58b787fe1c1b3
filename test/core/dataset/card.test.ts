import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type CardFacts, datasetCard } from '../../../core/dataset/card.ts'
import { sizeCategory } from '../../../core/dataset/card-front-matter.ts'
import { noCost } from '../../../core/tally.ts'
import { exampleRecipe } from '../example-recipe.ts'

const facts: CardFacts = {
  recipe: {
    ...exampleRecipe,
    curation: {
      ...exampleRecipe.curation,
      decontamination: { ngramWords: 13, shortSimilarity: 0.9 },
      deduplication: { similarity: 0.8 },
    },
  },
  release: {
    title: 'Sums: a "small" set',
    licence: 'apache-2.0',
    recipe: { name: 'example', digest: 'd'.repeat(64), seed: 7 },
    rows: 1234,
    rejected: 56,
    overLength: 3,
    tokens: { total: 50_000, longest: 120, cutoffLength: 128, model: 'm'.repeat(64) },
    sources: [
      {
        id: 'sums',
        origin: 'generated, family arithmetic',
        revisions: ['1'],
        licence: 'apache-2.0',
        forbids: null,
        rows: 1234,
        rejected: 56,
      },
    ],
    files: [{ path: 'data/train/00000.parquet', sha256: 'a'.repeat(64), bytes: 9999, rows: 1234 }],
  },
  curation: {
    counts: { problems: 2000 },
    cost: noCost,
    summary: {
      evaluationItems: { math500: 500 },
      commonNgrams: { ofItems: 0, ofProblems: 0 },
      drops: [{ source: 'sums', reason: 'contaminated', against: 'math500', count: 4 }],
      examples: [],
    },
  },
  assembly: {
    'problems/sums': 2000,
    'responses/sums': 2000,
    'traces/sums': 1900,
    'accepted/sums': 1800,
    'legacy-accepted/sums': 1850,
    'rows/sums': 1237,
    'rows-of-quota/math': 1237,
  },
  costs: {
    sample: { dollars: 1.5, promptTokens: 10_000, completionTokens: 20_000, requests: 2000 },
    reformat: { dollars: 0.25, promptTokens: 1000, completionTokens: 2000, requests: 1900 },
    verify: noCost,
  },
}

const FrontMatter = z.object({
  pretty_name: z.string(),
  license: z.string(),
  size_categories: z.array(z.string()),
  configs: z.array(
    z.object({
      config_name: z.string(),
      data_files: z.array(z.object({ split: z.string(), path: z.string() })),
    }),
  ),
})

function frontMatter(card: string) {
  const [, yaml = ''] = card.split('---\n')
  return FrontMatter.parse(parse(yaml))
}

describe('a card', () => {
  test('tells the Hub its name, licence, size, and which files are which rows', () => {
    expect(frontMatter(datasetCard(facts))).toEqual({
      pretty_name: 'Sums: a "small" set',
      license: 'apache-2.0',
      size_categories: ['1K<n<10K'],
      configs: [
        {
          config_name: 'default',
          data_files: [{ split: 'train', path: 'data/train/*.parquet' }],
        },
        {
          config_name: 'rejected',
          data_files: [{ split: 'rejected', path: 'data/rejected/*.parquet' }],
        },
      ],
    })
  })

  test('names no rejected rows where there are none: their files would be missing', () => {
    const card = datasetCard({ ...facts, release: { ...facts.release, rejected: 0 } })
    expect(frontMatter(card).configs.map(({ config_name }) => config_name)).toEqual(['default'])
    expect(card).not.toContain('"rejected", split="rejected"')
  })

  test.each([
    ['the quotas, asked and chosen', '| math | math | all | any | 2 | 1,237 |'],
    ['the yield by source', '| sums | 2,000 | 2,000 | 1,900 | 1,800 | 1,850 | 1,237 |'],
    ['what curation dropped', '| sums | contaminated | math500 | 4 |'],
    ['what problems were compared with', 'Compared with: math500 (500 items)'],
    [
      'where the rows are from',
      '| sums | generated, family arithmetic | `1` | apache-2.0 | 1,234 |',
    ],
    ['what the replies cost', '| all | 3,900 | 11,000 | 22,000 | $1.75 |'],
    [
      'the digests of the files',
      `| data/train/00000.parquet | 1,234 | 9,999 | \`${'a'.repeat(64)}\` |`,
    ],
    ['the rows left out for their length', '3 rows over 128 tokens are in no training file'],
    ['that a script answered', '**The endpoint `scripted` is a program, not a model**'],
    ['the recipe', `digest \`${'d'.repeat(64)}\``],
  ])('says %s', (_, line) => {
    expect(datasetCard(facts)).toContain(line)
  })

  test('counts what labelling the difficulties cost, where there was some', () => {
    const cost = { dollars: 0.5, promptTokens: 100, completionTokens: 10, requests: 7 }
    const card = datasetCard({ ...facts, curation: { ...facts.curation, cost } })
    expect(card).toContain('| labelling difficulties | 7 | 100 | 10 | $0.5 |')
    expect(card).toContain('| all | 3,907 | 11,100 | 22,010 | $2.25 |')
    expect(datasetCard(facts)).not.toContain('labelling difficulties')
  })
})

test.each([
  [0, 'n<1K'],
  [999, 'n<1K'],
  [1000, '1K<n<10K'],
  [16_401, '10K<n<100K'],
  [100_000, '100K<n<1M'],
  [2_000_000_000, 'n>1B'],
])('the size of %i rows is %s', (rows, category) => {
  expect(sizeCategory(rows)).toBe(category)
})
