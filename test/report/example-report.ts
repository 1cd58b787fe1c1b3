import { digestOf } from '../../core/digest.ts'
import type { Stage } from '../../core/manifest.ts'
import type { Domain } from '../../core/problem.ts'
import type {
  Disagreement,
  ReportData,
  ReportStage,
  ReportTrace,
  SourceYield,
  VerdictTally,
} from '../../core/report/report-data.ts'
import { exampleScore } from '../core/example-score.ts'
import type { Score } from '../../core/score.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import type { Verdict } from '../../core/verdict.ts'
import { exampleCuration } from './example-curation.ts'
import { exampleGraders } from './example-disagreements.ts'
import { exampleLedger } from './example-ledger.ts'
import { exampleTexts } from './example-texts.ts'
import { parseYield, samplingYield } from './example-yields.ts'

/** A report such as the miniature recipe gives: four generated sources, everything scripted. */
export function exampleReport(): ReportData {
  return {
    run: {
      name: 'first',
      startedAt: '2026-11-22T17:20:31.120Z',
      finishedAt: '2026-11-22T17:31:12.480Z',
    },
    recipe: {
      name: 'miniature',
      description:
        'The whole reproduction in miniature: generated problems, a scripted teacher, and a tiny student that is really trained.',
      digest: digestOf('recipe'),
      seed: 42,
    },
    endpoints: [
      { role: 'teacher', endpoint: 'scripted', model: 'scripted-teacher', kind: 'scripted' },
      {
        role: 'reformatter',
        endpoint: 'scripted',
        model: 'scripted-reformatter',
        kind: 'scripted',
      },
    ],
    stages: stages(),
    skipped: [],
    ledger: exampleLedger,
    curation: exampleCuration,
    scores: [
      score('base', { math: [0, 80], code: [0, 40], science: [1, 80], puzzle: [0, 40] }),
      score('student', { math: [61, 80], code: [17, 40], science: [52, 80], puzzle: [23, 40] }),
    ],
    yields: sources.map(sourceYield),
    parsing: sources.map(parseYield),
    sampling: sources.map(samplingYield),
    verdicts: sources.flatMap(verdictTallies),
    training: {
      steps: Array.from({ length: 150 }, (_, at) => ({
        globalStep: 2 * (at + 1),
        totalSteps: 300,
        loss:
          0.42 + 6.6 * Math.exp(-at / 21) + 0.09 * Math.sin(at * 1.7) + 0.06 * Math.cos(at * 4.3),
        learningRate: 0.001 * (1 - at / 151),
      })),
      checkpoints: [100, 200, 300].map((globalStep) => ({
        globalStep,
        digest: digestOf({ globalStep }),
        files: 11,
        bytes: 14_812_334 + globalStep,
      })),
    },
    traces: exampleTexts.map(exampleTrace),
    graders: exampleGraders(),
    labels: { agreement: [], disagreements: [] },
  }
}

/** A report such as the replay recipe gives: recorded outputs, and labels that we contradict. */
export function replayReport(disagreeing: number): ReportData {
  const compared = 1034
  return {
    ...exampleReport(),
    endpoints: [
      { role: 'teacher', endpoint: 'replay', model: 'Qwen2.5-32B-Instruct', kind: 'replay' },
      { role: 'teacher', endpoint: 'replay', model: 'QwQ-32B', kind: 'replay' },
      {
        role: 'reformatter',
        endpoint: 'scripted',
        model: 'scripted-reformatter',
        kind: 'scripted',
      },
    ],
    labels: {
      agreement: [
        { source: 'skythought-math500', compared, agreed: compared - disagreeing, unjudged: 56 },
      ],
      disagreements: Array.from({ length: disagreeing }, (_, at) => disagreement(at)),
    },
  }
}

const sources = [
  { source: 'arithmetic', domain: 'math', problems: 1200, rows: 600, tier: 'exact' },
  { source: 'choices', domain: 'science', problems: 700, rows: 300, tier: 'choice' },
  { source: 'programs', domain: 'code', problems: 600, rows: 300, tier: 'tests' },
  { source: 'puzzles', domain: 'puzzle', problems: 500, rows: 200, tier: 'math-verify' },
] as const
type ExampleSource = (typeof sources)[number]

function sourceYield({ source, domain, problems, rows }: ExampleSource): SourceYield {
  const setAside = Math.round(problems * 0.081)
  const wrong = Math.round(problems * 0.127)
  const undecided = 3
  const accepted = problems - setAside - wrong - undecided
  const truncated = Math.round(setAside * 0.4)
  return {
    source,
    domain,
    problems,
    responses: problems,
    truncated,
    refused: 4,
    traces: problems - setAside,
    accepted,
    datasetRows: rows,
    losses: [
      { stage: 'reformat', reason: 'truncated', count: truncated },
      { stage: 'reformat', reason: 'answer-changed', count: setAside - truncated - 4 },
      { stage: 'reformat', reason: 'content_filter', count: 4 },
      { stage: 'verify', reason: 'wrong: different', count: wrong },
      { stage: 'verify', reason: 'undecided: sandbox-failed', count: undecided },
      { stage: 'assemble', reason: 'over-quota', count: accepted - rows },
    ],
  }
}

function verdictTallies(of: ExampleSource): VerdictTally[] {
  const { source, tier } = of
  const { accepted, traces } = sourceYield(of)
  const wrong = traces - accepted - 3
  const base = { source, tier }
  return [
    {
      ...base,
      outcome: 'accepted',
      reason: 'equal',
      legacyOutcome: 'accepted',
      count: accepted - 19,
    },
    { ...base, outcome: 'accepted', reason: 'equal', legacyOutcome: 'wrong', count: 19 },
    { ...base, outcome: 'wrong', reason: 'different', legacyOutcome: 'wrong', count: wrong - 31 },
    { ...base, outcome: 'wrong', reason: 'different', legacyOutcome: 'accepted', count: 31 },
    { ...base, outcome: 'undecided', reason: 'sandbox-failed', legacyOutcome: 'wrong', count: 3 },
  ]
}

