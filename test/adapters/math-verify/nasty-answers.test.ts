import { afterAll, describe, expect, test } from 'vitest'
import { createMathVerifyPool } from '../../../adapters/math-verify/math-verify-pool.ts'
import { gradeMath } from '../../../core/grading/math.ts'
import type { MathGrader } from '../../../core/ports/math-grader.ts'
import type { Judgement } from '../../../core/verdict.ts'
import { nastyAnswers } from './nasty-answers.ts'

const python = process.env['SKY_T1_GRADER_PYTHON']

type Pair = { readonly reference: string; readonly answer: string }

/** 200 pairs that need symbolic comparison, half of them equal. */
const normalPairs: readonly Pair[] = Array.from({ length: 50 }, (_, n) => [
  { reference: `\\sin^2 x + ${n}y`, answer: `${n}y + 1 - \\cos^2 x` },
  { reference: `\\sin^2 x + ${n}y`, answer: `${n + 1}y + 1 - \\cos^2 x` },
  { reference: `${n}e^{2x}`, answer: `${n}(e^x)^2` },
  { reference: `${n + 1}e^{2x}`, answer: `${n + 1}e^{x^2}` },
]).flat()

const nastyPairs: readonly Pair[] = Object.values(nastyAnswers).map((answer) => ({
  reference: '\\sqrt{8}+x',
  answer,
}))

const gradeOn = async (pool: MathGrader, { reference, answer }: Pair): Promise<Judgement> =>
  gradeMath({ reference, response: `\\boxed{${answer}}` }, pool)

/** Every other one from `few` until they are used up, as if both had come in at once. */
function interleaved<Item>(many: readonly Item[], few: readonly Item[]): Item[] {
  return many.flatMap((item, at) => (few[at] === undefined ? [item] : [few[at], item]))
}

describe.skipIf(python === undefined)('nasty answers (needs SKY_T1_GRADER_PYTHON)', () => {
  // What was compared before must not answer for what is compared now.
  const pool = createMathVerifyPool({ python: python ?? '', processes: 2, remembered: 0 })
  afterAll(() => pool.close())

  test(
    'they are never accepted and cost no other verdict: it is what it is without them',
    { timeout: 600_000 },
    async () => {
      const alone = await Promise.all(normalPairs.map((pair) => gradeOn(pool, pair)))
      const outcomes = new Set(alone.map(({ outcome }) => outcome))
      expect(outcomes).toEqual(new Set(['accepted', 'wrong']))

      const answered: Pair[] = []
      const judgements = new Map<Pair, Judgement>()
      await Promise.all(
        interleaved(normalPairs, nastyPairs).map(async (pair) => {
          judgements.set(pair, await gradeOn(pool, pair))
          answered.push(pair)
        }),
      )
      expect(answered).toHaveLength(normalPairs.length + nastyPairs.length)
      expect(normalPairs.map((pair) => judgements.get(pair))).toEqual(alone)
      const accepted = nastyPairs.filter((pair) => judgements.get(pair)?.outcome === 'accepted')
      expect(accepted).toEqual([])
    },
  )
})

test.each(Object.entries(nastyAnswers))(
  '%s: exact rules hand it on, or decide',
  async (_, text) => {
    const grader: MathGrader = {
      compare: async () => ({ outcome: 'different', reason: 'different' }),
      close: async () => {},
    }
    const asAnswer = await gradeOn(grader, { reference: '\\sqrt{8}+x', answer: text })
    const asReference = await gradeOn(grader, { reference: text, answer: '5y' })
    expect([asAnswer.outcome, asReference.outcome]).not.toContain('accepted')
  },
)
