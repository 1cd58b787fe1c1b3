import { afterAll, describe, expect, test } from 'vitest'
import { createMathVerifyPool } from '../../../adapters/math-verify/math-verify-pool.ts'

const pair = { reference: '\\frac{x}{2}', answer: '0.5x' }
const equal = { outcome: 'equal', reason: 'equal' }

const python = process.env['SKY_T1_GRADER_PYTHON']

describe.skipIf(python === undefined)('with math-verify (SKY_T1_GRADER_PYTHON)', () => {
  const pool = createMathVerifyPool({ python: python ?? '', processes: 2 })
  afterAll(() => pool.close())

  test.each([
    ['\\sqrt{8}', '2\\sqrt{2}'],
    ['(x-1)^2', 'x^2-2x+1'],
    ['-2,1', '1,-2'],
    ['x<3', '(-\\infty,3)'],
    ['(-\\infty,3)', 'x<3'],
    ['\\$78', '78'],
    ['3 \\pm 2\\sqrt{2}', '3+2\\sqrt{2}, 3-2\\sqrt{2}'],
    ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '\\begin{bmatrix}1\\\\2\\end{bmatrix}'],
    ['x^2/4 + y^2/3 = 1', 'x^2/16 + y^2/12 = 1/4'],
  ])('%j equals %j', async (reference, answer) => {
    expect(await pool.compare({ reference, answer })).toEqual(equal)
  })

  test.each([
    ['x+1', 'x-1'],
    ['(1,2)', '[1,2]'],
    ['f(x)=x, f(x)=2-x', 'f(x)=x'],
    ['\\pm 2021', '2021'],
    // constants that math-verify alone takes for 0
    ['2^{-99}', '2^{-98}'],
    ['\\frac{1}{2004!}', '\\frac{1}{2006!}'],
    ['0', '10^{-30}'],
    ['(2^{-99}, 1)', '(2^{-98}, 1)'],
    ['\\{2^{-99}, 1\\}', '\\{2^{-98}, 1\\}'],
    ['\\begin{pmatrix}2^{-99}\\\\1\\end{pmatrix}', '\\begin{pmatrix}2^{-98}\\\\1\\end{pmatrix}'],
  ])('%j differs from %j', async (reference, answer) => {
    expect(await pool.compare({ reference, answer })).toMatchObject({ outcome: 'different' })
  })

  test('a decimal that the reference rounds to is equal, and the reason says so', async () => {
    expect(await pool.compare({ reference: '\\frac{1}{3}', answer: '0.333333' })).toEqual({
      outcome: 'equal',
      reason: 'equal-when-rounded',
    })
  })

  test.each([
    ['\\text{{Final strategy}}', '5', 'suspect-reference'],
    ['\\frac{1}', '5', 'suspect-reference'],
    ['5', '\\frac{1}', 'unparsable-answer'],
    ['1', '-[0, 1)', 'unparsable-answer'],
    ['5', '__import__("os").getpid()', 'unparsable-answer'],
    ['5', '\u0000', 'unparsable-answer'],
  ])('%j against %j is undecided: %s', async (reference, answer, reason) => {
    expect(await pool.compare({ reference, answer })).toEqual({ outcome: 'undecided', reason })
  })

  test('brackets as deep as real answers have them are compared', async () => {
    const answer = `${'\\frac{1}{'.repeat(20)}5${'}'.repeat(20)}`
    expect(await pool.compare({ reference: '5', answer })).toEqual(equal)
  })

  test('a text that math-verify parses is as long as a response, in its own rules', async () => {
    const response = `${'We look closer. '.repeat(1_000)}The answer is $\\boxed{2\\sqrt{2}}$.`
    const shipped = {
      reference: '\\boxed{\\sqrt{8}}',
      answer: response,
      rules: 'as-shipped',
    } as const
    expect(await pool.compare(shipped)).toEqual(equal)
  })

  test('verdicts are the same in any order and in any process', async () => {
    const pairs = [pair, { reference: 'x', answer: 'y' }, pair, { reference: '2', answer: '\\pi' }]
    const forwards = await Promise.all(pairs.map((one) => pool.compare(one)))
    const backwards = await Promise.all(pairs.toReversed().map((one) => pool.compare(one)))
    expect(backwards.toReversed()).toEqual(forwards)
  })
})

test('a pair is refused, with the mend, where the interpreter is missing', async () => {
  const pool = createMathVerifyPool({ python: '/nonexistent/python', processes: 1 })
  await expect(pool.compare(pair)).rejects.toThrow(/nonexistent.*SKY_T1_GRADER_PYTHON/)
  await pool.close()
})
