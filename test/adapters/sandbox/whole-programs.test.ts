import { afterAll, describe, expect, test } from 'vitest'
import { gradeProgram } from '../../../core/grading/code.ts'
import type { SandboxJob } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'
import { called, onlyRun, program, sandbox, verdictOn } from './sandbox-under-test.ts'

afterAll(() => sandbox.close())

const limits = { cpuSeconds: 5, memoryMiB: 768, outputKiB: 64 }
const double = [
  { input: '3\n', output: '6' },
  { input: '21', output: '42' },
]

describe('a whole program', () => {
  test.each([
    ['reads by open(0)', 'print(2 * int(open(0).read()))'],
    ['reads the file of its input', 'print(2 * int(open("/dev/stdin").read()))'],
    ['reads by os.read', 'import os\nprint(2 * int(os.read(0, 99)))'],
    [
      'reads bytes',
      'import sys\nsys.stdout.buffer.write(b"%d" % (2 * int(sys.stdin.buffer.readline())))',
    ],
    ['names input anew', 'import sys\ninput = sys.stdin.readline\nprint(2 * int(input()))'],
    [
      'reads past the end',
      'import sys\nprint(2 * int(input()))\nassert sys.stdin.readline() == ""',
    ],
    [
      'stands under a main guard',
      'def main(): print(2 * int(input()))\nif __name__ == "__main__": main()',
    ],
    ['ends with exit', 'print(2 * int(input()))\nexit()'],
    ['ends with sys.exit(0)', 'import sys\nprint(2 * int(input()))\nsys.exit(0)'],
    [
      'leaves a file open that it has written to',
      'import os\nout = os.fdopen(1, "w")\nout.write(str(2 * int(input())))',
    ],
    ['begins with a byte order mark', '\ufeffprint(2 * int(input()))'],
    [
      'asks where it is',
      'import os\nassert os.path.basename(__file__) == "solution.py"\nprint(2 * int(input()))',
    ],
    ['prints when it ends', 'import atexit\nn = int(input())\natexit.register(print, 2 * n)'],
    [
      'uses a name of its day',
      'from fractions import gcd\nfrom collections import Iterable\nprint(2 * gcd(int(input()), 0))',
    ],
    [
      'has more digits than Python prints by itself',
      'n = int(input())\nassert len(str(10 ** 9999)) == 10000\nprint(2 * n)',
    ],
  ])('that %s is accepted', async (_, code) => {
    expect(await verdictOn(program(code, double))).toMatchObject({ reason: 'all-tests-passed' })
  })

  test.each([
    [
      'recursion',
      'import sys\nsys.setrecursionlimit(10**6)\ndef down(n): return 0 if n == 0 else 1 + down(n - 1)\nprint(down(200000))',
    ],
    [
      'recursion in a thread',
      'import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(1 << 27)\ndef down(n): return 0 if n == 0 else 1 + down(n - 1)\nthread = threading.Thread(target=lambda: print(down(200000)))\nthread.start()\nthread.join()',
    ],
    [
      'a stack that it enlarges',
      'import resource, sys\nresource.setrlimit(resource.RLIMIT_STACK, (1 << 29, resource.RLIM_INFINITY))\nsys.setrecursionlimit(10**6)\ndef down(n): return 0 if n == 0 else 1 + down(n - 1)\nprint(down(200000))',
    ],
  ])('may go deep: %s', async (_, code) => {
    const job = { ...program(code, [{ input: '', output: '200000' }]), limits }
    expect(await verdictOn(job)).toMatchObject({ reason: 'all-tests-passed' })
  })

  test.each([
    ['a socket', 'import socket\nsocket.socket(socket.AF_INET)'],
    ['a file of the system', 'open("/usr/lib/x", "w")'],
    ['another user', 'import os\nos.setuid(0)'],
    ['the first process', 'import os\nos.kill(1, 9)'],
    ['to keep itself waiting', 'import os\nos.nice(19)'],
  ])('is refused %s, and told so', async (_, code) => {
    expect(await verdictOn(program(`${code}\nprint(2 * int(input()))`, double))).toMatchObject({
      outcome: 'wrong',
      reason: 'refused',
    })
  })

  test('goes on where it minds no refusal', async () => {
    const code = 'try: open("/usr/lib/x", "w")\nexcept OSError: pass\nprint(2 * int(input()))'
    expect(await verdictOn(program(code, double))).toMatchObject({ reason: 'all-tests-passed' })
  })

  test('that prints what is no UTF-8 prints no such character either', async () => {
    const code = 'import sys\nsys.stdout.buffer.write(b"\\xff")'
    expect((await onlyRun(program(code))).output).toBe('\udcff')
    const lost = program(code, [{ input: '', output: '\ufffd' }])
    expect(await verdictOn(lost)).toMatchObject({ reason: 'wrong-output' })
  })

  test('has room for what it is expected to print', async () => {
    const output = 'spam '.repeat(40_000)
    const job = program('print("spam " * 40000)', [{ input: '', output }])
    expect(await gradeProgram(job, sandbox)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a checker that is a program', () => {
  const code = `
import json, sys
case = json.load(sys.stdin)
left, right = map(int, case["output"].split())
print("accepted" if left + right == int(case["input"]) else "wrong")`
  const tests: CodeTests = {
    kind: 'stdin',
    cases: [
      { input: '5', output: '2 3' },
      { input: '9', output: '4 5' },
    ],
    checker: { kind: 'program', code },
  }
  const judged = (solution: string, more: Partial<SandboxJob> = {}) =>
    gradeProgram({ ...program(solution), tests, ...more }, sandbox)

  test('tells right outputs from wrong ones', async () => {
    expect(await judged('print(1, int(input()) - 1)')).toMatchObject({ outcome: 'accepted' })
    expect(await judged('print(1, 4)')).toMatchObject({
      outcome: 'wrong',
      reason: 'wrong-output',
      cases: [{ outcome: 'accepted' }, { outcome: 'wrong-output' }],
    })
    expect(await judged('print(1 // 0)')).toMatchObject({ reason: 'runtime-error' })
  })

  test('that fails decides nothing', async () => {
    expect(await judged('print("ab")')).toMatchObject({
      outcome: 'undecided',
      reason: 'checker-failure',
    })
  })

  test('sees the arguments of a call and what was returned', async () => {
    const half = `
import json, sys
case = json.load(sys.stdin)
print("accepted" if 2 * case["returned"] == case["arguments"][0] else "wrong")`
    const calls: CodeTests = {
      kind: 'call',
      function: 'f',
      cases: [{ arguments: [8], expected: 0 }],
      checker: { kind: 'program', code: half },
    }
    const job = called('def f(n): return n // 2')
    expect(await gradeProgram({ ...job, tests: calls }, sandbox)).toMatchObject({
      outcome: 'accepted',
    })
  })
})
