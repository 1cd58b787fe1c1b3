import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import {
  called,
  onlyRun,
  outputOf,
  program,
  python,
  sandbox,
  verdictOn,
} from './sandbox-under-test.ts'

afterAll(() => sandbox.close())

const double = [
  { input: '3\n', output: '6\n' },
  { input: '10\n', output: '20\n' },
]

// All of the corpus, some of it alone: minutes on a machine with much to do.
test('the sandbox proves its isolation on this host', { timeout: 600_000 }, async () => {
  await expect(sandbox.prove()).resolves.toBeUndefined()
})

describe('a whole program', () => {
  test.each([
    ['reads with input()', 'print(2 * int(input()))'],
    ['reads sys.stdin', 'import sys\nprint(2 * int(sys.stdin.readline()))'],
    ['reads the descriptor', 'import os\nprint(2 * int(os.read(0, 99)))'],
    ['reads open(0)', 'print(2 * int(open(0).read()))'],
    [
      'has a main guard',
      'def main():\n  print(2 * int(input()))\nif __name__ == "__main__":\n  main()',
    ],
    ['ends with exit()', 'print(2 * int(input()))\nexit()'],
    ['ends with sys.exit(0)', 'import sys\nprint(2 * int(input()))\nsys.exit(0)'],
    [
      'prints from a thread that nobody joins',
      'import threading\nthreading.Thread(target=lambda: print(2 * int(input()))).start()',
    ],
    [
      'prints from an exit handler',
      'import atexit\nn = 2 * int(input())\natexit.register(lambda: print(n))',
    ],
    [
      'replaces sys.stdout',
      'import io, os, sys\nsys.stdout = io.StringIO()\nprint(2 * int(input()))\nos.write(1, sys.stdout.getvalue().encode())',
    ],
    ['closes sys.stdout', 'import sys\nprint(2 * int(input()))\nsys.stdout.close()'],
    [
      'defines a dataclass',
      'from dataclasses import dataclass\n@dataclass\nclass A:\n  n: int\nprint(2 * A(int(input())).n)',
    ],
  ])('that %s is accepted', async (_, code) => {
    expect(await verdictOn(program(code, double))).toMatchObject({ reason: 'all-tests-passed' })
  })

  test.each([
    ['prints something else', 'print(3 * int(input()))', 'wrong-output'],
    ['prints nothing', 'input()', 'wrong-output'],
    ['prints too much', 'print(2 * int(input()))\nprint("done")', 'wrong-output'],
    ['raises', 'print(2 * int(input()))\nraise ValueError("late")', 'runtime-error'],
    ['exits with a code', 'import sys\nprint(2 * int(input()))\nsys.exit(1)', 'runtime-error'],
    ['uses a name that it did not import', 'print(math.floor(2 * int(input())))', 'runtime-error'],
    ['recurses for ever', 'def f(): f()\nf()', 'runtime-error'],
    ['kills itself', 'import os\nos.kill(os.getpid(), 9)', 'runtime-error'],
    ['does not parse', 'print(2 * int(input())', 'compile-error'],
    ['holds a null byte', 'print(1)\0', 'compile-error'],
    ['loops', 'while True: pass', 'time-limit'],
    ['takes too much memory', 'a = [b"x" * 2**20 for _ in range(400)]', 'memory-limit'],
    ['asks for too much at once', 'a = bytearray(2**50)', 'memory-limit'],
    ['floods its output', 'for _ in range(10**6): print("spam" * 99)', 'output-limit'],
    [
      'floods its errors',
      'import sys\nfor _ in range(10**6): print("spam" * 99, file=sys.stderr)',
      'output-limit',
    ],
  ])('that %s is wrong', async (_, code, reason) => {
    expect(await verdictOn(program(code, double))).toMatchObject({ outcome: 'wrong', reason })
  })

  test('that waits is stopped by wall time, though it uses no processor time', async () => {
    const { reason, cases } = await verdictOn(program('import time\ntime.sleep(99)', double))
    expect(reason).toBe('time-limit')
    expect(cases).toEqual(['time-limit', 'not-run'])
  })

  test('is told apart from the last lines of its errors', async () => {
    const run = await onlyRun(program('def f():\n  return 1 // 0\nf()'))
    expect(run.error).toContain('line 2, in f\nZeroDivisionError')
    expect(run.error).not.toContain('driver')
  })

  test('is charged for the processor time of what it leaves running', async () => {
    const code = `
import os, time
listening, ready = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while time.process_time() < 0.1:
            pass
        os.write(ready, b"!")
        time.sleep(99)
    os._exit(0)
os.read(listening, 1)`
    expect((await onlyRun(program(code))).cpuMs).toBeGreaterThanOrEqual(100)
  })

  test('that fails one case is still run on the others', async () => {
    const code = 'n = int(input())\nprint(2 * n // (n - 3))'
    expect(await verdictOn(program(code, double))).toMatchObject({
      cases: ['runtime-error', 'wrong-output'],
    })
  })

  test('gets its input exactly, whatever the bytes', async () => {
    const input = 'é\u0000\r\n\u{1F600}'
    const run = await onlyRun(
      program('import sys\nprint(list(sys.stdin.buffer.read()))', [{ input, output: '' }]),
    )
    expect(JSON.parse(run.output)).toEqual([...Buffer.from(input)])
  })

  test('can load what is installed, also after it has become another user', async () => {
    const code =
      'import os, json, socket, sqlite3\nprint(json.dumps([len(os.listdir(path)) > 0 for path in ("/usr/bin", "/usr/lib", "/bin")]))'
    expect(await outputOf(code)).toEqual([true, true, true])
  })

  test('prints sets of strings in the same order each time', async () => {
    const job = program('print({str(n) for n in range(50)})')
    expect((await onlyRun(job)).output).toBe((await onlyRun(job)).output)
  })

  test.skipIf(!hasNumpy())('can import numpy', async () => {
    const code = 'import numpy as np\nprint(2 * np.array([int(input())])[0])'
    expect(await verdictOn(program(code, double))).toMatchObject({ reason: 'all-tests-passed' })
  })
})

