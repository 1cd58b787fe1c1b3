import { afterEach, describe, expect, test } from 'vitest'
import { createMathVerifyPool } from '../../../adapters/math-verify/math-verify-pool.ts'
import type { AnswerComparison, MathGrader } from '../../../core/ports/math-grader.ts'
import { graderPythons } from './grader-processes.ts'

const python = process.env['SKY_T1_GRADER_PYTHON']

const pair = { reference: '\\frac{x}{2}', answer: '0.5x' }
const equal = { outcome: 'equal', reason: 'equal' }

function kill(signal: NodeJS.Signals): number[] {
  const pids = graderPythons()
  for (const pid of pids) process.kill(pid, signal)
  return pids
}

describe.skipIf(python === undefined)('killed graders (needs SKY_T1_GRADER_PYTHON)', () => {
  let pool: MathGrader
  const open = (processes: number) => {
    pool = createMathVerifyPool({ python: python ?? '', processes, remembered: 0 })
  }
  afterEach(() => pool.close())

  test('one that is killed while it waits is replaced', async () => {
    open(1)
    await pool.compare(pair)
    const killed = kill('SIGKILL')
    expect(killed).toHaveLength(1)
    expect(await pool.compare(pair)).toEqual(equal)
    expect(graderPythons()).toHaveLength(1)
    expect(graderPythons()).not.toEqual(killed)
  })

  test('one that is killed with a pair in its hands costs nothing: another compares the pair', async () => {
    open(1)
    await pool.compare(pair)
    kill('SIGSTOP') // so that it cannot answer before it dies
    const comparison = pool.compare(pair)
    kill('SIGKILL')
    expect(await comparison).toEqual(equal)
  })

  test('each of many pairs gets one verdict, its own, while processes are killed', async () => {
    open(2)
    const pairs = Array.from({ length: 120 }, (_, n) => ({
      reference: `\\sqrt{${8 * (n + 1)}}`,
      answer: `2\\sqrt{${2 * (n + 1) + (n % 2)}}`,
    }))
    const found: AnswerComparison[] = []
    const comparisons = await Promise.all(
      pairs.map(async (one) => {
        const comparison = await pool.compare(one)
        found.push(comparison)
        if (found.length % 40 === 0) kill('SIGKILL')
        return comparison.outcome
      }),
    )
    expect(found).toHaveLength(pairs.length)
    expect(comparisons).toEqual(pairs.map((_, n) => (n % 2 === 0 ? 'equal' : 'different')))
  })

  test('closing leaves no process', async () => {
    open(2)
    await Promise.all([pool.compare(pair), pool.compare({ ...pair, answer: 'x' })])
    expect(graderPythons()).toHaveLength(2)
    await pool.close()
    expect(graderPythons()).toEqual([])
  })
})
