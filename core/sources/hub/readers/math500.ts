import { z } from 'zod'
import { rowReader } from '../row-reader.ts'

const Row = z.object({
  problem: z.string().trim().min(1),
  answer: z.string().trim().min(1),
  /** One of the seven subjects of MATH. */
  subject: z.string().trim().min(1),
  level: z.int().min(1).max(5),
})

/**
 * `HuggingFaceH4/MATH-500`. Its level stands for the difficulty as it is, as it did in the published
 * pipeline (NovaSky-AI/SkyThought at 9cde199, skythought/tools/util/task_handlers.py, get_difficulty_dict):
 * no table between the two scales is on record.
 */
export const math500 = rowReader({
  row: Row,
  content: ({ problem, answer, subject, level }) => ({
    prompt: problem,
    reference: { kind: 'answer', answer },
    category: subject.toLowerCase().replaceAll(/\W+/g, '_'),
    difficulty: level,
  }),
})
