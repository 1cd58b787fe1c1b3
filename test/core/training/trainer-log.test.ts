import { describe, expect, test } from 'vitest'
import {
  lastLoggedStep,
  reachedLastStep,
  readTrainerLog,
} from '../../../core/training/trainer-log.ts'

function line(step: number, more: object = {}): string {
  return JSON.stringify({ current_steps: step, total_steps: 4, lr: 0.001, epoch: 1, ...more })
}

describe('the loss curve', () => {
  test('has a point a step, and none for lines without a loss', () => {
    const log = `${line(1, { loss: 2.5 })}\n${line(2, { loss: 2 })}\n${line(4)}\n`
    expect(readTrainerLog(log)).toEqual([
      { globalStep: 1, totalSteps: 4, loss: 2.5, learningRate: 0.001 },
      { globalStep: 2, totalSteps: 4, loss: 2, learningRate: 0.001 },
    ])
  })

  test('keeps the last record of each step where a resumed training went back', () => {
    const losses = [
      [1, 9],
      [2, 8],
      [3, 7],
      [2, 6],
      [3, 5],
    ] as const
    const log = losses.map(([step, loss]) => `${line(step, { loss })}\n`).join('')
    expect(readTrainerLog(log).map(({ globalStep, loss }) => [globalStep, loss])).toEqual([
      [1, 9],
      [2, 6],
      [3, 5],
    ])
  })

  test.each(['NaN', 'Infinity', '-Infinity'])('names a divergence: a loss of %s', (loss) => {
    const log = `${line(1, { loss: 2.5 })}\n${line(2, { loss: 0 }).replace('"loss":0', `"loss": ${loss}`)}\n`
    expect(() => readTrainerLog(log)).toThrow(/diverged.*lower training\.learningRate/)
  })

  test('leaves a line that is still being written for the next reading', () => {
    const whole = `${line(1, { loss: 2.5 })}\n`
    const next = line(2, { loss: 2 })
    for (let written = 0; written < next.length; written++) {
      expect(readTrainerLog(whole + next.slice(0, written))).toHaveLength(1)
    }
    expect(readTrainerLog(whole + next)).toHaveLength(2)
  })

  test('loses of a torn line and the next one only the torn one', () => {
    const [torn, next] = [line(1, { loss: 2.5 }).slice(0, 30), line(2, { loss: 2 })]
    const log = `${torn}${next}\n${line(3, { loss: 1 })}\n`
    expect(readTrainerLog(log).map(({ globalStep }) => globalStep)).toEqual([2, 3])
    expect(readTrainerLog(`${torn}}\n${next}\n`)).toHaveLength(1)
  })

  test('takes fields that the trainer added', () => {
    const log = line(1, { loss: 1, remaining_time: '0:00:12', throughput: 9.1 })
    expect(readTrainerLog(log)).toHaveLength(1)
  })

  test.each(['', '\n', '{"current_steps":'])('of %j is empty', (log) => {
    expect(readTrainerLog(log)).toEqual([])
  })

  test('is refused where a whole line is no record of a step', () => {
    expect(() => readTrainerLog('{"step":1}\n')).toThrow('current_steps')
  })
})

test.each([
  ['before its last step', `${line(3, { loss: 1 })}\n`, false],
  ['at its last step', `${line(3, { loss: 1 })}\n${line(4, { loss: 1 })}\n`, true],
  ['at its last step, told by the closing line', `${line(4)}\n`, true],
  ['with the last step half-written', line(4).slice(0, -1), false],
  ['with nothing', '', false],
])('a log that ends %s says so: %#', (_, log, expected) => {
  expect(reachedLastStep(log)).toBe(expected)
})

test('the last logged step is that of the last record, whole or not', () => {
  expect(lastLoggedStep('')).toBe(0)
  expect(lastLoggedStep('{"current_steps": 4, "total_steps": 9}\n{"current_steps":5,')).toBe(5)
})
