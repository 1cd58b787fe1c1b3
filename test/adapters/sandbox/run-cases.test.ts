import { expect, test } from 'vitest'
import { type EntryPart, runCases } from '../../../adapters/sandbox/run-cases.ts'
import type { EntryReport } from '../../../adapters/sandbox/sandbox-entry.ts'
import type { CaseEnd, CaseRun, SandboxJob } from '../../../core/ports/code-sandbox.ts'
import { program } from './sandbox-under-test.ts'

const job = program(
  'pass',
  [1, 2, 3].map((input) => ({ input: String(input), output: '' })),
)

function run(end: CaseEnd, cpuMs = 900): CaseRun {
  return { end, output: '', error: '', cpuMs, memoryMiB: 1 }
}

/** Entries that answer one after the other, and the ranges that they were asked for. */
function entries(...reports: Array<readonly CaseRun[] | EntryReport>) {
  const asked: EntryPart[] = []
  const enter = async (part: EntryPart): Promise<EntryReport> => {
    asked.push(part)
    const report = reports.shift() ?? []
    return 'kind' in report ? report : { kind: 'ran', cases: report }
  }
  return { asked, enter }
}

test('a time-out that does not come again alone was load, and the rest is run', async () => {
  const { asked, enter } = entries(
    [run('finished'), run('time-limit')],
    [run('finished')],
    [run('finished')],
  )
  const report = await runCases(job, enter)
  expect(report).toMatchObject({ cases: [1, 2, 3].map(() => ({ end: 'finished' })) })
  expect(asked).toEqual([
    { kind: 'cases', from: 0, to: 3, executable: null, metered: false },
    { kind: 'cases', from: 1, to: 2, executable: null, metered: true },
    { kind: 'cases', from: 2, to: 3, executable: null, metered: false },
  ])
})

test('a time-out that comes again alone ends the run', async () => {
  const { asked, enter } = entries([run('time-limit')], [run('time-limit')])
  const report = await runCases(job, enter)
  expect(report).toMatchObject({
    cases: [{ end: 'time-limit' }, { end: 'not-run' }, { end: 'not-run' }],
  })
  expect(asked).toHaveLength(2)
})

test('a program that only waited is not run again', async () => {
  const { asked, enter } = entries([run('time-limit', 3)])
  await runCases(job, enter)
  expect(asked).toHaveLength(1)
})

test('an entry that ended early is followed by another for the rest', async () => {
  const { asked, enter } = entries([run('memory-limit')], [run('finished'), run('finished')])
  await runCases(job, enter)
  expect(asked).toMatchObject([{ from: 0 }, { from: 1 }])
})

test('an entry that failed is the end of the run', async () => {
  const { enter } = entries([run('finished')], { kind: 'sandbox-failure', message: 'lost' })
  expect(await runCases(job, enter)).toEqual({ kind: 'sandbox-failure', message: 'lost' })
})

const compiledJob: SandboxJob = { ...job, language: 'cpp' }

test('a program that is compiled is compiled once, and run from what that made', async () => {
  const { asked, enter } = entries(
    { kind: 'compiled', executable: 'AA==' },
    [run('memory-limit')],
    [run('finished'), run('finished')],
  )
  await runCases(compiledJob, enter)
  expect(asked).toEqual([
    { kind: 'compile' },
    { kind: 'cases', from: 0, to: 3, executable: 'AA==', metered: false },
    { kind: 'cases', from: 1, to: 3, executable: 'AA==', metered: false },
  ])
})

test.each(['compile-error', 'language-unavailable'] as const)(
  'after %s no case is run',
  async (kind) => {
    const { asked, enter } = entries({ kind, message: 'why' })
    expect(await runCases(compiledJob, enter)).toEqual({ kind, message: 'why' })
    expect(asked).toEqual([{ kind: 'compile' }])
  },
)
