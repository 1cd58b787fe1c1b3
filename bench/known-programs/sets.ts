import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { ExactJson, parseExactJson } from '../../core/exact-json.ts'
import { extractCode } from '../../core/grading/code-extraction.ts'
import { CodeTests } from '../../core/problem.ts'
import { readCodeTests } from '../../core/sources/hub/code-tests.ts'
import { withChecker } from '../../core/sources/hub/declared-checker.ts'

/** A real program with what is known of it. */
export type KnownProgram = {
  readonly set: string
  readonly id: string
  readonly code: string
  readonly tests: CodeTests
  readonly isRight: boolean
}

/** A data set of programs in the folder of shared data. */
export type KnownSet = {
  readonly name: string
  readonly read: (folder: string) => readonly KnownProgram[]
}

type Assertions = { readonly source: string; readonly parameters: readonly string[] }
type Tested = Omit<KnownProgram, 'set' | 'tests'> & { readonly asserts: Assertions }

/** The sets whose programs are known to be right or wrong, by their labels. */
export const knownSets: readonly KnownSet[] = [
  { name: 'apps_train5', read: readApps },
  { name: 'skythought_code_samples', read: readSamples },
  { name: 'lcb_code_outputs', read: readLiveCodeBench },
  { name: 'leetcode_2024h2', read: readLeetCode },
  { name: 'humaneval', read: readHumanEval },
  { name: 'mbpp', read: readMbpp },
  { name: 'func_solutions_labelled', read: readFunctions },
]

const InputOutput = z.record(z.string(), z.json())

function readApps(folder: string): KnownProgram[] {
  const Row = z.object({
    id: z.string(),
    input_output: InputOutput,
    starter_code: z.string(),
    solutions: z.array(z.string()),
    solutions_verified: z.array(z.string()),
    gen_solutions: z.array(z.object({ code: z.string(), verified: z.string() })),
  })
  return rows(folder, 'apps_train5', Row).flatMap((row) => {
    const tests = contestTests(row.input_output, row.starter_code)
    const human = row.solutions.map((code, at) => ({
      id: `${row.id}/solution-${at}`,
      code,
      isRight: row.solutions_verified[at] === 'AC',
    }))
    const generated = row.gen_solutions.map(({ code, verified }, at) => ({
      id: `${row.id}/generated-${at}`,
      code,
      isRight: verified === 'AC',
    }))
    return [...human, ...generated].map((each) => ({ set: 'apps_train5', ...each, tests }))
  })
}

function readSamples(folder: string): KnownProgram[] {
  const Row = z.object({
    id: z.string(),
    input_output: InputOutput,
    responses: z.array(z.object({ text: z.string(), verified: z.array(z.json()) })),
  })
  return rows(folder, 'skythought_code_samples', Row).flatMap((row) =>
    row.responses.map(({ text, verified }, at) => ({
      set: 'skythought_code_samples',
      id: `${row.id}/${at}`,
      code: extractCode(text, 'python') ?? '',
      tests: contestTests(row.input_output, ''),
      isRight: verified[0] === 'AC',
    })),
  )
}

function contestTests(inputOutput: z.infer<typeof InputOutput>, starterCode: string): CodeTests {
  const tests = readCodeTests({ text: JSON.stringify(inputOutput), starterCode })
  if ('fault' in tests) throw new Error(`tests of a contest problem: ${tests.fault}`)
  return tests
}

function readLiveCodeBench(folder: string): KnownProgram[] {
  const Row = z.object({
    id: z.string(),
    question_content: z.string(),
    fn_name: z.string().nullable(),
    tests: z.array(z.object({ input: z.string(), output: z.string() })),
    solutions: z.array(
      z.object({ model: z.string(), code: z.string(), verdict_on_included_tests: z.string() }),
    ),
  })
  return rows(folder, 'lcb_code_outputs', Row).flatMap((row) =>
    row.solutions
      .filter(({ verdict_on_included_tests: verdict }) => verdict !== 'EMPTY')
      .map(({ model, code, verdict_on_included_tests: verdict }) => ({
        set: 'lcb_code_outputs',
        id: `${row.id}/${model}`,
        code,
        tests: withChecker(liveCodeBenchTests(row.fn_name, row.tests), row.question_content),
        isRight: verdict === 'AC',
      })),
  )
}

function liveCodeBenchTests(
  name: string | null,
  tests: ReadonlyArray<{ readonly input: string; readonly output: string }>,
): CodeTests {
  if (name === null) return CodeTests.parse({ kind: 'stdin', cases: plainCases(tests) })
  const cases = tests.map(({ input, output }) => ({
    arguments: parseExactJson(input),
    expected: parseExactJson(output),
  }))
  return CodeTests.parse({ kind: 'call', function: name, cases })
}

function plainCases(tests: ReadonlyArray<{ readonly input: string; readonly output: string }>) {
  return tests.map(({ input, output }) => ({ input, output }))
}

