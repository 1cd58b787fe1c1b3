import { afterAll, describe, expect, test } from 'vitest'
import { createMathVerifyPool } from '../../../adapters/math-verify/math-verify-pool.ts'
import { gradeMath } from '../../../core/grading/math.ts'
import { type Pair, answerPairs } from '../../core/grading/answer-pairs.ts'

const python = process.env['SKY_T1_GRADER_PYTHON']

describe.skipIf(python === undefined)('drawn pairs (needs SKY_T1_GRADER_PYTHON)', () => {
  const pool = createMathVerifyPool({ python: python ?? '', processes: 2 })
  afterAll(() => pool.close())

  async function judged([reference, answer]: Pair): Promise<string> {
    const submission = { reference, response: `so \\boxed{${answer}}.` }
    const { outcome, reason } = await gradeMath(submission, pool)
    return `${reference} | ${answer}: ${outcome} (${reason})`
  }

  /** Of pairs that are equal or different by construction, those of which the grader says otherwise. */
  async function astray(pairs: readonly Pair[], outcome: RegExp): Promise<string[]> {
    const lines = await Promise.all(pairs.map(judged))
    return lines.filter((line) => !outcome.test(line))
  }

  test.each(answerPairs(1, 3))(
    '$name: what is equal is accepted, what is not never',
    async ({ equal, different }) => {
      expect(await astray(equal, /: accepted \([^)]*\)$/)).toEqual([])
      expect(await astray(different, /: (?:wrong|undecided) \([^)]*\)$/)).toEqual([])
    },
  )

  test('nearly all that differ are wrong rather than undecided', async () => {
    const different = answerPairs(1, 3).flatMap((one) => one.different)
    const open = await astray(different, /: wrong \([^)]*\)$/)
    expect(open.length / different.length).toBeLessThan(0.04)
  })
})
