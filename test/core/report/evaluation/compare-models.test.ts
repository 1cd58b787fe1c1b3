import { expect, test } from 'vitest'
import { compareModels } from '../../../../core/report/evaluation/compare-models.ts'

const of = { benchmark: 'math500', models: ['base', 'student'], seed: 7 } as const

test('the second model is compared with the first on the problems of both', () => {
  const base = samples({ right: 40, wrong: 60 })
  const student = samples({ right: 55, wrong: 45 })
  const alone = { problemId: 'only the student', outcome: 'wrong' as const }
  const compared = compareModels({ ...of, samples: [base, [...student, alone]] })
  expect(compared).toMatchObject({ problems: 100, test: 'exact McNemar' })
  expect(compared?.difference).toBeCloseTo(0.15)
  expect(compared?.low).toBeGreaterThan(0)
  expect(compared?.high).toBeLessThan(0.3)
  // All fifteen that differ differ in one direction.
  expect(compared?.p).toBeCloseTo(2 * 0.5 ** 15)
})

test('several samples of a problem are one of its differences', () => {
  const base = samples({ right: 4, wrong: 4 })
  const compared = compareModels({ ...of, samples: [base, [...base, ...base]] })
  expect(compared).toMatchObject({ problems: 8, difference: 0, p: 1 })
  expect(compared?.test).toContain('sign flips')
})

test('models without a common problem are not compared', () => {
  expect(compareModels({ ...of, samples: [samples({ right: 1, wrong: 0 }), []] })).toBeNull()
})

function samples({ right, wrong }: { readonly right: number; readonly wrong: number }) {
  return Array.from({ length: right + wrong }, (_, at) => ({
    problemId: `problem ${at}`,
    outcome: at < right ? ('accepted' as const) : ('wrong' as const),
  }))
}
