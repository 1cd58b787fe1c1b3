import { z } from 'zod'
import type { ExactJson } from '../../../exact-json.ts'
import type { CodeTests } from '../../../problem.ts'
import { codePrompt } from '../../../prompts/code-problem.ts'
import { withChecker } from '../declared-checker.ts'
import { exactJson } from '../exact-json.ts'
import { packedText } from '../packed-text.ts'
import { type RowFault, rowReader } from '../row-reader.ts'

const Row = z.object({
  question_content: z.string().trim().min(1),
  difficulty: z.string().trim().min(1),
  starter_code: z.string(),
  /** JSON text. */
  public_test_cases: z.string(),
  /** JSON text, or the same compressed. */
  private_test_cases: z.string(),
  /** JSON text; holds `func_name` where a function is called. */
  metadata: z.string(),
})

const Cases = z.array(z.object({ input: z.string(), output: z.string() }))
type Cases = z.infer<typeof Cases>
const Metadata = z.object({ func_name: z.string().min(1).nullish() })

/** `livecodebench/code_generation_lite`: public and hidden tests together. */
export const livecodebench = rowReader({
  row: Row,
  async content(row) {
    const shown = read(Cases, row.public_test_cases)
    const hidden = read(Cases, await plainText(row.private_test_cases))
    const metadata = read(Metadata, row.metadata)
    if (shown === undefined || hidden === undefined) return { fault: 'tests are not readable' }
    if (metadata === undefined) return { fault: 'metadata is not JSON' }
    const cases = [...shown, ...hidden]
    if (cases.length === 0) return { fault: 'no tests' }
    const name = metadata.func_name ?? undefined
    const tests: CodeTests | RowFault =
      name === undefined ? { kind: 'stdin', cases } : callTests(cases, name)
    if ('fault' in tests) return tests
    const { question_content: statement, starter_code: starterCode } = row
    return {
      prompt: codePrompt({ statement, tests, starterCode }),
      reference: { kind: 'tests', tests: withSource(withChecker(tests, statement), starterCode) },
      category: `livecodebench-${row.difficulty.toLowerCase()}`,
    }
  },
})

/** Hidden tests are JSON in the older rows, and compressed in the others. */
async function plainText(text: string): Promise<string | undefined> {
  return text.trimStart().startsWith('[') ? text : packedText(text)
}

function read<Value>(schema: z.ZodType<Value>, text: string | undefined): Value | undefined {
  const json = exactJson(text ?? '')
  return 'fault' in json ? undefined : schema.safeParse(json.value).data
}

/** Which scorer the published pipeline has for it, and the types that LeetCode provides. */
function withSource(tests: CodeTests, starterCode: string): CodeTests {
  const scorer = 'livecodebench'
  const namesNodes = tests.kind === 'call' && /\b(?:ListNode|TreeNode)\b/.test(starterCode)
  return namesNodes ? { ...tests, scorer, starterCode } : { ...tests, scorer }
}

/** A call's input has one argument in each line, as JSON. */
function callTests(cases: Cases, name: string): CodeTests | RowFault {
  const parsed = cases.map(({ input, output }) => ({
    arguments: input
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(exactJson),
    expected: exactJson(output),
  }))
  const fault = parsed
    .flatMap(({ arguments: given, expected }) => [...given, expected])
    .find((each) => 'fault' in each)
  if (fault !== undefined) return { fault: `tests: ${fault.fault}` }
  return {
    kind: 'call',
    function: name,
    cases: parsed.map((each) => ({
      arguments: each.arguments.map(valueOf),
      expected: valueOf(each.expected),
    })),
  }
}

function valueOf(json: { readonly value: ExactJson } | RowFault): ExactJson {
  return 'value' in json ? json.value : null
}
