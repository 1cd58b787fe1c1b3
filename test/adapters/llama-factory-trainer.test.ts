import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLlamaFactoryTrainer } from '../../adapters/llama-factory-trainer.ts'
import { writeToyControl, writeToyPython } from '../activities/training-node.ts'
import { exampleTraining } from '../core/training/example-training.ts'
import { failureOf } from './chat-server.ts'

const key = 'a-key-that-nobody-should-read'
const settings = ['WANDB_API_KEY', 'WANDB_PROJECT', 'WANDB_TAGS']

const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy']
const patience = { timeout: 60_000, interval: 50 }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sky-t1-trainer-'))
  for (const name of settings) vi.stubEnv(name, key)
  vi.stubEnv('WANDB_RUN_ID', key)
  vi.stubEnv('HF_TOKEN', key)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true, force: true })
})

/** Trains with the toy to the end; gives the variables that it saw and the texts of all files of the job. */
async function train(reportTo: 'none' | 'wandb') {
  await writeToyControl(directory, { steps: 2, stepMs: 1 })
  const python = await writeToyPython(directory)
  const trainer = trainerOf(python)
  const job = join(directory, 'job')
  await trainer.launch(jobIn(job, reportTo))
  const ended = async () => (await trainer.look(job)).finalModel
  await expect.poll(ended, patience).toBeDefined()
  const files = (await readdir(job, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  )
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  )
  const { logFile } = await trainer.look(job)
  const variables = /^variables: (.*)$/m.exec(await readFile(logFile, 'utf8'))?.[1]?.split(' ')
  return { variables, texts }
}

describe('a trainer', () => {
  test('that reports to wandb has the settings that the user made, and they are in no file', async () => {
    const { variables, texts } = await train('wandb')
    expect(variables).toEqual(expect.arrayContaining(settings))
    expect(variables).not.toContain('WANDB_RUN_ID')
    expect(variables).not.toContain('HF_TOKEN')
    expect(texts.join()).toContain('report_to: wandb\nrun_name: miniature\n')
    expect(texts.filter((text) => text.includes(key))).toEqual([])
  })

  test('that reports to wandb reaches it by the proxy, and no other one is told of it', async () => {
    for (const name of proxies) vi.stubEnv(name, 'http://proxy:3128')
    expect((await train('wandb')).variables).toEqual(expect.arrayContaining(proxies))
    await rm(join(directory, 'job'), { recursive: true })
    const { variables } = await train('none')
    expect(variables?.filter((name) => proxies.includes(name))).toEqual([])
  })

  test.each([
    'http://user:pass%40word@proxy:3128',
    'user:pass%40word@proxy:3128',
    'HTTP://user:pass%40word@proxy',
  ])('that prints %s as its proxy, and its key, tells neither', async (address) => {
    vi.stubEnv('https_proxy', address)
    const program = 'echo "no way by $https_proxy (pass@word) with $WANDB_API_KEY"; exit 1'
    const trainer = trainerOf(await pythonThat(program))
    const job = join(directory, 'job')
    await trainer.launch(jobIn(job, 'wandb'))
    const sight = () => trainer.look(job)
    await expect.poll(async () => (await sight()).tail, patience).toMatch(/^no way by .* with \S+/)
    await trainer.kill(job)
    const { tail, logFile } = await sight()
    for (const text of [tail, await readFile(logFile, 'utf8')]) {
      expect(text).toContain('no way by ')
      expect(text).toContain('user:***@proxy')
      expect(text).toContain('(***) with ***')
    }
  })

  test('that reports nowhere has none of them', async () => {
    const { variables } = await train('none')
    expect(variables).toContain('PATH')
    expect(variables?.filter((name) => name.startsWith('WANDB_'))).toEqual([])
  })

  test('has the network settings of NCCL and gloo', async () => {
    vi.stubEnv('NCCL_SOCKET_IFNAME', 'eth0')
    vi.stubEnv('GLOO_SOCKET_IFNAME', 'eth0')
    const { variables } = await train('none')
    expect(variables).toEqual(expect.arrayContaining(['NCCL_SOCKET_IFNAME', 'GLOO_SOCKET_IFNAME']))
  })

  test('that torchrun reports as failed shows what it said itself', async () => {
    const report = [
      'E1123 11:08:34.7 1 torch/distributed/elastic/api.py:986] failed (exitcode: 1) local_rank: 0',
      'torch.distributed.elastic.multiprocessing.errors.ChildFailedError:',
      '='.repeat(60),
      ...Array.from({ length: 12 }, (_, at) => `[${at}]: exitcode 1`),
      '='.repeat(60),
    ]
    const own = ['step 1', 'torch.OutOfMemoryError: CUDA out of memory']
    await writeFile(join(directory, 'trainer.log'), [...own, ...report, ''].join('\n'))
    const { tail } = await trainerOf('').look(directory)
    expect(tail).toBe(own.join('\n'))
  })

  test('that reports to wandb is refused in one line where its Python has none', async () => {
    const python = await pythonThat('echo "Traceback" >&2; exit 1')
    const { name, message } = await failureOf(trainerOf(python).check({ reportTo: 'wandb' }))
    expect(name).toBe('TrainerUnavailableError')
    expect(message).toBe(
      `field training.reportTo: wandb does not import in ${python}; install it there ` +
        `(\`uv pip install --python ${python} wandb\`), or make the field none`,
    )
  })

  test('that reports to wandb is refused in one line where it has no valid key', async () => {
    const python = await pythonThat('case "$3" in *"login("*) exit 1 ;; esac')
    const { name, message } = await failureOf(trainerOf(python).check({ reportTo: 'wandb' }))
    expect(name).toBe('TrainerUnavailableError')
    expect(message).toBe(
      'field training.reportTo: wandb has no valid key; set WANDB_API_KEY, or WANDB_MODE=offline, in the ' +
        "worker's environment, or make the field none",
    )
  })

  test.each([
    { reportTo: 'wandb', program: 'exit 0' },
    { reportTo: 'none', program: 'exit 1' },
  ] as const)('that reports to $reportTo is taken where $program', async (given) => {
    const { reportTo, program } = given
    const trainer = trainerOf(await pythonThat(program))
    await expect(trainer.check({ reportTo })).resolves.toBeUndefined()
  })
})

function jobIn(job: string, reportTo: 'none' | 'wandb') {
  return {
    directory: job,
    name: 'miniature',
    training: { ...exampleTraining, reportTo },
    seed: 1,
    rows: 4,
    modelDirectory: join(job, 'base'),
    datasetDirectory: join(job, 'dataset'),
  }
}

function trainerOf(python: string) {
  return createLlamaFactoryTrainer({ python, programs: directory })
}

/** An interpreter that answers whatever it is asked in one way. */
async function pythonThat(program: string): Promise<string> {
  const python = join(directory, 'python')
  await writeFile(python, `#!/bin/sh\n${program}\n`)
  await chmod(python, 0o755)
  return python
}
