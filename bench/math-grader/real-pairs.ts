import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { boxedAnswer, solutionSection } from '../../core/grading/answer-extraction.ts'

/** Two answers, as they stand in real data. */
export type RealPair = { readonly reference: string; readonly answer: string }

type Answered = RealPair & { readonly problem: string }

const Recorded = z.object({
  problem: z.string(),
  /** The reference, by whichever name the file has for it. */
  answer: z.string().nullish(),
  gold: z.string().nullish(),
  /** Some problems have several answers; one text states them all. */
  gold_raw: z.union([z.string(), z.array(z.string()).transform((all) => all.join(', '))]).nullish(),
  response: z.string().nullish(),
  solution: z.string().nullish(),
})
const Triple = z.object({ gold: z.string(), pred: z.string() })

const recordedFiles = [
  'skythought_qwen32b_results',
  'skyt1_outputs',
  'mip_reasoning_outputs',
  'math500',
]

/**
 * References with the answers that models, or the books' solutions, boxed; labelled pairs of real
 * answers; and, up to `count`, the answers of two responses to one problem. Throws where the data is
 * absent or has fewer.
 */
export function readRealPairs(data: string, count: number): RealPair[] {
  if (!existsSync(join(data, 'math500.jsonl.gz'))) {
    throw new Error(`no data in ${data}: name its folder in SKY_T1_DATA`)
  }
  const answered = recordedFiles.flatMap((name) => readAnswered(data, name))
  const labelled = readRows(data, 'grader_triples_real', Triple)
  const pairs = [
    ...answered.map(({ reference, answer }) => ({ reference, answer })),
    ...labelled.map(({ gold, pred }) => ({ reference: gold, answer: pred })),
    ...siblings(answered),
  ].slice(0, count)
  if (pairs.length < count) throw new Error(`${data} has ${pairs.length} pairs, not ${count}`)
  return pairs
}

function readAnswered(data: string, name: string): Answered[] {
  return readRows(data, name, Recorded).flatMap((row) => {
    const reference = row.gold_raw ?? row.gold ?? row.answer
    const answer = boxedAnswer(solutionSection(row.response ?? row.solution ?? ''))
    if (typeof reference !== 'string' || answer === undefined) return []
    return [{ problem: row.problem, reference, answer }]
  })
}

/** What two responses in a row answered to the same problem, as a vote among samples compares them. */
function siblings(answered: readonly Answered[]): RealPair[] {
  const byProblem = Object.values(Object.groupBy(answered, ({ problem }) => problem))
  return byProblem.flatMap((group = []) =>
    group.slice(1).flatMap(({ answer }, at) => {
      const reference = group[at]?.answer
      return reference === undefined ? [] : [{ reference, answer }]
    }),
  )
}

function readRows<Row>(data: string, name: string, schema: z.ZodType<Row>): Row[] {
  const text = gunzipSync(readFileSync(join(data, `${name}.jsonl.gz`))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)))
}
