import { expect, test } from 'vitest'
import { rememberComparisons } from '../../../adapters/math-verify/remembered-comparisons.ts'
import type { AnswerComparison, AnswerPair } from '../../../core/ports/math-grader.ts'

const pair = (answer: string): AnswerPair => ({ reference: 'x', answer })

/** A grader that counts what it is asked, and answers what it is given. */
function counting(answers: (pair: AnswerPair, times: number) => Promise<AnswerComparison>) {
  const asked: AnswerPair[] = []
  const grader = {
    async compare(one: AnswerPair) {
      asked.push(one)
      return answers(one, asked.length)
    },
    async close() {},
  }
  return { asked, grader }
}

const decided = async ({ answer }: AnswerPair) =>
  ({ outcome: 'different', reason: `of ${answer}` }) as const

test('a pair is compared once, also when it is asked for twice at the same moment', async () => {
  const { asked, grader } = counting(decided)
  const remembering = rememberComparisons(grader, 10)
  const findings = await Promise.all(['a', 'a', 'b', 'a'].map((a) => remembering.compare(pair(a))))
  expect(findings.map(({ reason }) => reason)).toEqual(['of a', 'of a', 'of b', 'of a'])
  expect(asked).toHaveLength(2)
})

test('the same texts under other rules, and in the other order, are other pairs', async () => {
  const { asked, grader } = counting(decided)
  const remembering = rememberComparisons(grader, 10)
  await remembering.compare({ reference: 'a', answer: 'b' })
  await remembering.compare({ reference: 'b', answer: 'a' })
  await remembering.compare({ reference: 'a', answer: 'b', rules: 'as-shipped' })
  expect(asked).toHaveLength(3)
})

test('what was left undecided, and what failed, is asked again', async () => {
  const { asked, grader } = counting(async (one, times) => {
    if (times === 1) return { outcome: 'undecided', reason: 'time-out' }
    if (times === 2) throw new Error('it cannot be started')
    return decided(one)
  })
  const remembering = rememberComparisons(grader, 10)
  expect(await remembering.compare(pair('a'))).toMatchObject({ reason: 'time-out' })
  await expect(remembering.compare(pair('a'))).rejects.toThrow('started')
  expect(await remembering.compare(pair('a'))).toMatchObject({ outcome: 'different' })
  await remembering.compare(pair('a'))
  expect(asked).toHaveLength(3)
})

test('the pair that was not asked for longest is forgotten first', async () => {
  const { asked, grader } = counting(decided)
  const remembering = rememberComparisons(grader, 2)
  for (const answer of ['a', 'b', 'a', 'c', 'a', 'b']) await remembering.compare(pair(answer))
  expect(asked.map(({ answer }) => answer)).toEqual(['a', 'b', 'c', 'b'])
})
