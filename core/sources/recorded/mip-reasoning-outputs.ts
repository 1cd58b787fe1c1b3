import { z } from 'zod'
import { recordedReader } from './format.ts'

/** The file's benchmark names, and ours. */
const benchmarks = {
  'MATH-500 subset (52)': 'MATH500',
  'GSM8K subset': 'GSM8K',
} as const

/**
 * Recorded on the same MATH-500 problems in `skythought_qwen32b_results`, there in the trace
 * format. A model's name must mean one recording of a problem, so here it has the study's name, too.
 */
const recordedElsewhere = 'Qwen2.5-32B-Instruct'

const Row = z.object({
  model: z.string().min(1),
  benchmark: z.enum(['MATH-500 subset (52)', 'GSM8K subset']),
  problem: z.string().trim().min(1),
  gold: z.string().trim().min(1),
  subject: z.string().min(1).optional(),
  response: z.string().min(1),
  /** The verdict of a GPT-4o judge; null for every GSM8K row and for LIMO-32B. */
  label: z.boolean().nullable(),
  /** The judge's own code: 0 abstained, 1 correct, 2 wrong. */
  eval_result: z.int().nullable(),
})
type Row = z.infer<typeof Row>

/**
 * Outputs of the missing-premise study on its *well-defined* problems: whole questions with their
 * true answers (all 52 MATH problems stand word for word in MATH500; most models reach the GSM8K
 * golds). The questions with a premise taken out are not in the file. Reasoning models' outputs
 * are thinking up to a bare `</think>`, then the answer: no opening tag, no trace format.
 */
export const mipReasoningOutputs = recordedReader<Row>({
  revision: '4090d3b1',
  domain: 'math',
  row: Row,
  question: (row) => ({
    benchmark: benchmarks[row.benchmark],
    category: row.subject?.toLowerCase().replaceAll(/\W+/g, '_') ?? 'gsm8k',
    prompt: row.problem,
    reference: { kind: 'answer', answer: row.gold },
  }),
  recordings: (row) => [
    {
      model: row.model === recordedElsewhere ? `${row.model}/missing-premise` : row.model,
      text: row.response,
      finishReason: 'stop',
      usage: null,
      label: row.label === null ? null : { correct: row.label, reason: judged(row) },
    },
  ],
})

function judged({ label, eval_result: code }: Row): string {
  if (code === 0) return 'the GPT-4o judge took it for an abstention'
  return `the GPT-4o judge said ${label ? 'correct' : 'wrong'}`
}
