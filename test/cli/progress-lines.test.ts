import { describe, expect, test } from 'vitest'
import type { LiveProgress } from '../../cli/live-progress.ts'
import { progressLines } from '../../cli/progress-lines.ts'
import type { Stage } from '../../core/manifest.ts'
import type { RunStatus, StageStatus } from '../../core/run-status.ts'
import { noCost } from '../../core/tally.ts'
import { exampleProgress } from '../core/training/example-progress.ts'

const begun = '2026-11-22T12:00:00.000Z'
const later = '2026-11-22T12:01:00.000Z'
const idle: LiveProgress = { shards: {}, training: undefined }

function stage(name: Stage, changes: Partial<StageStatus> = {}): StageStatus {
  const running = { state: 'running', startedAt: begun } as const
  return { stage: name, counts: {}, cost: noCost, ...running, ...changes }
}

function lines(
  stages: readonly StageStatus[],
  live: Partial<LiveProgress> = {},
  changes: Partial<RunStatus> = {},
): string[] {
  const status: RunStatus = {
    run: 'first',
    recipe: 'r',
    status: 'running',
    stage: 'curate',
    stages,
    children: {},
    ...changes,
  }
  return progressLines({ status, live: { ...idle, ...live }, now: later })
}

describe('a run’s progress', () => {
  test('is a line a stage that has begun, and a last one of costs', () => {
    const cost = { dollars: 0.5, promptTokens: 1000, completionTokens: 234, requests: 2 }
    const shown = lines([
      stage('curate', { state: 'done', finishedAt: later, cost, counts: { problems: 3000 } }),
      stage('sample', { cost }),
      { stage: 'train', state: 'waiting', counts: {}, cost: noCost },
    ])
    expect(shown).toEqual([
      '  curate    done        1 min 0 s  3,000 problems',
      '  sample    running     1 min 0 s',
      '4 requests · 2,468 tokens · $1.00',
    ])
  })

  test('ends with what the run has paid itself, where that is known', () => {
    const ledger = { limitDollars: 2, paid: [], unconfirmed: [], reservedDollars: 0.5 }
    expect(lines([], {}, { ledger }).at(-1)).toBe(
      'paid by this run $0 for 0 requests · $0.5 reserved · budget $2.00',
    )
  })

  test('before anything has begun is the costs alone', () => {
    expect(lines([])).toEqual(['0 requests · 0 tokens · $0'])
  })

  test('shows what is telling of each stage, and nothing of the rest', () => {
    const counts = { responses: 9, 'cut-off': 1, 'responses/sums': 9 }
    expect(lines([stage('sample', { counts })])[0]).toMatch(/ {2}9 responses · 1 cut-off$/)
  })

  test('sums verdicts over sources', () => {
    const counts = { 'accepted/a': 5, 'accepted/b': 2, 'wrong/a': 1, 'traces/a': 8 }
    expect(lines([stage('verify', { counts })])[0]).toMatch(/ {2}7 accepted · 1 wrong$/)
  })

  test('adds what the activities at work say of their shards', () => {
    const shards = { sampleShard: { done: 30, total: 128 }, gradeShard: { done: 1, total: 2 } }
    const shown = lines([stage('sample'), stage('verify'), stage('reformat')], { shards })
    expect(shown[0]).toContain('30 of 128 in work')
    expect(shown[1]).toContain('1 of 2 in work')
    expect(shown[2]).not.toContain('in work')
  })

  test('says nothing of heartbeats for a stage that is over', () => {
    const shards = { sampleShard: { done: 30, total: 128 } }
    const done = stage('sample', { state: 'done', finishedAt: later })
    expect(lines([done], { shards })[0]).not.toContain('in work')
  })
})

describe('a training', () => {
  const training = exampleProgress

  test('shows step, loss, checkpoint and the time left at the pace so far', () => {
    expect(lines([stage('train')], { training })[0]).toMatch(
      / {2}step 25 of 100 · loss 1\.235 · checkpoint 20 · 3 min 0 s left$/,
    )
  })

  test('shows no loss, checkpoint or time that there is not yet', () => {
    const first = { ...training, globalStep: 0, loss: null, lastCheckpoint: null }
    expect(lines([stage('train')], { training: first })[0]).toMatch(/ {2}step 0 of 100$/)
  })

  test('that has not said anything is starting', () => {
    expect(lines([stage('train')])[0]).toMatch(/starting the trainer$/)
  })
})
