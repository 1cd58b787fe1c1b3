import type { SandboxJob, SandboxLimits } from '../../core/ports/code-sandbox.ts'

/** Small enough that programs near the limit are cheap to run, in numbers. */
export const loadProofLimits: SandboxLimits = { cpuSeconds: 1, memoryMiB: 128, outputKiB: 256 }

/** A job, and the reason of its verdict as we wrote it; null where the program is not ours. */
export type KnownJob = {
  readonly kind: string
  readonly expected: string | null
  readonly job: SandboxJob
}

type Peer = {
  readonly kind: string
  readonly expected: string
  /** How many of a hundred programs are of this kind. */
  readonly share: number
  /** The `at`-th program of the kind, counted from 0. */
  readonly make: (at: number, stepsPerSecond: number) => SandboxJob
}

/** What a CPU-bound program does: the same work on every machine, however long it takes. */
const work = (steps: number) => `
def work(steps):
    total = 1
    for step in range(steps):
        total = (total * 31 + step) % 1000003
    return total
total = work(${Math.round(steps)})
`

/** A program that does so many steps of work and then prints `done`. */
export function workingProgram(steps: number): string {
  return `${work(steps)}print("done")`
}

const done = [{ input: '', output: 'done\n' }]
const numbers = [3, 10, 0, 7, 100]
const doubles = numbers.map((n) => ({ input: `${n}\n`, output: `${2 * n}\n` }))
const sums = numbers.map((n) => ({ arguments: [[n, 1]], expected: n + 1 }))

/** Spread evenly from `from` to `to`, again after every eleven programs. */
const spread = (at: number, from: number, to: number) => from + ((to - from) * (at % 11)) / 10

