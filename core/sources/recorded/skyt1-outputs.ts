import { z } from 'zod'
import { recordedReader } from './format.ts'

/** The file's benchmark names, and ours. */
const benchmarks = {
  aime24: 'AIME24',
  amc23: 'AMC23',
  math500: 'MATH500',
  olympiadbench: 'OlympiadBench',
} as const

const Answer = z.union([z.string().trim().min(1), z.number()])

const Row = z
  .object({
    model: z.string().min(1),
    benchmark: z.enum(['aime24', 'amc23', 'math500', 'olympiadbench']),
    problem: z.string().trim().min(1),
    /** The benchmark's own answer, for AMC23 as a number; null for OlympiadBench. */
    answer_raw: Answer.nullable(),
    /** The answers of OlympiadBench. */
    gold_raw: z.array(z.string().trim().min(1)).min(1).optional(),
    response: z.string().min(1),
    /** What the label's grader took for the answer; empty where it found none. */
    pred: z.string().nullable(),
    label: z.boolean(),
  })
  .refine((row) => row.answer_raw !== null || row.gold_raw !== undefined, {
    message: 'holds no answer to judge against',
  })
type Row = z.infer<typeof Row>

/**
 * Outputs of the Sky-T1 authors' models, long traces for the most part: many were cut off, or run in a
 * loop. The file does not say which, so each counts as ended by itself; labels are of Qwen2.5-Math's
 * grader.
 */
export const skyt1Outputs = recordedReader<Row>({
  revision: '6b8f472f532610e1acd0e498b4534831e54a7b6a',
  domain: 'math',
  row: Row,
  question: (row) => ({
    benchmark: benchmarks[row.benchmark],
    category: row.benchmark,
    prompt: row.problem,
    reference: { kind: 'answer', answer: answerOf(row) },
  }),
  recordings: (row) => [
    {
      model: row.model,
      text: row.response,
      finishReason: 'stop',
      usage: null,
      label: { correct: row.label, reason: labelled(row) },
    },
  ],
})

function answerOf({ answer_raw: answer, gold_raw: listed }: Row): string {
  return listed?.join(', ') ?? String(answer)
}

function labelled({ label, pred }: Row): string {
  const taken = pred === null || pred === '' ? 'no answer' : pred
  return `Qwen2.5-Math's grader took ${taken}, and said ${label ? 'correct' : 'wrong'}`
}
