import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createBubblewrapSandbox } from '../../../adapters/sandbox/bubblewrap-sandbox.ts'
import { type HostileProgram, readHostileCorpus } from '../../../adapters/sandbox/hostile/corpus.ts'
import { proofRecord } from '../../../adapters/sandbox/hostile/proof-record.ts'
import { tryHostile } from '../../../adapters/sandbox/hostile/trial.ts'
import { proveIsolation } from '../../../adapters/sandbox/isolation-proof.ts'
import type { CaseRun, CodeSandbox } from '../../../core/ports/code-sandbox.ts'
import { python, sandbox } from './sandbox-under-test.ts'

type Run = CodeSandbox['run']

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sky-t1-proof-'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await sandbox.close()
  await rm(directory, { recursive: true })
})

const corpus = readHostileCorpus()

function programOf(name: string): HostileProgram {
  const found = corpus.find((program) => program.name === name)
  if (found === undefined) throw new Error(`no program ${name} in the corpus`)
  return found
}

/** A sandbox that says the same of every case and runs nothing. */
function answering(run: Partial<CaseRun>): Run {
  return async ({ tests }) => ({
    kind: 'ran',
    cases: tests.cases.map(() => ({
      end: 'finished',
      output: '',
      error: '',
      cpuMs: 1,
      memoryMiB: 1,
      ...run,
    })),
  })
}

/** A sandbox that is closed once it has started. */
const closed: Run = async (job) => {
  if (job.code === 'pass') return answering({})(job)
  throw new Error('the sandbox is closed')
}

const failing: Run = async () => ({ kind: 'sandbox-failure', message: 'no user namespaces' })

/** As a sandbox that hands the canaries in the worker's environment on. */
const keepingVariables: Run = (job) => {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('CANARY'))
  const keep = `import os; os.environ.update(${JSON.stringify(Object.fromEntries(kept))})\n`
  return sandbox.run({ ...job, code: keep + job.code })
}

/** As a sandbox whose programs kill each other. */
const killingNeighbours: Run = async (job) => {
  const report = await sandbox.run(job)
  const isBeside = job.code.includes('neighbour')
  return isBeside ? { kind: 'sandbox-failure', message: 'killed' } : report
}

describe('a sandbox that is none', () => {
  test.each([
    ['runs nothing', answering({})],
    ['lets everything out', answering({ output: 'leak: read the secrets of the host' })],
    ['ends everything in time', answering({ end: 'time-limit' })],
  ])('and %s passes with no program of the corpus', async (_, run) => {
    const trials = await Promise.all(corpus.map((program) => tryHostile(program, run)))
    expect(trials.filter(({ seen }) => seen.length === 0)).toEqual([])
  })

  test('is refused, with the programs by name and what they did', async () => {
    const records = join(directory, 'none')
    const run = answering({ output: 'leak: read the secrets of the host' })
    const told: number[] = []
    const proving = (programs: number) => void told.push(programs)
    const proof = proveIsolation({ run, setting: [], records, proving })
    await expect(proof).rejects.toThrow(
      new RegExp(`does not hold ${corpus.length} of ${corpus.length} hostile programs`),
    )
    await expect(proof).rejects.toThrow(/big-numbers\/\w+: read the secrets of the host/)
    expect(await readdir(directory)).not.toContain('none')
    expect(told).toEqual([corpus.length])
  })

  test('and does not start is refused with what it said', async () => {
    const proof = proveIsolation({ run: failing, setting: [], records: undefined })
    await expect(proof).rejects.toThrow(/does not start here \(no user namespaces\); mend: /)
  })
})

test('a proof that cannot go on leaves nothing of its programs behind', async () => {
  const proof = proveIsolation({ run: closed, setting: [], records: undefined })
  await expect(proof).rejects.toThrow('the sandbox is closed')
  expect(Object.keys(process.env).filter((name) => name.startsWith('CANARY'))).toEqual([])
})

