import type { SandboxJob } from '../../core/ports/code-sandbox.ts'

const limits = { cpuSeconds: 6, memoryMiB: 256, outputKiB: 256 }
const casesEach = 5

/** What a program of a contest looks like, with and without the imports that they all begin with. */
const bodies = [
  'n = int(input())\nprint(sum(d for d in range(1, n + 1) if n % d == 0))',
  'import sys\nn = int(sys.stdin.readline())\nprint(sum(d for d in range(1, n + 1) if n % d == 0))',
  'from collections import Counter\nn = int(input())\ncount = Counter(d for d in range(1, n + 1) if n % d == 0)\nprint(sum(count))',
  'import math\nn = int(input())\nprint(sum({d for k in range(1, math.isqrt(n) + 1) if n % k == 0 for d in (k, n // k)}))',
]

const calledBodies = [
  'def f(n):\n  return sum(d for d in range(1, n + 1) if n % d == 0)',
  'class Solution:\n  def f(self, n: int) -> int:\n    return sum(d for d in range(1, n + 1) if n % d == 0)',
]

/** So many short programs, right ones, each with five tests; every third is a function that is called. */
export function shortPrograms(count: number): SandboxJob[] {
  return Array.from({ length: count }, (_, at) => {
    const numbers = Array.from(
      { length: casesEach },
      (__, index) => 10 + ((at * 7 + index * 13) % 90),
    )
    return at % 3 === 2 ? calledJob(at, numbers) : wholeJob(at, numbers)
  })
}

function wholeJob(at: number, numbers: readonly number[]): SandboxJob {
  const cases = numbers.map((n) => ({ input: `${n}\n`, output: `${divisorSum(n)}\n` }))
  const code = bodies[at % bodies.length] ?? ''
  return { language: 'python', code, tests: { kind: 'stdin', cases }, limits }
}

function calledJob(at: number, numbers: readonly number[]): SandboxJob {
  const cases = numbers.map((n) => ({ arguments: [n], expected: divisorSum(n) }))
  const code = calledBodies[at % calledBodies.length] ?? ''
  return { language: 'python', code, tests: { kind: 'call', function: 'f', cases }, limits }
}

function divisorSum(n: number): number {
  const candidates = Array.from({ length: n }, (_, index) => index + 1)
  return candidates.filter((d) => n % d === 0).reduce((sum, d) => sum + d, 0)
}
