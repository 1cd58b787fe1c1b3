import { describe, expect, test } from 'vitest'
import { judgeCode } from '../../../core/grading/code-judgement.ts'
import { legacyCodeOutcome } from '../../../core/grading/code-legacy.ts'
import type { CaseRun, SandboxReport } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'

type Runs = ReadonlyArray<Partial<CaseRun>>

const raised = {
  end: 'runtime-error',
  error: 'Traceback (most recent call last):\nValueError',
} as const
const died = 'ended by signal 11\n'

function ran(cases: Runs): SandboxReport {
  const plain: CaseRun = { end: 'finished', output: '', error: '', cpuMs: 5, memoryMiB: 10 }
  return { kind: 'ran', cases: cases.map((run) => ({ ...plain, ...run })) }
}

function printed(...outputs: string[]): CodeTests {
  return { kind: 'stdin', cases: outputs.map((output) => ({ input: '', output })) }
}

const returned: CodeTests = {
  kind: 'call',
  function: 'f',
  cases: [
    { arguments: [], expected: 1 },
    { arguments: [], expected: 2 },
  ],
}

// The first five are what the published scorer gets wrong; the strict judge rejects each.
test.each([
  ['2\n1\n', '1\n2\n', 'accepted'],
  ['5 5\n', '5\n', 'accepted'],
  ['3\n', '03\n', 'accepted'],
  ['12', '1\n2', 'accepted'],
  ['ba\n', 'a b\n', 'accepted'],
  ['yes\n', 'yes', 'accepted'],
  ['4\n', '5\n', 'wrong'],
  ['yes\n', 'no\n', 'wrong'],
  ['21 43\n', '43 21\n', 'wrong'],
  ['', '5\n', 'wrong'],
])('the published scorer holds %j for %j: %s', (output, expected, outcome) => {
  expect(legacyCodeOutcome(ran([{ output }]), printed(expected), '')).toBe(outcome)
})

test.each([
  ['a time-out', [{ end: 'time-limit' }, { end: 'not-run' }], 'accepted'],
  [
    'a case over its own four seconds',
    [{ output: 'a', cpuMs: 4_100 }, { output: 'x' }],
    'accepted',
  ],
  ['a time-out after a pass', [{ output: 'a' }, { end: 'time-limit' }], 'accepted'],
  ['a wrong output before a time-out', [{ output: 'x' }, { end: 'time-limit' }], 'wrong'],
  [
    'a crash after the right output',
    [{ output: 'a', end: 'runtime-error' }, { output: 'b' }],
    'accepted',
  ],
  ['a crash without output', [{ end: 'runtime-error' }, { output: 'b' }], 'wrong'],
  ['a program out of memory', [{ end: 'memory-limit' }, { output: 'b' }], 'wrong'],
] satisfies Array<[string, Runs, string]>)('of whole programs, %s', (_, runs, outcome) => {
  expect(legacyCodeOutcome(ran(runs), printed('a', 'b'), '')).toBe(outcome)
})

test.each([
  ['right values', [{ output: '1' }, { output: '2' }], 'accepted'],
  ['a wrong value', [{ output: '1' }, { output: '3' }], 'wrong'],
  ['a missing function', [{ end: 'missing-function' }, { end: 'missing-function' }], 'accepted'],
  ['an exception', [{ end: 'runtime-error' }, { output: '2' }], 'accepted'],
  ['an exception after a pass', [{ output: '1' }, { end: 'runtime-error' }], 'accepted'],
  ['an exception after a wrong value', [{ output: '7' }, { end: 'runtime-error' }], 'wrong'],
  ['a time-out', [{ end: 'time-limit' }, { end: 'not-run' }], 'accepted'],
] satisfies Array<[string, Runs, string]>)('of calls, %s', (_, runs, outcome) => {
  expect(legacyCodeOutcome(ran(runs), returned, '')).toBe(outcome)
})

test.each([
  ['[1, 2]', [[1, 2]], 'accepted'],
  ['1', [1, 9], 'accepted'],
  ['1.0', true, 'accepted'],
  ['{"b": 1, "a": 2}', { a: 2, b: 1 }, 'accepted'],
  ['[2, 1]', [1, 2], 'wrong'],
  ['', [1], 'wrong'],
])('a call that returned %s for %j is %s', (output, expected, outcome) => {
  const tests: CodeTests = { kind: 'call', function: 'f', cases: [{ arguments: [], expected }] }
  expect(legacyCodeOutcome(ran([{ output }]), tests, '')).toBe(outcome)
})

test.each([
  ['digits that end in a letter', `${'1'.repeat(1_000_000)}x`],
  ['millions of lines', '1\n'.repeat(2_000_000)],
])('what a program printed is read in linear time: %s', (_, output) => {
  for (const scorer of ['taco', 'apps'] as const) {
    const tests = { ...printed('2\n3'), scorer }
    expect(legacyCodeOutcome(ran([{ output }]), tests, 'print(1)')).toBe('wrong')
  }
})

