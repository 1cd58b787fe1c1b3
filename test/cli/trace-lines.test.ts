import { expect, test } from 'vitest'
import type { DroppedRow } from '../../core/curation/dropped-row.ts'
import type { ReleasedLineageRow } from '../../core/lineage/lineage-row.ts'
import { droppedLine, rowLine, totalsLine, traceLines } from '../../cli/trace-lines.ts'
import {
  exampleProblem,
  exampleRef,
  exampleResponse,
  exampleTrace,
  exampleVerdict,
} from '../core/example-rows.ts'

const problem = exampleProblem({ prompt: `What?\u001B[31m\n${'long '.repeat(400)}` })
const response = exampleResponse(problem)
const trace = exampleTrace(response)

const row: ReleasedLineageRow = {
  responseId: response.id,
  problemId: problem.id,
  source: 'sums',
  revision: '1',
  shard: 3,
  fate: 'row',
  reason: 'math',
  place: { file: 'jsonl/train/00000.jsonl', line: 12 },
  tokens: 345,
  overLength: false,
}

const traced = {
  runs: ['first'],
  row,
  problem,
  response,
  sampled: null,
  reformatted: null,
  trace,
  deadLetter: null,
  verdict: exampleVerdict(trace),
  shard: {
    shard: 3,
    problems: exampleRef('problems'),
    responses: exampleRef('responses'),
    traces: exampleRef('traces'),
    deadLetters: exampleRef('dead-letters'),
    verdicts: exampleRef('verdicts'),
  },
  file: 's3://sky-t1/releases/x/jsonl/train/00000.jsonl',
}

test('a trace tells of every step, cuts long texts, and lets none drive the terminal', () => {
  const shown = traceLines(traced).join('\n')
  expect(shown).toContain('What?')
  expect(shown).toMatch(/… \d+ more characters; --json has them/)
  expect(shown).not.toContain('\u001B')
  const hostile = {
    ...traced,
    problem: { ...problem, category: 'sums\u001B[2J' },
    verdict: exampleVerdict(trace, { extracted: '\u001B[31m7\u202E' }),
    row: { ...row, source: 'a\u0007' },
  }
  expect(traceLines(hostile).join('')).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)
  expect(shown).toContain('the answer that its source has; nobody was asked')
  expect(shown).toContain('not needed: it was in the format already')
  expect(shown).toContain(
    'accepted (equal) by exact, profile strict 1; published graders: accepted',
  )
  expect(shown).toContain('jsonl/train/00000.jsonl line 12, 345 tokens: s3://sky-t1/releases/x/')
})

test.each([
  [{}, 'row (math)  jsonl/train/00000.jsonl:12'],
  [{ place: null, overLength: true }, 'row (too long)'],
  [{ place: null, fate: 'left-out', reason: 'duplicate' }, 'left-out (duplicate)'],
] as const)('a line of a list with %j says %s', (changes, said) => {
  const line = rowLine({ ...row, ...changes })
  expect(line.endsWith(said)).toBe(true)
  expect(line).toContain(row.responseId.slice(0, 16))
})

test('totals are told in one line', () => {
  expect(totalsLine({ row: 1200, rejected: 3 })).toBe('1,200 row · 3 rejected')
})

const dropped: DroppedRow = {
  problemId: 'd'.repeat(32),
  source: 'sums',
  row: 7,
  reason: 'contaminated',
  ground: { kind: 'similar', set: 'math500', item: '3', itemRow: 3, similarity: 0.953 },
}

test('a problem that was dropped before anything was asked says against what', () => {
  expect(droppedLine(dropped)).toBe(
    `problem ${'d'.repeat(32)} of sums was dropped by curation: contaminated (95% like item 3 of math500)`,
  )
})
