import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createCodeSandbox } from '../../../adapters/sandbox/code-sandbox.ts'
import { createContainerSandbox } from '../../../adapters/sandbox/container-sandbox.ts'
import { caseOutcomes } from '../../../core/grading/code-judgement.ts'
import { readHostileCorpus } from '../../../adapters/sandbox/hostile/corpus.ts'
import { runCorpus } from '../../../adapters/sandbox/hostile/run-corpus.ts'
import { type CodeSandbox, SandboxUnavailableError } from '../../../core/ports/code-sandbox.ts'
import { controlGroupsOf } from './host-traces.ts'
import { called, program, python } from './sandbox-under-test.ts'

// With SKY_T1_SANDBOX_IMAGE an engine of this host runs these; else one that stands in for it.

const given = process.env['SKY_T1_SANDBOX_IMAGE']
const image = given ?? `stand-in@sha256:${'0'.repeat(64)}`
const script = fileURLToPath(new URL('stand-in-engine.ts', import.meta.url))
let directory = ''
let sandbox: CodeSandbox

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sky-t1-engine-'))
  await mkdir(join(directory, 'state'))
  const words = [process.execPath, script, join(directory, 'state'), python]
  const standIn = `#!/bin/sh\nexec ${words.map((each) => `'${each}'`).join(' ')} "$@"\n`
  if (given === undefined) await writeFile(join(directory, 'podman'), standIn, { mode: 0o755 })
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  sandbox = createContainerSandbox({ image, parallelism: 2 })
})

afterEach(async () => {
  const left = [...(await readdir(join(directory, 'state'))), ...controlGroupsOf(process.pid)]
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
})

afterAll(async () => {
  await sandbox.close()
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

const double = [
  { input: '3\n', output: '6\n' },
  { input: '10\n', output: '20\n' },
]

test.each([
  ['is right', 'print(2 * int(input()))', ['accepted', 'accepted']],
  ['is wrong once', 'n = int(input())\nprint(n + 3)', ['accepted', 'wrong-output']],
  ['raises', 'print(1 // (int(input()) - 3))', ['runtime-error', 'wrong-output']],
  ['kills itself', 'import os\nos.kill(os.getpid(), 9)', ['runtime-error', 'runtime-error']],
  [
    'takes too much memory',
    'a = [b"x" * 2**20 for _ in range(400)]',
    ['memory-limit', 'memory-limit'],
  ],
  ['loops', 'while True: pass', ['time-limit', 'not-run']],
  ['sleeps', 'import time\ntime.sleep(99)', ['time-limit', 'not-run']],
])('a program that %s is told so', async (_, code, outcomes) => {
  const job = program(code, double)
  expect(caseOutcomes(await sandbox.run(job), job.tests)).toEqual(outcomes)
})

test('a called function is judged, and one that does not compile', async () => {
  const job = called('def f(): return 1')
  expect(caseOutcomes(await sandbox.run(job), job.tests)).toEqual(['accepted'])
  expect(await sandbox.run(called('def f(: return 1'))).toMatchObject({ kind: 'compile-error' })
})

test('a program has a user of its own and none of the environment', async () => {
  const report = await sandbox.run(
    program('import os\nprint(os.getuid() >= 60000, sorted(os.environ))', [
      { input: '', output: '' },
    ]),
  )
  const output = report.kind === 'ran' ? report.cases[0]?.output : ''
  expect(output).toMatch(/^True /)
  expect(output).not.toContain(directory)
})

test.skipIf(given !== undefined)(
  'a container that its engine cannot remove at once is removed later',
  async () => {
    await writeFile(join(directory, 'stubborn'), '')
    const job = program('print(2 * int(input()))', double)
    expect(caseOutcomes(await sandbox.run(job), job.tests)).toEqual(['accepted', 'accepted'])
    expect(await readdir(directory)).not.toContain('stubborn')
  },
)

test.skipIf(given === undefined)(
  'every hostile program is contained by the engine of this host (skipped without SKY_T1_SANDBOX_IMAGE)',
  async () => {
    const programs = readHostileCorpus()
    const trials = await runCorpus({ programs, run: (job) => sandbox.run(job), tried() {} })
    expect(trials.filter(({ seen }) => seen.length > 0)).toEqual([])
  },
  10 * 60_000,
)

test('closing ends what runs', async () => {
  const closed = createContainerSandbox({ image })
  const sleeper = { ...called('import time\ndef f(): time.sleep(200)') }
  const limits = { cpuSeconds: 50, memoryMiB: 64, outputKiB: 1 }
  const running = closed.run({ ...sleeper, limits }).catch((error: unknown) => error)
  if (given === undefined) await vi.waitFor(assertBegun, { timeout: 60_000 })
  await closed.close()
  expect(await running).toEqual(new Error('the sandbox is closed'))
})

test('an image that is not named by digest is refused', async () => {
  const sloppy = createContainerSandbox({ image: 'python:latest' })
  await expect(sloppy.run(program('print(1)'))).rejects.toThrow(/not named by digest/)
})

test('where neither bubblewrap nor an engine works, nothing runs, and both mends are told', async () => {
  const path = process.env['PATH']
  vi.stubEnv('PATH', '/nowhere')
  const neither = createCodeSandbox({ python, image })
  const refusal: unknown = await neither.run(program('print(1)')).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(SandboxUnavailableError)
  expect(String(refusal)).toMatch(/apt-get install -y bubblewrap.*install podman/)
  const alone = createCodeSandbox({ python, image: undefined })
  await expect(alone.run(program('print(1)'))).rejects.toThrow(/bubblewrap.*SKY_T1_SANDBOX_IMAGE/)
  vi.stubEnv('PATH', path)
})

test('an engine that does not answer is refused with what it says', async () => {
  const broken = join(directory, 'broken')
  await mkdir(broken)
  await writeFile(join(broken, 'docker'), '#!/bin/sh\necho "no daemon" >&2\nexit 1\n', {
    mode: 0o755,
  })
  const path = process.env['PATH']
  vi.stubEnv('PATH', broken)
  await expect(createContainerSandbox({ image }).run(program('print(1)'))).rejects.toThrow(
    /no daemon/,
  )
  vi.stubEnv('PATH', path)
})

async function assertBegun(): Promise<void> {
  const containers = await readdir(join(directory, 'state'))
  if (containers.length === 0) throw new Error('no container runs yet')
}
