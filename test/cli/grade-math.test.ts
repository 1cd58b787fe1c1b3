import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { formatTrace } from '../../core/trace.ts'
import {
  childrenOf,
  converseWith,
  grade,
  isRunning,
  jsonLines,
  startGrade,
  verdictsIn,
} from './grade-command.ts'

const python = process.env['SKY_T1_GRADER_PYTHON']

function trace(thought: string, solution: string): string {
  return formatTrace({ thought, solution })
}

/** Needs math-verify: exact rules do not know it. */
function hard(id: number | string, right = true) {
  const response = `\\boxed{\\cos(${String(id).length}t)^2 ${right ? '+' : '-'} \\sin(${String(id).length}t)^2}`
  return { id, reference: '1', response }
}

describe.skipIf(python === undefined)('sky-t1 grade math (needs SKY_T1_GRADER_PYTHON)', () => {
  it('judges bare answers, texts that announce one, and traces by their solution alone', async () => {
    const given = [
      { id: 'bare', reference: '\\frac{1}{2}', response: '0.5' },
      { id: 'number', reference: 42, response: 42 },
      { id: 'wrong', reference: '7', response: 'The answer is 8.' },
      { id: 'said', reference: '7', response: 'We add them up.\n\nFinal answer: 7' },
      { id: 'trace', reference: '7', response: trace('\\boxed{8}', 'So \\boxed{7}.') },
      { id: 'thought', reference: '7', response: trace('\\boxed{7}', 'It is seven.') },
      { id: 'cut', reference: '7', response: '<think>\\boxed{7}', finishReason: 'length' },
      { id: 'empty', reference: ' ', response: '7' },
      { id: 'none', response: '7' },
    ]
    const { code, out } = await grade(['math', '--quiet'], given)
    expect(code).toBe(0)
    expect(verdictsIn(out).map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
      ['bare', 'accepted', 'equal'],
      ['number', 'accepted', 'equal'],
      ['wrong', 'wrong', 'different'],
      ['said', 'accepted', 'equal'],
      ['trace', 'accepted', 'equal'],
      ['thought', 'wrong', 'no-answer'],
      ['cut', 'undecided', 'truncated'],
      ['empty', 'undecided', 'invalid-field'],
      ['none', 'undecided', 'missing-field'],
    ])
    expect(verdictsIn(out)[0]).toEqual({
      id: 'bare',
      outcome: 'accepted',
      reason: 'equal',
      tier: 'exact',
      extracted: '0.5',
      profile: 'strict',
      ms: expect.any(Number),
    })
  })

  it('tells integers apart that JavaScript would round to one', async () => {
    const given = ['12345678901234567891', '12345678901234567890'].map(
      (response) => `{"id":1,"reference":12345678901234567890,"response":${response}}\n`,
    )
    const { out } = await grade(['math', '--quiet'], given.join(''))
    expect(verdictsIn(out).map(({ outcome }) => outcome)).toEqual(['wrong', 'accepted'])
  })

  it('judges by the rules that are named', async () => {
    const given = [{ id: 1, reference: '0.75', response: '\\boxed{75}' }]
    for (const [profile, outcome] of [
      ['strict', 'wrong'],
      ['math-verify', 'wrong'],
      ['legacy', 'accepted'],
    ] as const) {
      const { out } = await grade(['math', '--quiet', '--profile', profile], given)
      expect(verdictsIn(out)).toMatchObject([{ outcome, profile }])
    }
  })

  it('loses no verdict and changes no order when its grader processes are killed', async () => {
    const child = startGrade(['math', '--quiet'])
    const closed = once(child, 'close')
    const { tell, hear } = converseWith(child)
    tell([hard('first')])
    expect(await hear()).toMatchObject({ id: 'first', outcome: 'accepted', tier: 'math-verify' })
    const graders = await childrenOf(child.pid)
    expect(graders.length).toBeGreaterThan(0)
    const ids = Array.from({ length: 60 }, (_, at) => 10 ** at)
    tell(ids.slice(0, 30).map((id) => hard(id)))
    for (const id of await childrenOf(child.pid)) process.kill(id, 'SIGKILL')
    tell(ids.slice(30).map((id) => hard(id)))
    child.stdin.end()
    const verdicts = []
    for (const _ of ids) verdicts.push(await hear())
    expect(verdicts.map(({ id }) => id)).toEqual(ids)
    // What was in a killed process may be undecided; it is never wrong.
    expect(verdicts.filter(({ outcome }) => outcome === 'wrong')).toEqual([])
    expect(verdicts.at(-1)).toMatchObject({ outcome: 'accepted' })
    expect(await closed).toEqual([0, null])
    for (const id of graders) expect(await isRunning(id)).toBe(false)
  })

  it('leaves no process behind when it is interrupted, and tells no half-made verdict', async () => {
    const child = startGrade(['math', '--quiet'])
    const closed = once(child, 'close')
    const { tell, hear } = converseWith(child)
    tell([hard('first')])
    await hear()
    const graders = await childrenOf(child.pid)
    tell([{ id: 'tower', reference: '2', response: '\\boxed{7^{7^{7^{7^{7}}}}+\\sqrt{x}}' }])
    child.kill('SIGINT')
    expect(await closed).toEqual([130, null])
    for (const id of graders) expect(await isRunning(id)).toBe(false)
    await expect(hear()).rejects.toThrow('the grader has ended')
  })

  it('says what is missing where there is no Python, before it judges anything', async () => {
    const env = { SKY_T1_GRADER_PYTHON: '/nowhere/python' }
    const { code, out, error } = await grade(['math'], [hard(1)], { env })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain('/nowhere/python')
  })

  it('ends when nobody reads its verdicts, with all that it started', async () => {
    const child = startGrade(['math', '--quiet'])
    const closed = once(child, 'close')
    const error = text(child.stderr)
    const { tell, hear } = converseWith(child)
    tell([hard('first')])
    await hear()
    const graders = await childrenOf(child.pid)
    child.stdin.on('error', () => {})
    child.stdout.destroy()
    child.stdin.write(jsonLines(Array.from({ length: 100 }, (_, at) => hard(at))))
    expect(await closed).toEqual([0, null])
    expect(await error).toBe('')
    for (const id of graders) expect(await isRunning(id)).toBe(false)
  })
})
