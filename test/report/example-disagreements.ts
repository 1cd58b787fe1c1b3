import type { JudgedTrace } from '../../core/dataset/shard-rows.ts'
import { digestOf } from '../../core/digest.ts'
import { createDisagreementViews } from '../../core/report/view-disagreements.ts'
import type { Verdict } from '../../core/verdict.ts'
import {
  exampleProblem,
  exampleResponse,
  exampleTrace,
  exampleVerdict,
} from '../core/example-rows.ts'

/** A judged trace of a question of its own. */
export function judgedTrace(
  at: number,
  verdict: Partial<Verdict>,
  problem: Parameters<typeof exampleProblem>[0] = {},
): JudgedTrace {
  const asked = exampleProblem({ prompt: `Question ${at} of the examples?`, ...problem })
  const trace = exampleTrace(exampleResponse(asked))
  return { problem: asked, trace, verdict: exampleVerdict(trace, verdict) }
}

/** An answer in words on which a judge contradicts the rules. */
export function overruled(at: number): JudgedTrace {
  const rule = { outcome: 'undecided', reason: 'unparsable-answer', tier: 'math-verify' } as const
  const equal = at % 3 !== 0
  const judged = {
    verdict: equal ? 'equal' : 'different',
    reason: equal ? 'equal' : 'different',
    said: `both name crossing ${at}, ${equal ? 'in other words' : 'but one of them the next one'}.`,
    request: digestOf({ judged: at }),
    rule,
  } as const
  return judgedTrace(
    at,
    {
      outcome: equal ? 'accepted' : 'wrong',
      reason: judged.reason,
      tier: 'judge',
      extracted: `\\text{crossing number ${at}}`,
      legacyOutcome: 'wrong',
      judged,
    },
    {
      source: at % 2 === 0 ? 'puzzles' : 'arithmetic',
      domain: at % 2 === 0 ? 'puzzle' : 'math',
      prompt: `Walking north from house ${at} along the road, past the well and the old mill, where do you turn?`,
      reference: { kind: 'answer', answer: `the crossing with number ${at}` },
    },
  )
}

/** A program that only the published scorers accept. */
export function onlyLegacy(at: number): JudgedTrace {
  const reason = at % 5 === 0 ? 'runtime-error' : 'wrong-output'
  return judgedTrace(
    at,
    {
      outcome: 'wrong',
      reason,
      tier: 'tests',
      extracted: `n = int(input())\nprint(n, ${at})`,
      legacyOutcome: 'accepted',
    },
    {
      source: 'programs',
      domain: 'code',
      prompt: `Read n and print the sum of its first ${at} multiples, each on a line of its own.`,
      reference: {
        kind: 'tests',
        tests: { kind: 'stdin', cases: [{ input: '1\n', output: '1\n' }] },
      },
    },
  )
}

/** A reference that nobody can read. */
export function suspect(at: number): JudgedTrace {
  return judgedTrace(
    at,
    {
      outcome: 'undecided',
      reason: 'suspect-reference',
      tier: 'exact',
      extracted: `\\frac{${at}}{7}`,
      legacyOutcome: 'wrong',
    },
    { source: 'arithmetic', reference: { kind: 'answer', answer: `\\text{{Final strategy ${at}` } },
  )
}

/** What graders are at odds over in an example report: three kinds, one of them with more than is shown. */
export function exampleGraders() {
  const views = createDisagreementViews(42)
  for (let at = 0; at < 30; at++) views.add(overruled(at))
  for (let at = 100; at < 250; at++) views.add(onlyLegacy(at))
  for (let at = 300; at < 304; at++) views.add(suspect(at))
  return { views: views.views(), list: 's3://sky-t1/runs/first/disagreements.jsonl.gz' }
}
