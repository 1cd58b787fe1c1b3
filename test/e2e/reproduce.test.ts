import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../../activities/prepare-student.ts'
import type { RunStatus } from '../../core/run-status.ts'
import type { nightly } from '../../workflows/nightly.ts'
import type { evaluate } from '../../workflows/evaluate.ts'
import type { train } from '../../workflows/train.ts'
import { runProgram } from '../cli/program.ts'
import { startTestStack, stackIsInstalled, type TestStack } from './local-stack.ts'
import {
  datasetDigests,
  readReport,
  releaseManifest,
  releaseRecord,
  runSmall,
  servedCounts,
  smallTraining,
  stageState,
  startSmallRun,
} from './small-run.ts'

const minutes = 60_000

describe.skipIf(!stackIsInstalled)('reproduce, every part real', () => {
  let stack: TestStack
  let status: RunStatus

  beforeAll(async () => {
    stack = await startTestStack()
    status = await runSmall(stack, 'small')
  }, 15 * minutes)

  afterAll(() => stack?.stop())

  test('every stage ends, with its counts and its cost', () => {
    expect(status.status).toBe('completed')
    expect(status.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      'curate done',
      'sample done',
      'reformat done',
      'verify done',
      'assemble done',
      'release done',
      'train done',
      'evaluate done',
      'report done',
    ])
    const sampled = status.stages.find(({ stage }) => stage === 'sample')
    expect(sampled?.counts['responses']).toBe(210)
    expect(sampled?.cost.requests).toBe(210)
    expect(sampled?.cost.dollars).toBeGreaterThan(0)
  })

  test('the data set has the rows that its mixture asks for, and the rejected beside them', async () => {
    const report = await readReport(stack, 'small')
    const rows = report.yields.reduce((sum, { datasetRows }) => sum + datasetRows, 0)
    expect(rows).toBe(150)
    const accepted = report.yields.reduce((sum, each) => sum + each.accepted, 0)
    const traces = report.yields.reduce((sum, each) => sum + each.traces, 0)
    expect(accepted).toBeGreaterThan(150)
    expect(accepted).toBeLessThan(traces)
  })

  test('base and student are scored on the same held-out problems', async () => {
    const { scores } = await readReport(stack, 'small')
    expect(scores.map(({ model, accuracy }) => [model, accuracy.n])).toEqual([
      ['base', 20],
      ['student', 20],
    ])
    expect(scores[0]?.modelDigest).not.toBe(scores[1]?.modelDigest)
  })

  test('histories stay small: no payload over 64 KiB, under 2,000 events', async () => {
    for (const workflowId of ['small', 'small/distill', 'small/train', 'small/evaluate']) {
      const { events = [] } = await stack.client.workflow.getHandle(workflowId).fetchHistory()
      expect(events?.length).toBeLessThan(2000)
      for (const event of events ?? []) {
        expect(JSON.stringify(event).length).toBeLessThan(64 * 1024)
      }
    }
  })

  test('no secret is in any history, log or report', async () => {
    const secret = process.env['AWS_SECRET_ACCESS_KEY'] ?? ''
    expect(secret.length).toBeGreaterThan(8)
    for (const workflowId of ['small', 'small/distill', 'small/train', 'small/evaluate']) {
      const history = await stack.client.workflow.getHandle(workflowId).fetchHistory()
      expect(decoded(history)).not.toContain(secret)
    }
    const page = new TextDecoder().decode(await stack.store.get('runs/small/report.html'))
    expect(page).not.toContain(secret)
    for (const { log } of stack.stack.processes()) {
      expect(await readFile(log, 'utf8')).not.toContain(secret)
    }
  })

  test(
    'the same run again finds every stage done and asks no endpoint',
    async () => {
      const before = await servedCounts(stack)
      const again = await runSmall(stack, 'small-again')
      expect(await servedCounts(stack)).toEqual(before)
      const states = again.stages.slice(0, 8).map(({ stage, state }) => `${stage} ${state}`)
      expect(states).toEqual([
        'curate reused',
        'sample reused',
        'reformat reused',
        'verify reused',
        'assemble reused',
        'release reused',
        'train reused',
        'evaluate reused',
      ])
    },
    6 * minutes,
  )

  test(
    'a night re-evaluates the student and is appended to the history of scores',
    async () => {
      const nights = await stack.client.workflow.execute<typeof nightly>('nightly', {
        workflowId: 'night',
        taskQueue: 'sky-t1',
        args: [{ run: 'small' }],
      })
      expect(nights.map(({ score }) => score?.model)).toEqual(['student'])
      expect(await stack.store.find('runs/small/history.jsonl.gz')).toBeDefined()
    },
    8 * minutes,
  )

  test(
    'a second store gives byte-identical data-set shards and released files for the same seed',
    async () => {
      const other = await startTestStack()
      try {
        const handle = await startSmallRun(other, 'small')
        await expect
          .poll(() => stageState(other, 'small', 'release'), { timeout: 6 * minutes })
          .toBe('done')
        await handle.terminate('the data set is all that is compared')
        expect(await datasetDigests(other)).toEqual(await datasetDigests(stack))
        expect(await releaseManifest(other, 'small')).toBe(await releaseManifest(stack, 'small'))
      } finally {
        await other.stop()
      }
    },
    10 * minutes,
  )

  test(
    'a training by itself, on the release of the run, ends with the same weights',
    async () => {
      const { prefix } = await releaseRecord(stack, 'small')
      const { model } = await stack.client.workflow.getHandle<typeof train>('small/train').result()
      const alone = await stack.client.workflow.execute<typeof train>('train', {
        workflowId: 'alone',
        taskQueue: 'sky-t1',
        args: [{ profile: 'miniature', dataset: stack.store.uri(prefix), ...smallTraining }],
      })
      expect(alone.model.uri).not.toBe(model.uri)
      const digests = [model, alone.model].map(async (ref) => readModel(stack.store, ref))
      const [first, second] = await Promise.all(digests)
      expect(second?.digest).toBe(first?.digest)
    },
    8 * minutes,
  )

  test(
    'an evaluation by itself finds what the run sampled, and samples only what is missing',
    async () => {
      const evaluated = (workflowId: string, benchmark: string) =>
        stack.client.workflow.execute<typeof evaluate>('evaluate', {
          workflowId,
          taskQueue: 'sky-t1',
          args: [
            { models: ['base=run:small/base', 'run:small'], benchmarks: [benchmark], name: 'both' },
          ],
        })
      const ofRun = await stack.client.workflow
        .getHandle<typeof evaluate>('small/evaluate')
        .result()
      const again = await evaluated('evaluate-both', 'held-out')
      expect(again.map(({ score }) => score.accuracy)).toEqual(
        ofRun.map(({ score }) => score.accuracy),
      )
      const twice = await evaluated('evaluate-twice', 'held-out:2')
      expect(twice.map(({ score }) => score.accuracy.n)).toEqual(
        ofRun.map(({ score }) => 2 * score.accuracy.n),
      )
      const page = await stack.store.get('evaluations/both/report/index.html')
      expect(new TextDecoder().decode(page)).toContain('Held-out problems')
    },
    8 * minutes,
  )

  test(
    'the command line shows scores and their difference, and says by what an evaluation failed',
    async () => {
      const named = ['--benchmarks', 'held-out', '--name', 'typed']
      const evaluated = await skyT1(stack, 'evaluate', 'base=run:small/base', 'run:small', ...named)
      expect(evaluated).toMatchObject({ code: 0, out: expect.stringMatching(/^held-out +small /m) })
      const compared = await skyT1(stack, 'compare', 'typed/small', 'typed/base')
      const line = /^held-out: typed\/base less typed\/small .*points.*, \d+ problems\)$/m
      expect(compared).toMatchObject({ code: 0, out: expect.stringMatching(line) })
      const ofRuns = await skyT1(stack, 'compare', 'small/base', 'small')
      const other = /^held-out: small less small\/base .* points/m
      expect(ofRuns).toMatchObject({ code: 0, out: expect.stringMatching(other) })
      const refused = await skyT1(stack, 'evaluate', 'run:none', ...named)
      expect(refused).toMatchObject({
        code: 1,
        error: expect.stringMatching(/no run none has ended/),
      })
    },
    6 * minutes,
  )
})

/** Runs `sky-t1` on a stack that is up. */
function skyT1({ stack, stateDirectory }: TestStack, ...args: readonly string[]) {
  return runProgram(args, {
    ...process.env,
    ...stack.environment,
    SKY_T1_STATE_DIR: stateDirectory,
  })
}

/** A history with its payloads as text: they travel as bytes, which would hide a secret from a search. */
function decoded(history: unknown): string {
  return JSON.stringify(history, (_, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  )
}
