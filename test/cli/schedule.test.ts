import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeJson } from '../../activities/artifacts.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { runRecordKey } from '../../activities/run-records.ts'
import { exampleRef } from '../core/example-rows.ts'
import { CommandDeployment, serversAreMissing } from './command-deployment.ts'

const inBucket = (text: string) => text.replace('BUCKET', bucket)

describe.skipIf(serversAreMissing)(
  'sky-t1 schedule nightly (SKY_T1_VERSITYGW, SKY_T1_TEMPORAL)',
  () => {
    let deployment: CommandDeployment
    beforeAll(async () => {
      deployment = await CommandDeployment.start()
      const [recipe, base, student] = ['recipe', 'base', 'student'].map(exampleRef)
      const record = { run: 'first', recipe, curated: 'c', base, student }
      await writeJson(deployment.store(), runRecordKey('first'), record)
    })
    afterAll(() => deployment[Symbol.asyncDispose]())

    const nightly = (...args: readonly string[]) => deployment.skyT1('schedule', 'nightly', ...args)

    const endpoint = 'theirs=endpoint:theirs/Qwen/QwQ-32B-Preview'
    const hub = 'hub:Qwen/Qwen2.5-7B-Instruct@main'
    test.each([
      { of: 'a run', name: 'first', args: ['--run', 'first'], input: { run: 'first' } },
      {
        of: 'a model that others serve',
        name: 'theirs',
        args: ['--model', endpoint, '--benchmarks', 'math500:4', '--recipe', 'miniature'],
        input: { model: endpoint, benchmarks: ['math500:4'], recipe: 'miniature' },
      },
      {
        of: 'a model of the Hub',
        name: 'Qwen2.5-7B-Instruct',
        args: ['--model', hub, '--benchmarks', 'gsm8k', '--level', '0.05'],
        input: { model: hub, benchmarks: ['gsm8k'], level: 0.05 },
      },
    ])('starts the nights of $of under its name', async ({ name, args, input }) => {
      const { stdout } = await nightly(...args)
      expect(stdout).toContain(`schedule nightly-${name} runs every night at 02:00 UTC`)
      const { action } = await deployment.temporal.client.schedule
        .getHandle(`nightly-${name}`)
        .describe()
      expect(action).toMatchObject({ workflowType: 'nightly', args: [input] })
      await expect(nightly(...args)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`schedule nightly-${name} stands already`),
      })
    })

    test.each([
      [['--run', 'none'], '--run none: no run none has ended'],
      [
        ['--model', 's3://BUCKET/models/x', '--benchmarks', 'gsm8k'],
        '--model: s3://BUCKET/models/x: no manifest of a model stands at',
      ],
      [
        ['--model', 'run:none/base', '--benchmarks', 'gsm8k'],
        '--model: run:none/base: no run none',
      ],
      [['--model', 'first=hub:a/b@main', '--benchmarks', 'gsm8k'], 'first is the name of a run'],
    ])('refuses %j in one line, as it was typed', async (args, said) => {
      await expect(nightly(...args.map(inBucket))).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(inBucket(said)),
      })
    })
  },
)
