import { z } from 'zod'
import { choiceContent, shuffled } from '../choice-question.ts'
import { rowReader } from '../row-reader.ts'

const Text = z.string().trim().min(1)

const Row = z.object({
  Question: Text,
  'Correct Answer': Text,
  'Incorrect Answer 1': Text,
  'Incorrect Answer 2': Text,
  'Incorrect Answer 3': Text,
  /** Physics, Chemistry or Biology. */
  'High-level domain': Text,
})

/**
 * `Idavidrein/gpqa`, configuration `gpqa_diamond`. The set gives the right answer first; here the
 * options are shuffled.
 */
export const gpqaDiamond = rowReader({
  row: Row,
  content(row, seed) {
    const options = [
      row['Correct Answer'],
      row['Incorrect Answer 1'],
      row['Incorrect Answer 2'],
      row['Incorrect Answer 3'],
    ]
    const content = choiceContent(shuffled({ question: row.Question, options, right: 0 }, seed))
    if ('fault' in content) return content
    return { ...content, category: row['High-level domain'].toLowerCase() }
  },
})
