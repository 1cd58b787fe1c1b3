import { z } from 'zod'
import { recordedReader } from './format.ts'

/**
 * The prompt style that is recorded on both benchmarks: its outputs go by the model's own name. MATH500
 * was recorded in two styles and AIME24 in three; those of the others go by the model's name with the
 * style's (`Qwen2.5-32B-Instruct/sys_one_short`), so that a name means one prompt.
 * (`still2_sys_one_long` has no tags at all; the two `one_short` styles differ in name and text.)
 */
const promptStyle = 'still2_sys_zero'

/** Prompt and output together filled the context of 32,768 tokens (every such row sums to 32,769). */
const contextTokens = 32_768

const Row = z.object({
  model: z.string().min(1),
  prompt_style: z.string().min(1),
  benchmark: z.enum(['MATH500', 'AIME24']),
  problem: z.string().trim().min(1),
  answer: z.string().trim().min(1),
  /** `test/precalculus/807.json` for MATH500, the address of the problem's page for AIME24. */
  unique_id: z.string().min(1),
  response: z.string().min(1),
  correctness: z.boolean(),
  reason: z.string(),
  completion_tokens: z.int().nonnegative(),
  prompt_tokens: z.int().nonnegative(),
})
type Row = z.infer<typeof Row>

/**
 * Qwen2.5-32B-Instruct prompted for the four-tag format, at temperature 0. AIME answers are
 * zero-padded (`025`) and stay so: judging `25` equal is the grader's work, as in the real sets.
 */
export const skythoughtQwen32bResults = recordedReader<Row>({
  revision: '7d3353150f42b70948782c37d8c2dd9e47137227',
  domain: 'math',
  row: Row,
  question: (row) => ({
    benchmark: row.benchmark,
    category: row.benchmark === 'AIME24' ? 'aime' : (row.unique_id.split('/')[1] ?? 'math'),
    prompt: row.problem,
    reference: { kind: 'answer', answer: row.answer },
  }),
  recordings: (row) => [
    {
      model: row.prompt_style === promptStyle ? row.model : `${row.model}/${row.prompt_style}`,
      text: row.response,
      finishReason: cutOff(row) ? 'length' : 'stop',
      usage: { promptTokens: row.prompt_tokens, completionTokens: row.completion_tokens },
      label: { correct: row.correctness, reason: row.reason || 'Solution is correct.' },
    },
  ],
})

function cutOff(row: Row): boolean {
  return row.prompt_tokens + row.completion_tokens >= contextTokens
}
