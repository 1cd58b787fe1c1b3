import { expect, test } from 'vitest'
import { caseOutcomes, judgeCode } from '../../../core/grading/code-judgement.ts'
import type { CaseRun } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'

const tests: CodeTests = {
  kind: 'stdin',
  cases: [
    { input: '', output: 'a' },
    { input: '', output: 'b' },
  ],
}
const calls: CodeTests = {
  kind: 'call',
  function: 'f',
  cases: [{ arguments: [], expected: [1, 2] }],
}

function ran(...cases: Array<Partial<CaseRun>>) {
  const plain: CaseRun = { end: 'finished', output: '', error: '', cpuMs: 5, memoryMiB: 10 }
  return { kind: 'ran', cases: cases.map((run) => ({ ...plain, ...run })) } as const
}

test('a program that passes every case is accepted', () => {
  expect(judgeCode(ran({ output: 'a\n' }, { output: 'b\n' }), tests, 'code')).toEqual({
    outcome: 'accepted',
    reason: 'all-tests-passed',
    tier: 'tests',
    extracted: 'code',
    legacyOutcome: 'accepted',
    cases: [1, 2].map(() => ({ outcome: 'accepted', cpuMs: 5, memoryMiB: 10 })),
    message: null,
  })
})

test.each([
  [{ output: 'a' }, { output: 'c' }, 'wrong-output'],
  [{ end: 'runtime-error', output: 'a' }, { output: 'c' }, 'runtime-error'],
  [{ output: 'a' }, { end: 'memory-limit' }, 'memory-limit'],
  [{ output: 'a' }, { end: 'output-limit' }, 'output-limit'],
  [{ end: 'missing-function' }, { end: 'missing-function' }, 'missing-function'],
  [{ end: 'time-limit' }, { end: 'not-run' }, 'time-limit'],
  [{ output: 'a' }, { end: 'refused' }, 'refused'],
] as const)('a program is wrong for the first case that fails: %j, %j', (first, second, reason) => {
  expect(judgeCode(ran(first, second), tests, '')).toMatchObject({ outcome: 'wrong', reason })
})

test('a program that does not compile is wrong', () => {
  const report = { kind: 'compile-error', message: 'SyntaxError' } as const
  expect(judgeCode(report, tests, '')).toMatchObject({ outcome: 'wrong', reason: 'compile-error' })
})

test('a sandbox that failed, or lost a case, decides nothing', () => {
  const failed = { kind: 'sandbox-failure', message: 'no bwrap' } as const
  const undecided = { outcome: 'undecided', reason: 'sandbox-failure' }
  expect(judgeCode(failed, tests, '')).toMatchObject(undecided)
  expect(judgeCode(ran({ output: 'a' }), tests, '')).toMatchObject(undecided)
})

test('a language that is not there decides nothing, and the message says what mends it', () => {
  const report = { kind: 'language-unavailable', message: 'no g++; mend: install it' } as const
  expect(judgeCode(report, tests, '')).toMatchObject({
    outcome: 'undecided',
    reason: 'language-unavailable',
    message: 'no g++; mend: install it',
    cases: [{ outcome: 'not-run' }, { outcome: 'not-run' }],
  })
})

test('every case of a program that does not compile says so', () => {
  const report = { kind: 'compile-error', message: 'SyntaxError' } as const
  expect(judgeCode(report, tests, '').cases).toEqual([
    { outcome: 'compile-error', cpuMs: 0, memoryMiB: 0 },
    { outcome: 'compile-error', cpuMs: 0, memoryMiB: 0 },
  ])
})

test('where several outputs are right and no checker is declared, another output decides nothing', () => {
  const open: CodeTests = { ...tests, checker: { kind: 'none' } }
  const other = judgeCode(ran({ output: 'a' }, { output: 'z' }), open, '')
  expect(other).toMatchObject({ outcome: 'undecided', reason: 'suspect-tests' })
  expect(other.cases.map(({ outcome }) => outcome)).toEqual(['accepted', 'suspect-tests'])
  const same = judgeCode(ran({ output: 'a' }, { output: 'b' }), open, '')
  expect(same).toMatchObject({ outcome: 'accepted' })
  const crashed = judgeCode(ran({ output: 'z' }, { end: 'runtime-error' }), open, '')
  expect(crashed).toMatchObject({ outcome: 'wrong', reason: 'runtime-error' })
})

test('a declared tolerance counts', () => {
  const near: CodeTests = {
    kind: 'stdin',
    cases: [{ input: '', output: '0.5' }],
    checker: { kind: 'tolerance', absolute: 1e-3, relative: 0 },
  }
  expect(judgeCode(ran({ output: '0.5004' }), near, '').outcome).toBe('accepted')
  expect(judgeCode(ran({ output: '0.502' }), near, '').outcome).toBe('wrong')
})

test('calls are judged by the value that they return', () => {
  expect(judgeCode(ran({ output: '[1, 2.0]' }), calls, '')).toMatchObject({ outcome: 'accepted' })
  expect(judgeCode(ran({ output: '[2, 1]' }), calls, '')).toMatchObject({ reason: 'wrong-output' })
})

test('each case has its own outcome', () => {
  expect(caseOutcomes(ran({ output: 'a' }, { output: 'x' }), tests)).toEqual([
    'accepted',
    'wrong-output',
  ])
  expect(caseOutcomes({ kind: 'compile-error', message: '' }, tests)).toEqual([])
})

test('a long program is kept shortened', () => {
  expect(judgeCode(ran(), tests, 'x'.repeat(9_999)).extracted).toHaveLength(2_000)
})
