import { z } from 'zod'
import { codePrompt } from '../../prompts/code-problem.ts'
import { readCodeTests } from './code-tests.ts'
import { withChecker } from './declared-checker.ts'
import { rowReader } from './row-reader.ts'

const Row = z.object({
  question: z.string().trim().min(1),
  /** JSON text; empty for problems without tests. */
  input_output: z.string(),
  starter_code: z.string().nullable(),
  /** In the data set's own words: a category here. */
  difficulty: z.string().trim().min(1),
})

/** Rows of contest problems with their tests, in the schema that APPS and TACO share. */
export function contestProblems(scorer: 'apps' | 'taco') {
  return rowReader({
    row: Row,
    content(row) {
      const { question, difficulty } = row
      const starterCode = row.starter_code ?? ''
      const tests = readCodeTests({ text: row.input_output, starterCode })
      if ('fault' in tests) return tests
      return {
        prompt: codePrompt({ statement: question, tests, starterCode }),
        reference: { kind: 'tests', tests: { ...withChecker(tests, question), scorer } },
        category: difficulty.toLowerCase(),
      }
    },
  })
}
