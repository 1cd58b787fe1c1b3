import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { compiled } from '../../../adapters/sandbox/compile-entry.ts'
import { gradeProgram } from '../../../core/grading/code.ts'
import type { SandboxJob } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'
import { program, sandbox, verdictOn } from './sandbox-under-test.ts'

afterAll(() => sandbox.close())

const double = [
  { input: '3\n', output: '6' },
  { input: '21', output: '42\n' },
]

function inCpp(body: string, cases = double): SandboxJob {
  const limits = { cpuSeconds: 1, memoryMiB: 128, outputKiB: 64 }
  const code = `#include <cstdio>\n#include <cstdlib>\n#include <vector>\n${body}`
  return { ...program(code, cases), language: 'cpp', limits }
}

const main = (body: string) => `int main() { long long n; scanf("%lld", &n); ${body} }`

const label = hasCompiler() ? '' : ' (skipped: no g++)'

describe.skipIf(!hasCompiler())(`a program in C++${label}`, () => {
  test('is compiled once and judged on every case', async () => {
    const right = inCpp(main('printf("%lld\\n", 2 * n);'))
    expect(await verdictOn(right)).toEqual({
      outcome: 'accepted',
      reason: 'all-tests-passed',
      cases: ['accepted', 'accepted'],
    })
  })

  test.each([
    ['prints something else', main('printf("7");'), 'wrong-output'],
    ['ends with a code', main('printf("%lld", 2 * n); return 3;'), 'runtime-error'],
    ['dies', main('printf("%lld", 2 * n); fflush(stdout); abort();'), 'runtime-error'],
    ['reads where nothing is', main('printf("%d", *(volatile int*)n);'), 'runtime-error'],
    ['loops', main('for (volatile int i = 0;;) i = i;'), 'time-limit'],
    [
      'takes too much memory',
      main(
        'std::vector<char*> v; for (int i = 0; i < 400; i++) { char* p = (char*)malloc(1 << 20); for (int j = 0; j < 1 << 20; j += 512) p[j] = 1; v.push_back(p); }',
      ),
      'memory-limit',
    ],
    ['asks for too much at once', main('std::vector<char> v(1LL << 46);'), 'memory-limit'],
    ['floods its output', main('for (;;) puts("spam spam spam spam");'), 'output-limit'],
    ['does not compile', 'int main() { return x; }', 'compile-error'],
    ['has no main', 'int twice(int n) { return 2 * n; }', 'compile-error'],
  ])('that %s is wrong', async (_, body, reason) => {
    expect(await verdictOn(inCpp(body))).toMatchObject({ outcome: 'wrong', reason })
  })

  test('is told what the compiler said', async () => {
    const report = await sandbox.run(inCpp('int main() { return undeclared; }'))
    expect(report).toMatchObject({ kind: 'compile-error' })
    expect(JSON.stringify(report)).toContain('solution.cpp:4')
  })

  test.each([
    ['an endless template', 'template<int N> struct A { A<N + 1> a; }; A<0> a; int main() {}'],
    ['an endless header', '#include "/dev/zero"\nint main() {}'],
    ['a header that is itself', '#include __FILE__\nint main() {}'],
    ['an executable without bounds', 'char big[1 << 30] = {1}; int main() {}'],
  ])('cannot take the compiler beyond its limits: %s', async (_, body) => {
    expect(await verdictOn(inCpp(body))).toMatchObject({ reason: 'compile-error' })
  })

  test('may recurse deeply', async () => {
    const body = `long long deep(long long n) { return n == 0 ? 0 : 1 + deep(n - 1) % 7; }\n${main('printf("%d", deep(400000) >= 0 ? 1 : 0);')}`
    expect(await verdictOn(inCpp(body, [{ input: '1', output: '1' }]))).toMatchObject({
      reason: 'all-tests-passed',
    })
  })

  test('is confined as any other: it finds no network, no host files, and no other user', async () => {
    const body = `#include <sys/socket.h>\n#include <unistd.h>\n#include <fcntl.h>
int main() { printf("%d %d %d", socket(AF_INET, SOCK_STREAM, 0), open("/etc/passwd", O_RDONLY), getuid() == 0); }`
    expect(await verdictOn(inCpp(body, [{ input: '', output: '-1 -1 0' }]))).toMatchObject({
      reason: 'all-tests-passed',
    })
  })
})

test('where no compiler is, nothing is decided, and the message says what mends it', () => {
  const none = {
    nonce: '',
    output: '',
    cpuMs: 0,
    memoryMiB: 0,
    clean: true,
    slowdown: 1,
    driverMs: 0,
  }
  const reply = { ...none, end: 'language-unavailable', error: 'g++' } as const
  const report = compiled(reply, inCpp('int main() {}'))
  expect(report).toMatchObject({ kind: 'language-unavailable' })
  expect(JSON.stringify(report)).toMatch(/no g\+\+ for C\+\+ .*mend: apt-get install g\+\+/)
})

test('tests that call a function are not for C++', async () => {
  const tests: CodeTests = {
    kind: 'call',
    function: 'f',
    cases: [{ arguments: [1], expected: 2 }],
  }
  const job = { ...inCpp('int f(int n) { return 2 * n; }'), tests }
  expect(await gradeProgram(job, sandbox)).toMatchObject({
    outcome: 'undecided',
    reason: 'language-unavailable',
    cases: [{ outcome: 'not-run' }],
  })
})

function hasCompiler(): boolean {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