function readLeetCode(folder: string): KnownProgram[] {
  const Row = z.object({
    task_id: z.string(),
    starter_code: z.string(),
    entry_point: z.string(),
    prelude: z.string(),
    solution: z.string(),
    test: z.string(),
  })
  const tested = rows(folder, 'leetcode_2024h2', Row).map((row) => ({
    id: row.task_id,
    code: `${row.prelude}\n${row.solution}`,
    isRight: true,
    asserts: { source: row.test, parameters: parametersIn(row.starter_code) },
    name: row.entry_point.split('.').at(-1) ?? '',
    call: `check(${row.entry_point})`,
  }))
  return withTests('leetcode_2024h2', tested)
}

/** The names between the parentheses of the first definition, without types and `self`. */
function parametersIn(code: string): string[] {
  const list = /def\s+\w+\(([\s\S]*?)\)\s*(?:->|:)/.exec(code)?.[1] ?? ''
  const names = list.replaceAll(/\[[^()]*?\](?=\s*[,)=]|$)/g, '').split(',')
  return names.map((each) => each.split(/[:=]/)[0]?.trim() ?? '').filter((name) => name !== 'self')
}

function readHumanEval(folder: string): KnownProgram[] {
  const Row = z.object({
    task_id: z.string(),
    prompt: z.string(),
    entry_point: z.string(),
    canonical_solution: z.string(),
    test: z.string(),
  })
  const tested = rows(folder, 'humaneval', Row).map((row) => ({
    id: row.task_id,
    code: row.prompt + row.canonical_solution,
    isRight: true,
    asserts: { source: row.test, parameters: [] },
    name: row.entry_point,
    call: `check(${row.entry_point})`,
  }))
  return withTests('humaneval', tested)
}

function readMbpp(folder: string): KnownProgram[] {
  const Row = z.object({
    task_id: z.int(),
    code: z.string(),
    test_setup_code: z.string(),
    test_list: z.array(z.string()),
  })
  const tested = rows(folder, 'mbpp', Row).map((row) => ({
    id: String(row.task_id),
    code: `${row.code}\n${row.test_setup_code}`,
    isRight: true,
    asserts: { source: row.test_list.join('\n'), parameters: [] },
    name: null,
    call: '',
  }))
  return withTests('mbpp', tested)
}

function readFunctions(folder: string): KnownProgram[] {
  const Row = z.object({
    task_id: z.string(),
    model: z.string(),
    entry_point: z.string(),
    test: z.string(),
    solution: z.string(),
    verified: z.string(),
  })
  const tested = rows(folder, 'func_solutions_labelled', Row).map((row) => ({
    id: `${row.task_id}/${row.model}`,
    code: row.solution,
    isRight: row.verified === 'PASS',
    asserts: { source: row.test, parameters: [] },
    name: row.entry_point,
    call: '',
  }))
  return withTests('func_solutions_labelled', tested)
}

const Calls = z
  .object({
    function: z.string(),
    cases: z.array(z.object({ arguments: z.array(ExactJson), expected: ExactJson })).min(1),
    /** How far a number may be from the expected one; 0: not at all. */
    tolerance: z.number(),
  })
  .nullable()

/** What the last line of a program says whose own asserts have all held. */
const allHeld = 'every assertion held'

/**
 * Tests that are asserts become calls where they can; else they stay a part of the program, which
 * these programs, being known, may be trusted with.
 */
function withTests(
  set: string,
  tested: ReadonlyArray<Tested & { readonly name: string | null; readonly call: string }>,
): KnownProgram[] {
  const lines = tested.map(({ asserts }) =>
    JSON.stringify({ test: asserts.source, parameters: asserts.parameters }),
  )
  const script = join(import.meta.dirname, 'asserts.py')
  const output = execFileSync('python3', [script], {
    input: `${lines.join('\n')}\n`,
    maxBuffer: 2 ** 28,
  })
  const read = output.toString().trim().split('\n')
  return tested.map(({ id, code, isRight, asserts, name, call }, at) => {
    const calls = Calls.parse(parseExactJson(read[at] ?? 'null'))
    if (calls === null) {
      const whole = [code, asserts.source, call, `print(${JSON.stringify(allHeld)})`].join('\n')
      const tests: CodeTests = { kind: 'stdin', cases: [{ input: '', output: allHeld }] }
      return { set, id, code: whole, isRight, tests }
    }
    const { tolerance, cases } = calls
    const tests: CodeTests = {
      kind: 'call',
      function: calls.function === 'candidate' && name !== null ? name : calls.function,
      cases,
      ...(tolerance > 0
        ? { checker: { kind: 'tolerance', absolute: tolerance, relative: 0 } as const }
        : {}),
    }
    return { set, id, code, isRight, tests }
  })
}

function rows<Row extends z.ZodType>(folder: string, name: string, row: Row): z.infer<Row>[] {
  const text = gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => row.parse(JSON.parse(line)))
}