describe('a sandbox that lacks one wall', () => {
  test('to the network is found out by the listeners', async () => {
    const change = { without: ['--unshare-net', '--seccomp 3'], extra: [] }
    const names = ['network/tcp', 'network/udp', 'network/abstract', 'network/shared-ports']
    expect(await seenUnder(change, names)).toEqual({
      'network/tcp': expect.arrayContaining(['it reached the host over TCP']),
      'network/udp': expect.arrayContaining(['it reached the host over udp4']),
      'network/abstract': expect.arrayContaining(['it reached the host over an abstract socket']),
      'network/shared-ports': expect.arrayContaining(["shares the host's ports"]),
    })
  })

  test('to the files of the host is found out by the canary, and by what is left', async () => {
    const change = { without: [], extra: ['--bind', tmpdir(), '/tmp'] }
    const names = [
      'host-files/canary',
      'bombs/zip-outwards',
      'links/to-the-canary',
      'leftovers/files',
      'neighbours/temporary-files',
      'network/unix',
    ]
    const seen = await seenUnder(change, names)
    expect(seen['host-files/canary']).toContain('it changed a file of the host')
    expect(seen['bombs/zip-outwards']).toContain('it changed a file of the host')
    expect(seen['links/to-the-canary']).toContain('read through a link')
    expect(seen['leftovers/files']?.join()).toMatch(/left \d+ files on the host/)
    expect(seen['neighbours/temporary-files']?.join()).toMatch(/found \/tmp\/neighbour-/)
    expect(seen['network/unix']).toContain('it reached the host over a Unix socket')
  })

  test('to the processes of the host is found out', async () => {
    const change = { without: [], extra: ['--ro-bind', '/proc', '/proc'] }
    const seen = await seenUnder(change, ['proc/other-environments'])
    expect(seen['proc/other-environments']).not.toEqual([])
  })

  test('to the kernel is found out by its answers', async () => {
    const change = { without: ['--seccomp 3'], extra: [] }
    const names = ['network/io-uring', 'keyrings/keep', 'neighbours/file-locks', 'ipc/kept-objects']
    const seen = await seenUnder(change, names)
    expect(names.filter((name) => seen[name]?.length === 0)).toEqual([])
  })

  test('to the environment of the worker is found out by the canary in it', async () => {
    const names = ['environment/variables', 'environment/by-programs']
    const trials = await Promise.all(
      names.map((name) => tryHostile(programOf(name), keepingVariables)),
    )
    for (const { seen } of trials) {
      expect(seen).toContain("it knows a variable of the worker's environment")
    }
  })

  test('between its programs is found out by the one that runs beside', async () => {
    const { seen } = await tryHostile(programOf('signals/own-death'), killingNeighbours)
    expect(seen).toEqual(['the program beside it did not run: killed'])
  })
})

/** What the programs saw under a bubblewrap with some arguments left out, and others put in. */
async function seenUnder(change: BubblewrapChange, names: readonly string[]) {
  const path = await changedBubblewrap(change)
  vi.stubEnv('PATH', `${path}:${process.env['PATH']}`)
  const weak = createBubblewrapSandbox({ python, parallelism: 2 })
  const seen = new Map<string, readonly string[]>()
  for (const name of names) {
    seen.set(name, (await tryHostile(programOf(name), (job) => weak.run(job))).seen)
  }
  await weak.close()
  return Object.fromEntries(seen)
}

type BubblewrapChange = {
  /** Options with their value, as they are given. */
  readonly without: readonly string[]
  readonly extra: readonly string[]
}

/** A directory with a `bwrap` that calls the real one with other arguments. */
async function changedBubblewrap({ without, extra }: BubblewrapChange): Promise<string> {
  const real = execFileSync('sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).trim()
  const skipped = without.map((option) => {
    const [name, value] = option.split(' ')
    return `${name}) ${value === undefined ? '' : 'shift'} ;;`
  })
  const script = `#!/bin/sh
left=$#
while [ "$left" -gt 0 ]; do
  before=$#
  case "$1" in
    ${skipped.join('\n    ')}
    --remount-ro) set -- "$@" ${extra.join(' ')} "$1" ;;
    *) set -- "$@" "$1" ;;
  esac
  shift
  left=$((left - 1))
  case "$#" in $((before - 2))) left=$((left - 1)) ;; esac
done
exec ${real} "$@"
`
  const path = await mkdtemp(join(directory, 'weak-'))
  await writeFile(join(path, 'bwrap'), script, { mode: 0o755 })
  return path
}

describe('a proof', () => {
  test('stands for the setting that it was given for, and what its files hold', async () => {
    const records = join(directory, 'records')
    const program = join(directory, 'program')
    await writeFile(program, 'one')
    const setting = [program, '--unshare-net']
    expect(proofRecord(records, setting).stands).toBe(false)
    proofRecord(records, setting).keep()
    expect(proofRecord(records, setting).stands).toBe(true)
    expect(proofRecord(records, [program]).stands).toBe(false)
    await writeFile(program, 'two')
    expect(proofRecord(records, setting).stands).toBe(false)
  })

  test('that was given before the host started again, or was cut off, stands no more', async () => {
    const records = join(directory, 'restarted')
    proofRecord(records, []).keep()
    const [name = ''] = await readdir(records)
    for (const content of ['{"boot":"of yesterday"}', '{"boo']) {
      await writeFile(join(records, name), content)
      expect(proofRecord(records, []).stands).toBe(false)
    }
    proofRecord(records, ['another']).keep()
    expect(await readdir(records)).not.toContain(name)
  })

  test('that stands is made sure of by a few programs', async () => {
    const records = join(directory, 'standing')
    proofRecord(records, ['here']).keep()
    const ran = new Set<string>()
    const run: Run = (job) => {
      ran.add(/^# tries: .*$/m.exec(job.code)?.[0] ?? '')
      return sandbox.run(job)
    }
    const told: number[] = []
    const proving = (programs: number) => void told.push(programs)
    await proveIsolation({ run, setting: ['here'], records, proving })
    expect(told).toEqual([])
    const few = corpus.filter(({ always }) => always).map(({ tries }) => `# tries: ${tries}`)
    expect([...ran].filter(Boolean).toSorted()).toEqual(few.toSorted())
    expect(few.length).toBeLessThan(corpus.length / 8)
  })
})
