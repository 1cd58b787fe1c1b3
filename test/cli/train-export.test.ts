import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writeTracked } from '../../cli/train-export.ts'
import { trainedRun } from '../activities/trained-run.ts'
import { trackedExample } from '../core/tracking/tracked-example.ts'
import { CommandDeployment, serversAreMissing } from './command-deployment.ts'
import { startTrackingServer } from './tracking-server.ts'

const python = process.env['SKY_T1_TRACKERS_PYTHON']
const run = promisify(execFile)
/** More than fit into a few blocks of wandb's file. */
const training = trackedExample(1350)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-trackers-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('writes no export over another', async () => {
  const output = join(folder, 'twice')
  for (const format of ['wandb', 'tensorboard'] as const) {
    const made = await writeTracked(training, format, output)
    const again = writeTracked(training, format, output)
    await expect(again).rejects.toThrow(`${made} is there already: remove it, or name another`)
  }
})

describe.skipIf(python === undefined)('the real trackers (needs SKY_T1_TRACKERS_PYTHON)', () => {
  it('TensorBoard reads every step', async () => {
    const output = join(folder, 'tensorboard')
    const made = await writeTracked(training, 'tensorboard', output)
    const { stdout } = await run(python ?? '', ['-c', readEvents, made])
    const curves = z.record(z.string(), z.array(z.tuple([z.number(), z.int(), z.number()])))
    const read = curves.parse(JSON.parse(stdout))
    const started = training.startedAt.getTime() / 1000
    const curve = (value: 'loss' | 'learningRate') =>
      training.steps.map((step) => [
        expect.closeTo(started + step.globalStep, 3),
        step.globalStep,
        Math.fround(step[value]),
      ])
    expect(read).toEqual({
      'train/loss': curve('loss'),
      'train/learning_rate': curve('learningRate'),
    })
  })

  it('`wandb sync` uploads the run whole', async () => {
    // Longer than three blocks of wandb's file.
    const config = { ...training.config, note: 'long '.repeat(20_000) }
    const made = await writeTracked({ ...training, config }, 'wandb', join(folder, 'wandb'))
    const server = await startTrackingServer()
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      WANDB_BASE_URL: server.url,
      WANDB_API_KEY: 'a'.repeat(40),
      WANDB_ERROR_REPORTING: 'false',
    }
    const sync = join(dirname(python ?? ''), 'wandb')
    const { stderr } = await run(sync, ['sync', made], { env, cwd: folder }).finally(server.close)
    const { id, name, project } = training
    expect(stderr).toContain(`${server.url}/someone/${project}/runs/${id}`)
    expect(stderr).toContain('Finished syncing')
    const { runs, lines, exitCode } = server.received
    expect(runs[0]).toMatchObject({ name: id, displayName: name, project })
    expect(JSON.parse(String(runs[0]?.['config']))).toMatchObject({
      seed: { value: 42 },
      training: { value: training.config['training'] },
      note: { value: config.note },
    })
    const history = lines['wandb-history.jsonl']?.map((line): unknown => JSON.parse(line))
    expect(history).toEqual(
      training.steps.map(({ globalStep, loss, learningRate }) => ({
        'train/global_step': globalStep,
        'train/loss': loss,
        'train/learning_rate': learningRate,
        _step: globalStep,
        _runtime: expect.closeTo(globalStep, 3),
        _timestamp: expect.closeTo(training.startedAt.getTime() / 1000 + globalStep, 3),
      })),
    )
    expect(JSON.parse(lines['wandb-summary.json']?.at(-1) ?? '')).toMatchObject({
      'train/loss': training.steps.at(-1)?.loss,
      _wandb: { runtime: 1350 },
    })
    expect(exitCode).toBe(0)
  })
})

describe.skipIf(serversAreMissing)(
  'sky-t1 train export (SKY_T1_VERSITYGW, SKY_T1_TEMPORAL)',
  () => {
    let deployment: CommandDeployment
    let key: string
    beforeAll(async () => {
      deployment = await CommandDeployment.start()
      key = await trainedRun(deployment.store(), 'first', training.steps)
      const second = { workflowId: 'second', taskQueue: 'none' }
      await deployment.temporal.client.workflow.start('reproduce', second)
    })
    afterAll(() => deployment[Symbol.asyncDispose]())

    const trainExport = (...args: readonly string[]) => deployment.skyT1('train', 'export', ...args)

    it('writes the same training of a run and of its key', async () => {
      const [ofRun, ofKey] = [join(folder, 'of-run'), join(folder, 'of-key')]
      const wandb = await trainExport('first', '--format', 'wandb', '--output', ofRun)
      expect(await readdir(ofRun)).toEqual([basename(wandb.stdout.trim())])
      const events = await trainExport(key, '--format', 'tensorboard', '--output', ofKey)
      expect(events.stdout.trim()).toBe(join(ofKey, key.slice(0, 16)))
    })

    it.each([
      ['second', 'run second has no report of a finished training'],
      ['third', 'there is no run third'],
      ['0'.repeat(64), 'no finished training stands at'],
    ])('says why %s has nothing to export', async (named, said) => {
      const exported = trainExport(named, '--format', 'wandb', '--output', join(folder, 'none'))
      await expect(exported).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(said),
      })
    })
  },
)

/** Prints the scalars of a folder of event files: wall time, step and value, by name. */
const readEvents = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
print(json.dumps({
    name: [[each.wall_time, each.step, each.value] for each in events.Scalars(name)]
    for name in events.Tags()["scalars"]
}))
`
