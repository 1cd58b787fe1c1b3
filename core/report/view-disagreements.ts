import { compareText } from '../compare-text.ts'
import type { JudgedTrace } from '../dataset/shard-rows.ts'
import { digestOf } from '../digest.ts'
import type { Outcome } from '../verdict.ts'
import { describeReference } from './describe-reference.ts'
import type {
  DisagreementTally,
  DisagreementView,
  GraderDisagreement,
} from './grader-disagreement.ts'
import { inTurn } from './in-turn.ts'

type Kind = GraderDisagreement['kind']

const kinds: readonly Kind[] = ['rule-judge', 'strict-legacy', 'suspect-reference']

/** Disagreements of each kind that a report shows; the list of all is beside it. */
const mostShown = 40

/** A disagreement, and where the seed ranks it among those like it. */
type Ranked = { readonly rank: string; readonly disagreement: GraderDisagreement }

/** Disagreements that are alike in all that is counted: how many, and the first of them by rank. */
type Group = { tally: DisagreementTally; ranked: Ranked[] }

/**
 * Counts a run's disagreements as they come, and keeps of each kind some to show: in turn from each
 * source and reason, chosen by the recipe's seed, so that neither the order nor the number of
 * shards tells in the choice. Only those that may be shown are held.
 */
export function createDisagreementViews(seed: number) {
  const groups = new Map<Kind, Map<string, Group>>(kinds.map((kind) => [kind, new Map()]))

  const keep = (disagreement: GraderDisagreement) => {
    const { kind, verdict } = disagreement
    const tally = tallyOf(disagreement)
    const name = JSON.stringify(Object.values(tally))
    const rank = digestOf({ seed, trace: verdict.traceId })
    const standing = groups.get(kind)?.get(name)
    const ranked = [...(standing?.ranked ?? []), { rank, disagreement }]
      .toSorted((a, b) => compareText(a.rank, b.rank))
      .slice(0, mostShown)
    const count = (standing?.tally.count ?? 0) + 1
    groups.get(kind)?.set(name, { tally: { ...tally, count }, ranked })
  }
  return {
    /** Takes a trace in, and gives the disagreements over it: at most one of each kind. */
    add(judged: JudgedTrace): readonly GraderDisagreement[] {
      const found = disagreementsOver(judged)
      for (const disagreement of found) keep(disagreement)
      return found
    },
    /** The views of the kinds of which there are any. */
    views(): DisagreementView[] {
      return [...groups].flatMap(([kind, ofKind]) => viewOf(kind, ofKind))
    },
  }
}

function viewOf(kind: Kind, groups: ReadonlyMap<string, Group>): DisagreementView[] {
  if (groups.size === 0) return []
  const inOrder = [...groups].toSorted(([a], [b]) => compareText(a, b)).map(([, group]) => group)
  const tallies = inOrder.map(({ tally }) => tally)
  const candidates = inOrder.flatMap(({ ranked }, group) =>
    ranked.map(({ disagreement }) => ({ disagreement, group: String(group).padStart(6, '0') })),
  )
  const shown = inTurn(candidates, ({ group }) => group)
    .slice(0, mostShown)
    .map(({ disagreement }) => disagreement)
  return [{ kind, total: tallies.reduce((sum, { count }) => sum + count, 0), tallies, shown }]
}

function disagreementsOver({ problem, verdict }: JudgedTrace): GraderDisagreement[] {
  const { source, domain, prompt } = problem
  const reference = describeReference(problem.reference)
  return kinds
    .filter((kind) => isOf[kind](verdict))
    .map((kind) => ({ kind, source, domain, prompt, reference, verdict }))
}

const isOf: Readonly<Record<Kind, (verdict: JudgedTrace['verdict']) => boolean>> = {
  // A judge that cannot tell contradicts nobody.
  'rule-judge': ({ judged }) =>
    judged !== undefined &&
    judged.verdict !== 'undecided' &&
    outcomeOfJudge[judged.verdict] !== judged.rule.outcome,
  'strict-legacy': ({ outcome, legacyOutcome }) =>
    (outcome === 'accepted') !== (legacyOutcome === 'accepted'),
  'suspect-reference': ({ reason, judged }) =>
    (judged?.rule.reason ?? reason).startsWith('suspect'),
}

const outcomeOfJudge = {
  equal: 'accepted',
  different: 'wrong',
  undecided: 'undecided',
} as const satisfies Record<string, Outcome>

function tallyOf({
  kind,
  source,
  domain,
  verdict,
}: GraderDisagreement): Omit<DisagreementTally, 'count'> {
  const { judged } = verdict
  const rule = kind === 'rule-judge' ? (judged?.rule ?? verdict) : verdict
  const { outcome, tier, reason } = rule
  const other =
    kind === 'rule-judge' && judged !== undefined
      ? outcomeOfJudge[judged.verdict]
      : verdict.legacyOutcome
  return { source, domain, outcome, tier, reason, other }
}