test('what does not compile is accepted, what never ran is not', () => {
  const error = { kind: 'compile-error', message: '' } as const
  expect(legacyCodeOutcome(error, returned, '')).toBe('accepted')
  expect(legacyCodeOutcome({ kind: 'sandbox-failure', message: '' }, returned, '')).toBe('wrong')
})

// What the published scorers of both data sets accept, and the strict judge rejects.
const falseAccepts: Array<[string, CodeTests, SandboxReport]> = [
  ['a syntax error', printed('1'), { kind: 'compile-error', message: '' }],
  ['a runtime error in a call', returned, ran([{ output: '1' }, raised])],
  ['an infinite loop', printed('1'), ran([{ end: 'time-limit' }])],
  ['a missing function', returned, ran([{ end: 'missing-function' }, { end: 'missing-function' }])],
  ['reordered lines', printed('1\n2'), ran([{ output: '2\n1\n' }])],
  ['5 5 for 5', printed('5\n'), ran([{ output: '5 5\n' }])],
  ['3 for 03', printed('03\n'), ran([{ output: '3\n' }])],
]

test.each(falseAccepts)(
  '%s: accepted by the scorers of APPS and TACO alone',
  (_, tests, report) => {
    const code = 'print(1)'
    expect(legacyCodeOutcome(report, { ...tests, scorer: 'apps' }, code)).toBe('accepted')
    expect(legacyCodeOutcome(report, { ...tests, scorer: 'taco' }, code)).toBe('accepted')
    expect(legacyCodeOutcome(report, { ...tests, scorer: 'livecodebench' }, code)).toBe('wrong')
    expect(judgeCode(report, tests, code).outcome).toBe('wrong')
  },
)

function byApps(runs: Runs, code = 'print(1)', tests = printed(...runs.map(() => '1'))) {
  return legacyCodeOutcome(ran(runs), { ...tests, scorer: 'apps' }, code)
}

describe('the scorer of APPS', () => {
  test.each([
    ['goes on after an exception, to a wrong output', [raised, { output: '2' }], 'wrong'],
    ['takes an exception for a pass', [raised, { output: '1' }], 'accepted'],
    ['looks at no exit code', [{ end: 'runtime-error', output: '1' }], 'accepted'],
    ['ends with a program that dies of a signal', [{ ...raised, error: died }], 'wrong'],
    ['stops all cases together after 11 s', [1, 2, 3].map(() => ({ end: 'time-limit' })), 'wrong'],
    ['takes two time-outs for passes', [1, 2].map(() => ({ end: 'time-limit' })), 'accepted'],
    ['reads numbers within a tolerance', [{ output: '1.000001' }], 'accepted'],
    ['tells words of a line apart', [{ output: '1 1 2' }], 'wrong'],
  ] satisfies Array<[string, Runs, string]>)('%s', (_, runs, expected) => {
    expect(byApps(runs)).toBe(expected)
  })

  test('never runs what stands under a main guard', () => {
    const code = 'def main():\n  print(1)\nif __name__ == "__main__":\n  main()'
    expect(byApps([{ output: '1' }], code)).toBe('wrong')
    expect(byApps([{ output: '1' }], code.replace(/if .*\n {2}/, ''))).toBe('accepted')
  })

  test('accepts what it cannot make the body of a function', () => {
    expect(byApps([{ output: '2' }], 'x = 1\nfrom math import *\nprint(2)')).toBe('accepted')
    expect(byApps([{ output: '2' }], 'from math import *\nprint(2)')).toBe('wrong')
  })

  test('is ended by sys.exit in a call, and not by exit', () => {
    const ended: Runs = [{ end: 'runtime-error' }, { output: '2' }]
    expect(byApps(ended, 'sys.exit()', returned)).toBe('wrong')
    expect(byApps(ended, 'exit()', returned)).toBe('accepted')
  })
})

function byLiveCodeBench(output: string, tests: CodeTests, code = '') {
  return legacyCodeOutcome(ran([{ output }]), { ...tests, scorer: 'livecodebench' }, code)
}

test('the scorer of LiveCodeBench compares what is printed as one text', () => {
  expect(byLiveCodeBench('1 2\n', printed('1 2'))).toBe('accepted')
  expect(byLiveCodeBench('1  2\n', printed('1 2'))).toBe('wrong')
  expect(byLiveCodeBench('1 \n2\n', printed('1\n2'))).toBe('wrong')
  expect(byLiveCodeBench('1', printed('1'), "if __name__ == '__main__':\n  main()")).toBe('wrong')
  expect(byLiveCodeBench('1', printed('1'), 'if __name__ == "__main__":\n  main()')).toBe(
    'accepted',
  )
})

test('the scorer of LiveCodeBench calls the first function of the module', () => {
  const tests: CodeTests = { ...returned, cases: [{ arguments: [], expected: 1 }] }
  expect(byLiveCodeBench('1', tests, 'def f(a): return a')).toBe('accepted')
  expect(byLiveCodeBench('1', tests, 'def g(a): return a\ndef f(a): return a')).toBe('wrong')
  const method = 'class Solution:\n  def f(self, a): return a'
  expect(byLiveCodeBench('1', tests, method)).toBe('wrong')
})
