import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { outputOf } from '../../../infra/setup/command.ts'
import { inspectInstallation } from '../../../infra/setup/inspect.ts'
import { progressLine, type SetUpProgress } from '../../../infra/setup/progress.ts'
import { setUp, setUpWhatCanBe } from '../../../infra/setup/set-up.ts'

let cache: string
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'sky-t1-set-up-'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rm(cache, { recursive: true, force: true }))

describe('set-up', () => {
  it('installs once where two run at once, and is silent where all is there', async () => {
    const said: SetUpProgress[] = []
    const progress = (each: SetUpProgress) => void said.push(each)
    const request = { cache, components: ['uv'], progress } as const
    const [one, other] = await Promise.all([setUp(request), setUp(request)])
    expect(one).toEqual(other)
    expect(await outputOf(one.uv, ['--version'])).toMatch(/^uv /)
    const phases = said.map(({ phase }) => phase)
    expect(phases.filter((phase) => phase.startsWith('installed'))).toHaveLength(1)
    expect(phases).toContain('waiting: another set-up is installing it')

    said.length = 0
    expect(await setUp(request)).toEqual(one)
    expect(said).toEqual([])
  })

  it('names what is missing, what it is for and the mend, one line each', async () => {
    vi.stubEnv('PATH', cache) // nothing is found here, neither Python nor apt-get
    const failed = setUp({ cache, components: ['graderPython', 'bwrap'], progress: () => {} })
    await expect(failed).rejects.toThrow(/python \(makes .*\): .*; mend: apt-get install python3/)
    await expect(failed).rejects.toThrow(/bwrap \(the sandbox .*\): .*; mend: apt-get install bub/)
  })

  it('leaves out what the rest does without, and says what mends it', async () => {
    vi.stubEnv('PATH', cache)
    const said: SetUpProgress[] = []
    const progress = (each: SetUpProgress) => void said.push(each)
    await setUpWhatCanBe({ cache, components: ['cpp'], progress })
    expect(said.at(-1)?.phase).toMatch(/^left out: .*mend: apt-get install g\+\+/s)
  })
})

describe('an inspection', () => {
  it('lists every component, with its mend where it is missing', async () => {
    const rows = await inspectInstallation(join(cache, 'empty'))
    const uv = rows.find(({ name }) => name === 'uv')
    expect(uv).toMatchObject({ state: 'missing', mend: expect.stringContaining('npm run') })
    const python = rows.find(({ name }) => name === 'python')
    expect(python).toMatchObject({ state: 'ok', version: expect.stringMatching(/^3\./) })
  })
})

test('a line of progress has the component, the phase and the time so far', () => {
  const progress = { component: 'versitygw', phase: 'building', elapsedMs: 64_500 } as const
  expect(progressLine(progress)).toBe('set-up · versitygw · building (1:04)')
})
