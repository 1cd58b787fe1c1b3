import { readExactJson } from '../exact-json.ts'
import type { CodeSandbox, SandboxJob, SandboxReport } from '../ports/code-sandbox.ts'
import type { CodeTests } from '../problem.ts'
import type { CheckedCases, Finding } from './code-judgement.ts'

/**
 * Asks the checker of the tests, where that is a program, about each case that finished: in entries
 * of its own into the sandbox, so that the program under test never meets it nor what it knows.
 */
export async function checkCases(
  report: SandboxReport,
  { tests, limits }: SandboxJob,
  sandbox: CodeSandbox,
): Promise<CheckedCases> {
  const { checker } = tests
  if (checker?.kind !== 'program' || report.kind !== 'ran') return []
  const questions = report.cases.flatMap(({ end, output }, index) => {
    const question = end === 'finished' ? questionOf(tests, index, output) : undefined
    return question === undefined ? [] : [{ index, input: JSON.stringify(question) }]
  })
  const cases = questions.map(({ input }) => ({ input, output: '' }))
  const answers: SandboxReport =
    cases.length === 0
      ? { kind: 'ran', cases: [] }
      : await sandbox.run({
          language: 'python',
          code: checker.code,
          tests: { kind: 'stdin', cases },
          limits,
        })
  const findings = new Map(questions.map(({ index }, at) => [index, findingIn(answers, at)]))
  // Of a value that is no JSON there is nothing to ask: it is none of the right ones.
  return report.cases.map((_, index) => findings.get(index) ?? 'wrong-output')
}

/** What the checker is told of a case; undefined where nothing was returned that JSON can hold. */
function questionOf(tests: CodeTests, index: number, output: string): object | undefined {
  if (tests.kind === 'stdin') {
    const test = tests.cases[index]
    return { input: test?.input, expected: test?.output, output }
  }
  const test = tests.cases[index]
  const returned = readExactJson(output)
  return returned === undefined
    ? undefined
    : { arguments: test?.arguments, expected: test?.expected, returned }
}

function findingIn(answers: SandboxReport, at: number): Finding {
  const answer = answers.kind === 'ran' ? answers.cases[at] : undefined
  if (answer?.end !== 'finished') return 'checker-failure'
  switch (answer.output.trim()) {
    case 'accepted':
      return 'accepted'
    case 'wrong':
      return 'wrong-output'
    default:
      return 'checker-failure'
  }
}
