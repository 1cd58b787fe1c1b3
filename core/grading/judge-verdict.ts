import type { JudgeFinding } from '../ports/judge.ts'
import type { Judged, Judgement } from '../verdict.ts'

type Rule = Pick<Judgement, 'outcome' | 'reason' | 'tier'>

/**
 * A judgement of the rules after a judge was asked: the judge decides where it could tell, and what
 * the rules say stays beside it. A judge that cannot tell, or cannot be read, changes nothing.
 */
export function withFinding<Ruled extends Rule>(
  ruled: Ruled,
  { verdict, reason, said, request }: JudgeFinding,
): Ruled & { readonly judged: Judged } {
  const { outcome, reason: ruleReason, tier } = ruled
  const judged = { verdict, reason, said, request, rule: { outcome, reason: ruleReason, tier } }
  if (verdict === 'undecided') return { ...ruled, judged }
  const decided = verdict === 'equal' ? 'accepted' : 'wrong'
  return { ...ruled, outcome: decided, reason: verdict, tier: 'judge', judged }
}
