import { z } from 'zod'
import { choiceContent, shuffledUnlessBound } from '../choice-question.ts'
import { rowReader } from '../row-reader.ts'

const Row = z.object({
  question: z.string().trim().min(1),
  /** Up to ten. */
  options: z.array(z.string().trim().min(1)).min(2).max(26),
  /** Letter of the right one. */
  answer: z.string().regex(/^[A-Z]$/),
  /** One of fourteen subjects. */
  category: z.string().trim().min(1),
})

/** `TIGER-Lab/MMLU-Pro`: the options are shuffled, where none speaks of others. */
export const mmluPro = rowReader({
  row: Row,
  content({ question, options, answer, category }, seed) {
    const given = { question, options, right: answer.charCodeAt(0) - 'A'.charCodeAt(0) }
    const content = choiceContent(shuffledUnlessBound(given, seed))
    if ('fault' in content) return content
    return { ...content, category: category.toLowerCase().replaceAll(/\W+/g, '_') }
  },
})
