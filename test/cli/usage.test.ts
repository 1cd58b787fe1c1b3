import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from './program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-cli-'))
  await writeFile(join(folder, 'broken.yaml'), 'name: [first\nsecond: }')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs `sky-t1` where no stack is up. */
function skyT1(...args: readonly string[]) {
  const { TEMPORAL_ADDRESS: _, ...others } = process.env
  return runProgram(args, { ...others, SKY_T1_STATE_DIR: join(folder, 'state') })
}

const commands = [
  'start RECIPE',
  'estimate RECIPE',
  'watch RUN',
  'status RUN',
  'report RUN',
  'publish RUN --repo',
  'trace ROW',
  'train plan PROFILE … | train export RUN …',
  'schedule nightly',
  'stack',
  'doctor',
]

// Each starts a program: side by side they take less long.
describe.concurrent('sky-t1', () => {
  it('tells its commands to whoever asks', async () => {
    const { code, out, error } = await skyT1('--help')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    for (const usage of commands) expect(out).toContain(`sky-t1 ${usage}`)
  })

  it('tells how each command is used', async () => {
    for (const usage of ['start RECIPE', 'publish RUN --repo', 'stack']) {
      const { code, out, error } = await skyT1(usage.split(' ')[0] ?? '', '--help')
      expect({ code, error }).toEqual({ code: 0, error: '' })
      expect(out).toMatch(`usage: sky-t1 ${usage}`)
    }
  })

  it.each([
    [['toString'], 'no command toString'],
    [['start', 'miniature', 'more'], 'leave out more'],
    [['start', 'minature'], 'no recipe minature; there are'],
    [['start', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['start', 'BROKEN'], 'is no YAML'],
    [['start', 'miniature', '--until', 'train'], 'field until'],
    [['start', 'miniature', '--name', '../up'], '--name ../up'],
    [['start', 'miniature', '--set', 'mixture=[1'], 'no JSON'],
    [['start', 'miniature', '--set', 'seed=4o'], 'field seed'],
    [['start', 'miniature', '--fast'], "'--fast'"],
    [['estimate', 'miniature', '--rows', 'many'], '--rows many'],
    [['evaluate', 'student', '--benchmarks', 'gsm8k'], 'MODEL: student is no model'],
    [['evaluate', 'run:a', '--benchmarks', 'gsm8k', '--set', 'seed'], '--set seed'],
    [['evaluate', 'run:a', '--benchmarks', 'gsm8k', '--recipe', 'no.yaml'], 'no.yaml: no such'],
    [['status', 'first', 'second'], 'leave out second'],
    [['publish', 'first', '--repo', 'no-owner'], '--repo'],
    [['trace'], 'name a row'],
    [['trace', 'abcd', 'ef01'], 'leave out ef01'],
    [['trace', 'abcd', '--revision', '1'], '--revision is of a source'],
    [['train', 'export'], 'name a run'],
    [['train', 'export', 'first', '--output', 'out'], 'name one of wandb, tensorboard'],
    [['train', 'export', 'first', '--format', 'wandb'], '--output DIR'],
    [['train'], 'name what to do: plan or export'],
    [['train', 'plan'], 'name a profile'],
    [['train', 'plan', 'faithful', '--set', 'training.lr=1'], 'unknown field training.lr; remove'],
    [['evaluate', 'run:a', 'QwQ', '--benchmarks', 'gsm8k'], 'field MODEL: QwQ is no model; write'],
    [['schedule', 'nightly'], 'name one model'],
    [['schedule', 'nightly', '--run', 'a', '--model', 'run:b'], 'name one model'],
    [
      ['schedule', 'nightly', '--model', 'QwQ', '--benchmarks', 'gsm8k'],
      '--model: QwQ is no model',
    ],
    [['schedule', 'nightly', '--model', 'hub:a/b@main'], 'field benchmarks: name benchmarks'],
    [
      ['schedule', 'nightly', '--run', 'a', '--benchmarks', 'gsm8k', '--recipe', 'minature'],
      'no recipe minature; there are',
    ],
    [['stack', '--data', '/no/such/folder'], '--data /no/such/folder'],
    [['doctor', '--json'], '--json goes with --sandbox'],
  ])('answers %j in one line, with code 2', async (args, said) => {
    const typed = args.map((each) => (each === 'BROKEN' ? join(folder, 'broken.yaml') : each))
    const { code, out, error } = await skyT1(...typed)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toContain(said)
    expect(error.trimEnd().split('\n')).toHaveLength(1)
  })
})
