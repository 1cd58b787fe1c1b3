import { expect, test } from 'vitest'
import { HubSource } from '../../../../core/sources/hub/hub-source.ts'
import { commit, hubSource, readRows } from './example-source.ts'

const rows = Array.from({ length: 10 }, (_, n) => ({
  question: `question ${n}`,
  answer: n === 4 ? '' : String(n),
  source: n % 2 === 0 ? 'even' : 'odd',
  level: n,
  solution: n < 8 ? `\\boxed{${n}}` : 'none',
  held: n === 9 ? 'in May' : `2024-0${n + 1}-10${n % 2 === 0 ? 'T23:30:00' : ''}`,
}))

test('each row becomes a problem with the commit, the place and the side of its entry', async () => {
  const [first] = await readRows(hubSource({ role: 'evaluation' }), rows)
  expect(first).toMatchObject({
    kind: 'problem',
    problem: {
      source: 'set',
      revision: commit,
      domain: 'math',
      prompt: 'question 0',
      origin: { split: 'held-out', row: 0 },
    },
  })
})

test('a row that cannot become a problem is set aside by its place, and the rest goes on', async () => {
  const read = await readRows(hubSource(), rows)
  expect(read.filter(({ kind }) => kind === 'set-aside')).toEqual([
    { kind: 'set-aside', row: 4, reason: 'answer: empty' },
  ])
  expect(read.filter(({ kind }) => kind === 'problem')).toHaveLength(9)
})

test('the slice counts the selected rows and is cut before the filters', async () => {
  const source = hubSource({
    select: [{ column: 'source', equals: 'odd' }],
    slice: { start: 1, end: 4 },
    filters: [{ column: 'level', min: 4, max: null }],
  })
  const read = await readRows(source, rows)
  expect(read).toMatchObject([
    { kind: 'problem', problem: { prompt: 'question 5' } },
    { kind: 'problem', problem: { prompt: 'question 7' } },
    { kind: 'left-out', by: 'slice', rows: 1 },
    { kind: 'left-out', by: 'source is odd', rows: 4 },
    { kind: 'left-out', by: 'level from 4 to any', rows: 1 },
  ])
})

test.each([
  [{ column: 'source', oneOf: ['odd', 'none'] }, [1, 3, 5, 7, 9]],
  [{ column: 'level', min: 2, max: 3 }, [2, 3]],
  [{ column: 'solution', boxed: true }, [0, 1, 2, 3, 5, 6, 7]],
  [{ column: 'held', from: '2024-02-10', to: '2024-03-10' }, [1, 2]],
  [{ column: 'held', from: '2024-08-11', to: null }, [8]],
  [{ column: 'held', from: null, to: '2024-02-09' }, [0]],
  [{ column: 'level', equals: 7 }, [7]],
  [{ column: 'level', oneOf: ['7', 9] }, [7, 9]],
] as const)('the filter %j lets pass what it says', async (filter, expected) => {
  const filters = HubSource.shape.filters.parse([filter])
  const read = await readRows(hubSource({ filters }), rows)
  const passed = read.flatMap((row) => (row.kind === 'problem' ? [row.problem.origin.row] : []))
  expect(passed).toEqual(expected)
})

test.each([
  [{ from: '2024-05-01', to: '2024-04-30' }, 'from must not be after to'],
  [{ from: 'May 2024', to: null }, 'Invalid ISO date'],
  [{ from: '2024-02-30', to: null }, 'Invalid ISO date'],
])('the window %j is refused', (window, message) => {
  const parsed = HubSource.safeParse(hubSource({ filters: [{ column: 'held', ...window }] }))
  expect(JSON.stringify(parsed.error?.issues)).toContain(message)
})

test('a report says which days a window leaves out', async () => {
  const source = hubSource({ select: [{ column: 'held', from: '2024-05-01', to: null }] })
  const read = await readRows(source, rows)
  expect(read.at(-1)).toEqual({ kind: 'left-out', by: 'held from 2024-05-01 to any', rows: 5 })
})

test('the cap counts problems, and nothing is read after the last of them', async () => {
  const read = await readRows(hubSource({ cap: 5 }), rows)
  const problems = read.flatMap((row) => (row.kind === 'problem' ? [row.problem.origin.row] : []))
  expect(problems).toEqual([0, 1, 2, 3, 5])
})

test('an entry that lets no row pass is refused with what left the rows out', async () => {
  const source = hubSource({ select: [{ column: 'source', equals: 'oddd' }] })
  await expect(readRows(source, rows)).rejects.toThrow(
    'source set: no row of org/set becomes a problem (source is oddd leaves out 10); correct its select, slice or filters',
  )
})

test('an entry has to name its domain unless its reader does', () => {
  expect(HubSource.safeParse(hubSource({ domain: null })).success).toBe(false)
  expect(
    HubSource.safeParse(hubSource({ domain: null, reader: { name: 'still-2' } })).success,
  ).toBe(true)
})