function score(
  model: Score['model'],
  by: Readonly<Record<Domain, readonly [number, number]>>,
): Score {
  const all = Object.values(by)
  const [correct, n] = [0, 1].map((at) => all.reduce((sum, pair) => sum + (pair[at] ?? 0), 0))
  return exampleScore({
    model,
    modelDigest: digestOf({ model }),
    accuracy: wilsonInterval(correct ?? 0, n ?? 0),
    byDomain: Object.fromEntries(
      Object.entries(by).map(([domain, [right, of]]) => [domain, wilsonInterval(right, of)]),
    ),
    undecided: model === 'base' ? 0 : 2,
    unanswered: model === 'base' ? 12 : 1,
    truncated: model === 'base' ? 198 : 6,
  })
}

const timetable: ReadonlyArray<readonly [Stage, number, number, number]> = [
  ['curate', 1, 0, 3],
  ['sample', 24, 4, 96],
  ['reformat', 24, 9, 121],
  ['verify', 24, 14, 149],
  ['assemble', 1, 150, 156],
  ['train', 1, 157, 522],
  ['evaluate', 2, 523, 636],
]

function stages(): ReportStage[] {
  return timetable.flatMap(([stage, parts, from, to]) =>
    Array.from({ length: parts }, (_, part) => exampleStage({ stage, parts, part, from, to })),
  )
}

function exampleStage(of: {
  readonly stage: Stage
  readonly parts: number
  readonly part: number
  readonly from: number
  readonly to: number
}): ReportStage {
  const { stage, parts, part, from, to } = of
  const number = String(part).padStart(5, '0')
  const asks = stage === 'sample' || stage === 'reformat' || stage === 'evaluate'
  const tokens = asks ? 48_211 + 977 * part : 0
  return {
    name: parts === 1 ? stage : `${stage}/${number}`,
    state: stage === 'curate' ? 'reused' : 'done',
    manifest: {
      stage,
      key: digestOf({ stage, part }),
      inputs: stage === 'curate' ? [] : [digestOf({ before: stage, part })],
      configDigest: digestOf({ stage }),
      codeVersion: 1,
      outputs: {
        [`${stage}-${number}`]: {
          uri: `s3://sky-t1/stages/${stage}/${digestOf({ stage, part })}/rows.jsonl.gz`,
          sha256: digestOf({ out: stage, part }),
          bytes: 183_402 + 311 * part,
          rows: 125,
        },
      },
      counts: { rows: 125, 'rows/arithmetic': 50 },
      cost: asks
        ? {
            dollars: tokens * 1.1e-6,
            promptTokens: tokens,
            completionTokens: 3 * tokens,
            requests: 125,
          }
        : { dollars: 0, promptTokens: 0, completionTokens: 0, requests: 0 },
      startedAt: later(from + ((to - from) * part) / parts),
      finishedAt: later(from + ((to - from) * (part + 1)) / parts),
    },
  }
}

function later(seconds: number): string {
  return new Date(Date.parse('2026-11-22T17:20:31Z') + 1000 * seconds).toISOString()
}

function exampleTrace(text: (typeof exampleTexts)[number], index: number): ReportTrace {
  const { source, domain, prompt, reference, thought, solution } = text
  const verdict = exampleVerdict({ ...text.verdict, index })
  return {
    problemId: verdict.problemId,
    source,
    revision: 'seed 42',
    domain,
    prompt,
    reference,
    thought,
    solution,
    verdict,
    responseId: verdict.traceId,
    reformatting: index % 4 === 0 ? 'none' : digestOf({ reformatting: index }),
    inDataset: verdict.outcome === 'accepted' && index !== 2,
  }
}

type VerdictFacts = Pick<
  Verdict,
  'outcome' | 'reason' | 'tier' | 'extracted' | 'legacyOutcome' | 'index'
>

function exampleVerdict({ index, ...facts }: VerdictFacts): Verdict {
  return {
    traceId: digestOf({ trace: index }),
    problemId: digestOf({ problem: index }).slice(0, 32),
    index: 0,
    profile: 'strict',
    profileVersion: 1,
    ...facts,
  }
}

/** A label that our verdict contradicts, one way or the other. */
export function disagreement(index: number): Disagreement {
  const correct = index % 3 !== 0
  const outcome = index % 7 === 0 ? 'undecided' : correct ? 'wrong' : 'accepted'
  const verdict = exampleVerdict({
    index,
    outcome,
    reason:
      outcome === 'undecided'
        ? 'unparseable-reference'
        : outcome === 'wrong'
          ? 'different'
          : 'equal',
    tier: 'math-verify',
    extracted: `\\frac{${index}}{${index + 2}}`,
    legacyOutcome: correct ? 'accepted' : 'wrong',
  })
  return {
    label: {
      problemId: verdict.problemId,
      source: 'skythought-math500',
      correct,
      reason: correct ? '' : `extracted \\frac{${index}}{${index + 2}}, wanted 0.5`,
    },
    verdict,
    prompt: `Compute the value of $\\frac{${index}}{${index + 1}}$ rounded to the nearest tenth, where the angle at $A$ is right and $AB = ${index}$.`,
    reference: `\\frac{${index}}{${index + 1}}`,
  }
}
