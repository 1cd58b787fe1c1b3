import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedFilePath, recordedLines } from '../../../../adapters/recorded-files.ts'
import { collect } from '../../../infra/hub/hub-folder.ts'
import { dataFolder } from '../recorded/recorded-data.ts'
import { hubSource, readOne, readRows } from './example-source.ts'

const files = ['apps_train5', 'skythought_code_samples', 'math500', 'aime24', 'lcb_code_outputs']
const present = files.every((file) => existsSync(recordedFilePath(dataFolder, file)))
const state = present ? `in ${dataFolder}` : `(skipped: not in ${dataFolder}; set SKY_T1_DATA)`

async function rowsOf(file: string) {
  const lines = await collect(recordedLines(dataFolder, file))
  return lines.map((line) => JSON.parse(line))
}

describe.skipIf(!present)(`the real rows ${state}`, () => {
  test('of APPS become programs and functions, with every test', async () => {
    const rows = await rowsOf('apps_train5')
    const problems = await Promise.all(
      rows.map((row) =>
        readOne(
          { name: 'apps' },
          {
            question: row.problem,
            input_output: JSON.stringify(row.input_output),
            starter_code: row.starter_code,
            difficulty: row.metadata.difficulty,
          },
        ),
      ),
    )
    expect(problems).toMatchObject([
      { reference: { tests: { kind: 'stdin' } }, category: 'interview' },
      { reference: { tests: { kind: 'stdin' } } },
      { reference: { tests: { kind: 'stdin' } } },
      // LeetCode: the expected value as it is.
      {
        reference: {
          tests: {
            function: 'findKthPositive',
            cases: [{ arguments: [[2, 3, 4, 7, 11], 5], expected: 9 }],
          },
        },
      },
      // Codewars: each expected value in a list of its own.
      { reference: { tests: { function: 'is_prime', cases: { length: 8 } } } },
    ])
  })

  test('of the published code samples carry every test', async () => {
    for (const row of await rowsOf('skythought_code_samples')) {
      const input_output = JSON.stringify(row.input_output)
      const problem = await readOne(
        { name: 'taco' },
        { question: row.user_input, input_output, starter_code: null, difficulty: 'EASY' },
      )
      expect(problem).toMatchObject({
        reference: { tests: { cases: { length: row.input_output.inputs.length } } },
      })
    }
  })

  test('of MATH500 and AIME24 all become problems', async () => {
    const math = await readRows(hubSource({ reader: { name: 'math500' } }), await rowsOf('math500'))
    const aime = await readRows(hubSource({ reader: { name: 'aime24' } }), await rowsOf('aime24'))
    expect([...math, ...aime].every(({ kind }) => kind === 'problem')).toBe(true)
    expect([math.length, aime.length]).toEqual([500, 30])
  })

  test('of MATH500 keep their level and subject', async () => {
    const read = await readRows(hubSource({ reader: { name: 'math500' } }), await rowsOf('math500'))
    const problems = read.flatMap((row) => (row.kind === 'problem' ? [row.problem] : []))
    const byLevel = Map.groupBy(problems, ({ difficulty }) => difficulty)
    const counts = [1, 2, 3, 4, 5].map((level) => byLevel.get(level)?.length)
    expect(counts).toEqual([43, 90, 105, 128, 134])
    expect(new Set(problems.map(({ category }) => category)).size).toBe(7)
  })

  test('of LiveCodeBench become problems of the days that are asked for', async () => {
    const rows = (await rowsOf('lcb_code_outputs')).map(livecodebenchRow)
    const filters = [{ column: 'contest_date', from: '2023-05-01', to: '2024-05-31' }]
    const source = hubSource({ reader: { name: 'livecodebench' }, domain: 'code', filters })
    const read = await readRows(source, rows)
    const problems = read.flatMap((row) => (row.kind === 'problem' ? [row.problem] : []))
    expect(problems).toHaveLength(262)
    expect(read.at(-1)).toMatchObject({ kind: 'left-out', rows: rows.length - 262 })
    expect(new Set(problems.map(({ category }) => category))).toEqual(
      new Set(['livecodebench-easy', 'livecodebench-medium', 'livecodebench-hard']),
    )
  })
})

const Recorded = z.object({
  question_content: z.string(),
  difficulty: z.string(),
  starter_code: z.string(),
  contest_date: z.string(),
  fn_name: z.string().nullable(),
  tests: z.array(z.object({ input: z.string(), output: z.string() })),
})

/** A row as the benchmark's own file has it: arguments of a call in a line each, tests as JSON text. */
function livecodebenchRow(recorded: unknown) {
  const { fn_name: name, tests, ...columns } = Recorded.parse(recorded)
  const cases =
    name === null ? tests : tests.map((each) => ({ ...each, input: inLines(each.input) }))
  return {
    ...columns,
    public_test_cases: JSON.stringify(cases.slice(0, 1)),
    private_test_cases: JSON.stringify(cases.slice(1)),
    metadata: JSON.stringify(name === null ? {} : { func_name: name }),
  }
}

function inLines(input: string): string {
  const given = z.array(z.json()).parse(JSON.parse(input))
  return given.map((argument) => JSON.stringify(argument)).join('\n')
}
