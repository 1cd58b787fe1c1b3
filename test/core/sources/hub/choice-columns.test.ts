import { describe, expect, test } from 'vitest'
import { HubSource } from '../../../../core/sources/hub/hub-source.ts'
import { hubSource, readOne } from './example-source.ts'

describe('columns of multiple choice', () => {
  const base = { name: 'columns', prompt: 'q', difficulty: 'level', category: 'kind' } as const
  const row = { q: 'What?', level: 3, kind: 'easy' }

  const listed = { kind: 'choice', column: 'a', options: { column: 'o', shuffled: false } } as const
  const apart = { ...listed, options: { columns: ['o1', 'o2', 'o3'], shuffled: false } }

  test.each([
    ['a list', { ...listed, form: 'letter' as const }, { a: 'b', o: ['ox', 'cow', 'hen'] }],
    [
      'JSON text of a list',
      { ...listed, form: 'index' as const },
      { a: 1, o: '["ox", "cow", "hen"]' },
    ],
    ['columns', { ...apart, form: 'text' as const }, { a: 'cow ', o1: 'ox', o2: 'cow', o3: 'hen' }],
  ])('lists the options that stand in %s', async (_, reference, changes) => {
    expect(await readOne({ ...base, reference }, { ...row, ...changes })).toMatchObject({
      prompt: 'What?\n\nA. ox\nB. cow\nC. hen',
      reference: { kind: 'choice', letter: 'B' },
      difficulty: 3,
      category: 'easy',
    })
  })

  test('lists options that are numbers as they are written', async () => {
    const reference = { ...listed, form: 'text' } as const
    expect(
      await readOne({ ...base, reference }, { ...row, a: '2.0', o: '[2, 2.0]' }),
    ).toMatchObject({ prompt: 'What?\n\nA. 2\nB. 2.0', reference: { letter: 'B' } })
  })

  test('leaves out the last columns where a question has fewer options', async () => {
    const reference = { ...apart, form: 'letter' } as const
    const changes = { a: 'A', o1: 'ox', o2: 'cow', o3: '' }
    expect(await readOne({ ...base, reference }, { ...row, ...changes })).toMatchObject({
      prompt: 'What?\n\nA. ox\nB. cow',
    })
  })

  const anyOrder = { column: 'o', shuffled: true } as const
  test('shuffles options by the seed, the right one with them, unless one speaks of others', async () => {
    const reference = { ...listed, form: 'index', options: anyOrder } as const
    const o = ['right', ...Array.from({ length: 7 }, (_, at) => `wrong ${at}`)]
    const read = (options: readonly string[], seed: number) =>
      readOne({ ...base, reference }, { ...row, a: 0, o: options }, seed)
    const problems = await Promise.all([1, 1, 2].map((seed) => read(o, seed)))
    const prompts = problems.map((problem) => {
      if (typeof problem !== 'object' || problem.reference.kind !== 'choice')
        throw new Error('none')
      expect(problem.prompt).toContain(`\n${problem.reference.letter}. right`)
      return problem.prompt
    })
    expect(prompts[1]).toBe(prompts[0])
    expect(prompts[2]).not.toBe(prompts[0])
    expect(await read([...o, 'both A and B'], 1)).toMatchObject({ reference: { letter: 'A' } })
  })

  test.each([
    [{ o: null }, 'o: no list of 2 to 26 options'],
    [{ o: 'ox, cow' }, 'o: no list of 2 to 26 options'],
    [{ o: ['ox'] }, 'o: no list of 2 to 26 options'],
    [{ o: ['ox', ''] }, 'o: no list of 2 to 26 options'],
    [{ o: Array.from({ length: 27 }, String) }, 'o: no list of 2 to 26 options'],
    [{ a: 'C' }, 'a: no letter of an option'],
    [{ a: '' }, 'a: empty'],
    [{ o: ['ox', 'ox'] }, 'two options are the same'],
  ])('sets a question aside without its options: %j', async (changes, reason) => {
    const reference = { ...listed, form: 'letter' } as const
    const whole = { ...row, a: 'A', o: ['ox', 'cow'] }
    expect(await readOne({ ...base, reference }, { ...whole, ...changes })).toBe(reason)
  })

  test('sets a question aside whose empty column would move the letters', async () => {
    const reference = { ...apart, form: 'letter' } as const
    const changes = { a: 'A', o1: 'ox', o2: '', o3: 'hen' }
    expect(await readOne({ ...base, reference }, { ...row, ...changes })).toBe(
      'o1, o2, o3: no list of 2 to 26 options',
    )
  })

  test.each([
    [{ ...listed, form: 'text', options: undefined }, 'reader.reference.options'],
    [{ ...listed, form: 'letter', options: { column: 'o' } }, 'reader.reference.options'],
  ])(
    'of an entry that does not say where options are is refused, naming the field (%#)',
    (reference, field) => {
      const entry = { ...hubSource(), reader: { ...base, reference } }
      const issue = HubSource.safeParse(entry).error?.issues[0]
      expect(issue?.path.join('.')).toBe(field)
    },
  )
})