const peers: readonly Peer[] = [
  {
    kind: 'right',
    expected: 'all-tests-passed',
    share: 22,
    make: (at) => whole(`n = int(input())\nprint(${'n + '.repeat(at % 2)}n * ${2 - (at % 2)})`),
  },
  {
    kind: 'right when called',
    expected: 'all-tests-passed',
    share: 12,
    make: (at) => called(`def f(numbers): return sum(numbers) + ${at} - ${at}`),
  },
  {
    kind: 'wrong output',
    expected: 'wrong-output',
    share: 7,
    make: (at) => whole(`n = int(input())\nprint(2 * n if n != ${numbers[at % 5]} else "no")`),
  },
  {
    kind: 'wrong value',
    expected: 'wrong-output',
    share: 3,
    make: (at) =>
      called(`def f(numbers): return sum(numbers) - (numbers[0] == ${at % 2 ? 7 : 100})`),
  },
  {
    kind: 'raises',
    expected: 'runtime-error',
    share: 5,
    make: (at) => whole(`n = int(input())\nprint(2 * n)\n1 // (n - ${numbers[at % 5]})`),
  },
  {
    kind: 'does not compile',
    expected: 'compile-error',
    share: 2,
    make: (at) => whole(`print(${at}\nn = int(input())`),
  },
  {
    kind: 'lacks its function',
    expected: 'missing-function',
    share: 2,
    make: (at) => called(`def g${at}(numbers): return sum(numbers)`),
  },
  {
    kind: 'works for 30 to 80 % of its time',
    expected: 'all-tests-passed',
    share: 12,
    make: (at, perSecond) => single(workingProgram(spread(at, 0.3, 0.8) * perSecond)),
  },
  {
    kind: 'works for 30 to 80 % of its time when called',
    expected: 'all-tests-passed',
    share: 5,
    make: (at, perSecond) => {
      const code = `def f(numbers):${work(spread(at, 0.3, 0.8) * perSecond).replaceAll('\n', '\n    ')}\n    return sum(numbers)`
      return called(code, sums.slice(0, 2))
    },
  },
  {
    kind: 'works for 2 to 4 times its time',
    expected: 'time-limit',
    share: 3,
    make: (at, perSecond) => single(workingProgram(spread(at, 2, 4) * perSecond)),
  },
  {
    kind: 'loops for ever',
    expected: 'time-limit',
    share: 2,
    make: (at) => single(at % 2 ? 'while True: pass' : 'n = 1\nwhile n: n += 1'),
  },
  {
    kind: 'burns in children',
    expected: 'time-limit',
    share: 1,
    make: () =>
      single(
        'import os, time\nfor _ in range(4):\n  if os.fork() == 0:\n    while time.process_time() < 0.7: pass\n    os._exit(0)\nfor _ in range(4): os.wait()\nprint("done")',
      ),
  },
  {
    kind: 'takes half to 90 % of its memory',
    expected: 'all-tests-passed',
    share: 5,
    make: (at) =>
      single(`kept = bytearray(b"x") * (${Math.round(spread(at, 64, 115))} << 20)\nprint("done")`),
  },
  {
    kind: 'takes 2 to 4 times its memory',
    expected: 'memory-limit',
    share: 3,
    make: (at) =>
      single(
        `kept = [bytearray(b"x") * (1 << 20) for _ in range(${Math.round(spread(at, 256, 512))})]\nprint("done")`,
      ),
  },
  {
    kind: 'sleeps a little',
    expected: 'all-tests-passed',
    share: 4,
    make: (at) => single(`import time\ntime.sleep(${spread(at, 0.1, 1.5)})\nprint("done")`),
  },
  {
    kind: 'sleeps and works in turns',
    expected: 'all-tests-passed',
    share: 2,
    make: (at, perSecond) =>
      single(
        `import time\n${work(0)}for _ in range(10):\n    time.sleep(0.05)\n    work(${Math.round(spread(at, 0.02, 0.06) * perSecond)})\nprint("done")`,
      ),
  },
  {
    kind: 'sleeps for ever',
    expected: 'time-limit',
    share: 1,
    make: () => single('import time\ntime.sleep(1000)\nprint("done")'),
  },
  {
    kind: 'recurses deeply',
    expected: 'all-tests-passed',
    share: 4,
    make: (at) =>
      called(
        `def down(n): return 0 if n == 0 else 1 + down(n - 1)\ndef f(numbers): return down(${2000 + 500 * (at % 11)}) * 0 + sum(numbers)`,
      ),
  },
  {
    kind: 'recurses for ever',
    expected: 'runtime-error',
    share: 2,
    make: () => whole('def f(n): return f(n + 1)\nprint(f(int(input())))'),
  },
  {
    kind: 'prints too much',
    expected: 'output-limit',
    share: 1,
    make: () => single('for n in range(100000): print("line", n, "of many")'),
  },
  {
    kind: 'works in threads',
    expected: 'all-tests-passed',
    share: 2,
    make: (at, perSecond) =>
      single(
        `import threading\n${work(0)}threads = [threading.Thread(target=work, args=(${Math.round(spread(at, 0.05, 0.15) * perSecond)},)) for _ in range(4)]\nfor each in threads: each.start()\nfor each in threads: each.join()\nprint("done")`,
      ),
  },
]

/**
 * So many programs of every kind, in a fixed order. How much work a second holds is measured, since
 * programs near their limit are to be near it on every machine.
 */
export function loadProofPrograms(count: number, stepsPerSecond: number): KnownJob[] {
  const hundred = peers.flatMap((peer) => Array.from({ length: peer.share }, () => peer))
  const made = new Map<string, number>()
  return Array.from({ length: count }, (_, index) => {
    // 37 is prime to 100: neighbours are of different kinds, and every hundred holds all of them.
    const peer = hundred[(index * 37) % hundred.length]
    if (peer === undefined) throw new Error('the shares of the kinds come to nothing')
    const at = made.get(peer.kind) ?? 0
    made.set(peer.kind, at + 1)
    const { kind, expected } = peer
    return { kind, expected, job: peer.make(at, stepsPerSecond) }
  })
}

function whole(code: string): SandboxJob {
  const tests = { kind: 'stdin' as const, cases: doubles }
  return { language: 'python', code, tests, limits: loadProofLimits }
}

function single(code: string): SandboxJob {
  const tests = { kind: 'stdin' as const, cases: done }
  return { language: 'python', code, tests, limits: loadProofLimits }
}

function called(code: string, cases = sums): SandboxJob {
  const tests = { kind: 'call' as const, function: 'f', cases }
  return { language: 'python', code, tests, limits: loadProofLimits }
}