describe('a called function', () => {
  const sums = [
    { arguments: [[1, 2, 3]], expected: 6 },
    { arguments: [[]], expected: 0 },
  ]

  test.each([
    ['stands alone', 'def f(numbers): return sum(numbers)'],
    ['is a method of Solution', 'class Solution:\n  def f(self, numbers): return sum(numbers)'],
    [
      'is annotated without an import',
      'def f(numbers: List[int]) -> Optional[int]: return sum(numbers)',
    ],
    [
      'uses what judges import',
      'def f(numbers): return reduce(lambda a, b: a + b, numbers, 0) + math.floor(0.5)',
    ],
    ['prints, too', 'def f(numbers):\n  print("working")\n  return sum(numbers)'],
    [
      'recurses deeply',
      'def g(n): return 0 if n == 0 else g(n - 1)\ndef f(numbers): return g(9999) + sum(numbers)',
    ],
    [
      'stands beside a main guard',
      'def f(n): return sum(n)\nif __name__ == "__main__":\n  f(input())',
    ],
  ])('that %s is accepted', async (_, code) => {
    expect(await verdictOn(called(code, sums))).toMatchObject({ reason: 'all-tests-passed' })
  })

  test.each([
    ['returns something else', 'def f(numbers): return 7', 'wrong-output'],
    ['returns nothing', 'def f(numbers): pass', 'wrong-output'],
    ['returns what is no JSON', 'def f(numbers): return {6}', 'wrong-output'],
    ['has another name', 'def g(numbers): return sum(numbers)', 'missing-function'],
    ['is no function', 'f = 6', 'missing-function'],
    ['raises', 'def f(numbers): return numbers[9]', 'runtime-error'],
    ['takes other arguments', 'def f(): return 6', 'runtime-error'],
    ['exits', 'def f(numbers): exit(0)', 'runtime-error'],
    ['exits at once', 'import os\ndef f(numbers): os._exit(0)', 'runtime-error'],
    [
      'is never reached',
      'import sys\nsys.exit(0)\ndef f(numbers): return sum(numbers)',
      'runtime-error',
    ],
    ['loops', 'def f(numbers):\n  while True: pass', 'time-limit'],
    ['returns too much', 'def f(numbers): return "x" * 10**6', 'output-limit'],
  ])('that %s is wrong', async (_, code, reason) => {
    expect(await verdictOn(called(code, sums))).toMatchObject({ outcome: 'wrong', reason })
  })

  test('hands over tuples as lists and numbers in full', async () => {
    const run = await onlyRun(called('def f(): return (2**70, (0.1, None), {1: True})'))
    expect(run.output).toBe('[1180591620717411303424, [0.1, null], {"1": true}]')
  })

  test.skipIf(!hasNumpy())('may return what numpy holds', async () => {
    const run = await onlyRun(
      called('import numpy\ndef f(): return [numpy.int64(3), numpy.arange(2)]'),
    )
    expect(run.output).toBe('[3, [0, 1]]')
  })
})

function hasNumpy(): boolean {
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
