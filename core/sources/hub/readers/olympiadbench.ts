import { z } from 'zod'
import { rowReader } from '../row-reader.ts'

const Text = z.string().trim()

const Row = z.object({
  question: Text.min(1),
  /** What several questions share; most have none. */
  context: Text.nullish(),
  /** One text that lists all answers, or a text for each. */
  final_answer: z.array(Text.min(1)).min(1),
  is_multiple_answer: z.boolean(),
  /** In which the answer is to be given; most have none. */
  unit: Text.nullish(),
  /** How far from the answer one may be; most have none. */
  error: z.union([Text, z.number()]).nullish(),
  /** Algebra, Combinatorics, Geometry or Number Theory. */
  subfield: Text.min(1),
})

/**
 * `Hothan/OlympiadBench`, its open-ended problems of mathematics. An answer that is right within a
 * tolerance is set aside: the grader compares exactly, and would judge right ones wrong.
 */
export const olympiadbench = rowReader({
  row: Row,
  content({ question, context, final_answer, is_multiple_answer, unit, error, subfield }) {
    if (!isEmpty(error)) return { fault: 'its answer is right within a tolerance' }
    const parts = [
      ...(isEmpty(context) ? [] : [context]),
      question,
      ...(is_multiple_answer ? ['There are several answers: give all of them.'] : []),
      ...(isEmpty(unit) ? [] : [`Give the answer in this unit, without writing it: ${unit}`]),
    ]
    return {
      prompt: parts.join('\n\n'),
      reference: { kind: 'answer', answer: final_answer.join(', ') },
      category: subfield.toLowerCase().replaceAll(/\W+/g, '_'),
    }
  },
})

function isEmpty(value: string | number | null | undefined): boolean {
  return value === null || value === undefined || value === ''
}
