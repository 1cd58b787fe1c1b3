import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { grade, startGrade, verdictsIn } from './grade-command.ts'

const python = process.env['SKY_T1_SANDBOX_PYTHON']
const sums = {
  kind: 'stdin',
  cases: [
    { input: '2 3\n', output: '5\n' },
    { input: '10 20', output: '30' },
  ],
}
const square = { kind: 'call', function: 'f', cases: [{ arguments: [3], expected: 9 }] }
const sum = 'a, b = map(int, input().split())\nprint(a + b)\n'
const limits = { cpuSeconds: 1, memoryMiB: 96 }

describe.skipIf(python === undefined)(
  'sky-t1 grade code (needs SKY_T1_SANDBOX_PYTHON)',
  {
    timeout: 240_000, // the first proof of a host's sandbox takes its time
  },
  () => {
    it('runs programs on their tests, and names what became of each case', async () => {
      const given = [
        { id: 'right', language: 'python', code: sum, tests: sums, limits },
        { id: 'fenced', response: `So:\n\`\`\`python\n${sum}\`\`\`\n`, tests: sums, limits },
        { id: 'called', code: 'def f(x):\n    return x * x\n', tests: square, limits },
        { id: 'wrong', code: 'print(5)', tests: sums, limits },
        { id: 'forever', code: 'while True: pass', tests: sums, limits },
        { id: 'huge', code: 'print(len([0] * 10**9))', tests: sums, limits },
        { id: 'unfinished', code: 'def f(x:', tests: square, limits },
        { id: 'absent', code: 'def g(x): return 9', tests: square, limits },
        { id: 'prose', response: 'I would add them.', tests: sums, limits },
      ]
      const { code, out } = await grade(['code', '--quiet'], given)
      expect(code).toBe(0)
      const verdicts = verdictsIn(out)
      expect(verdicts.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
        ['right', 'accepted', 'all-tests-passed'],
        ['fenced', 'accepted', 'all-tests-passed'],
        ['called', 'accepted', 'all-tests-passed'],
        ['wrong', 'wrong', 'wrong-output'],
        ['forever', 'wrong', 'time-limit'],
        ['huge', 'wrong', 'memory-limit'],
        ['unfinished', 'wrong', 'compile-error'],
        ['absent', 'wrong', 'missing-function'],
        ['prose', 'wrong', 'no-code'],
      ])
      const measured = {
        outcome: 'accepted',
        cpuMs: expect.any(Number),
        memoryMiB: expect.any(Number),
      }
      expect(verdicts[0]).toEqual({
        id: 'right',
        outcome: 'accepted',
        reason: 'all-tests-passed',
        legacyOutcome: 'accepted',
        cases: [measured, measured],
        profile: 'strict',
        ms: expect.any(Number),
      })
      expect(verdicts[3]?.['cases']).toMatchObject([
        { outcome: 'accepted' },
        { outcome: 'wrong-output' },
      ])
    })

    it('hands numbers over and compares them as they are written', async () => {
      const program = 'def f(x, y):\\n    return [x + 1, type(y).__name__]'
      const line = (id: string, expected: string) =>
        `{"id":"${id}","code":"${program}","tests":{"kind":"call","function":"f","cases":[` +
        `{"arguments":[123456789012345678901234567890,2.0],"expected":[${expected},"float"]}]}}\n`
      const input =
        line('right', '123456789012345678901234567891') +
        line('wrong', '123456789012345678901234567890')
      const { out } = await grade(['code', '--quiet'], input)
      expect(verdictsIn(out).map(({ id, outcome }) => [id, outcome])).toEqual([
        ['right', 'accepted'],
        ['wrong', 'wrong'],
      ])
    })

    it('judges as the published scorer did where that is asked for', async () => {
      const given = [{ id: 1, code: 'def f(x:', tests: square, limits }]
      const { out } = await grade(['code', '--quiet', '--profile', 'legacy'], given)
      expect(verdictsIn(out)).toMatchObject([
        { outcome: 'accepted', reason: 'published-scorer', legacyOutcome: 'accepted' },
      ])
    })

    it('calls a line undecided whose tests or limits contradict their schema, naming the field', async () => {
      const code = 'print(1)'
      const stdin = { input: '1', output: '1' }
      const tests = { kind: 'stdin', cases: [stdin] }
      const given: ReadonlyArray<readonly [object, string, string]> = [
        [{ code, tests, language: 'cobol' }, 'unknown-language', 'language'],
        [{ code, response: code, tests }, 'invalid-field', 'code'],
        [{ tests }, 'missing-field', 'response'],
        [{ code }, 'missing-field', 'tests'],
        [{ code, tests: '[]' }, 'invalid-field', 'tests'],
        [{ code, tests: { cases: [stdin] } }, 'missing-field', 'tests.kind'],
        [{ code, tests: { kind: 'repl', cases: [stdin] } }, 'invalid-field', 'tests.kind'],
        [{ code, tests: { kind: 'stdin', cases: [] } }, 'invalid-field', 'tests.cases'],
        [
          { code, tests: { kind: 'stdin', cases: [stdin, { input: '1' }] } },
          'missing-field',
          'tests.cases.1.output',
        ],
        [
          { code, tests: { kind: 'stdin', cases: [{ ...stdin, output: 1 }] } },
          'invalid-field',
          'tests.cases.0.output',
        ],
        [{ code, tests: { ...tests, function: 'f' } }, 'invalid-field', 'tests.function'],
        [{ code, tests: { kind: 'call', cases: square.cases } }, 'missing-field', 'tests.function'],
        [
          { code, tests: { ...square, cases: [{ arguments: 3, expected: 9 }] } },
          'invalid-field',
          'tests.cases.0.arguments',
        ],
        [
          { code, tests: { ...square, cases: [{ arguments: [3] }] } },
          'missing-field',
          'tests.cases.0.expected',
        ],
        [{ code, tests: square, language: 'cpp' }, 'invalid-field', 'tests.kind'],
        [{ code, tests, limits: { cpuSeconds: -1 } }, 'invalid-field', 'limits.cpuSeconds'],
        [{ code, tests, limits: { wallSeconds: 1 } }, 'invalid-field', 'limits.wallSeconds'],
      ]
      const lines = [...given.map(([line], id) => ({ id, ...line })), { id: 'next', code, tests }]
      const { code: exit, out } = await grade(['code', '--quiet'], lines)
      expect(exit).toBe(0)
      const verdicts = verdictsIn(out)
      expect(
        verdicts.slice(0, -1).map(({ id, outcome, reason, field }) => [id, outcome, reason, field]),
      ).toEqual(given.map(([, reason, field], id) => [id, 'undecided', reason, field]))
      expect(verdicts.at(-1)).toMatchObject({ id: 'next', outcome: 'accepted' })
      expect(verdicts[0]).toMatchObject({ legacyOutcome: null, cases: [], line: 1 })
    })

    it('says that it proves the sandbox first, and can be interrupted in it', async () => {
      const cache = await mkdtemp(join(tmpdir(), 'sky-t1-cache-'))
      try {
        const child = startGrade(['code'], { env: { XDG_CACHE_HOME: cache } })
        const ended = once(child, 'close')
        let error = ''
        child.stderr.on('data', (said: Buffer) => {
          error += String(said)
          if (error.includes('proving')) child.kill('SIGINT')
        })
        const [code] = await ended
        expect(code).toBe(130)
        expect(error).toMatch(
          /^proving that the sandbox holds \d+ hostile programs.*\n.*interrupted\n$/,
        )
      } finally {
        await rm(cache, { recursive: true })
      }
    })

    it('says what is missing where there is no Python, before it judges anything', async () => {
      const env = { SKY_T1_SANDBOX_PYTHON: '/nowhere/python' }
      const { code, out, error } = await grade(['code'], [{ id: 1, code: sum, tests: sums }], {
        env,
      })
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(error).toContain('/nowhere/python')
    })
  },
)
