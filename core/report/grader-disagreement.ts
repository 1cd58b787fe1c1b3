import { z } from 'zod'
import { Domain } from '../problem.ts'
import { Outcome, Tier, Verdict } from '../verdict.ts'

/**
 * Over what graders are at odds: `rule-judge`: a judge found otherwise than the rules;
 * `strict-legacy`: one of the verdict and the published pipeline's accepts, the other does not;
 * `suspect-reference`: what the answer is to be judged against is itself in doubt.
 */
const Kind = z.enum(['rule-judge', 'strict-legacy', 'suspect-reference'])

/** A trace over which graders are at odds: with it, all that one needs to see who is right. */
export const GraderDisagreement = z.strictObject({
  kind: Kind,
  source: z.string(),
  domain: Domain,
  prompt: z.string(),
  /** What the solution was judged against, in words. */
  reference: z.string(),
  verdict: Verdict,
})
export type GraderDisagreement = z.infer<typeof GraderDisagreement>

/** How many traces of a source graders are at odds over in the same way. */
const DisagreementTally = z.strictObject({
  source: z.string(),
  domain: Domain,
  /** What our side says: the rules, where a judge stands against them. */
  outcome: Outcome,
  tier: Tier,
  reason: z.string().min(1),
  /** What the other side says: the judge, else the published pipeline. */
  other: Outcome,
  count: z.int().positive(),
})
export type DisagreementTally = z.infer<typeof DisagreementTally>

/** All disagreements of one kind, counted, and some of them to look at. */
export const DisagreementView = z.strictObject({
  kind: Kind,
  total: z.int().nonnegative(),
  tallies: z.array(DisagreementTally),
  shown: z.array(GraderDisagreement),
})
export type DisagreementView = z.infer<typeof DisagreementView>
