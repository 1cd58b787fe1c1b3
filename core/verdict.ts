import { z } from 'zod'

/** Three-valued: a grader's own failure, or a reference nobody can parse, is never "wrong". */
export const Outcome = z.enum(['accepted', 'wrong', 'undecided'])
export type Outcome = z.infer<typeof Outcome>

/** Which grader decided: the exact rules, math-verify, the choice rule, running the tests, or a model. */
export const Tier = z.enum(['exact', 'math-verify', 'choice', 'tests', 'judge', 'none'])
export type Tier = z.infer<typeof Tier>

/** What a judge was asked after the rules, and what both said. */
export const Judged = z.strictObject({
  verdict: z.enum(['equal', 'different', 'undecided']),
  /** `equal`, `different`, `cannot-tell`, or why there is no verdict in its reply. */
  reason: z.string().min(1),
  /** The judge's ground in its own words, shortened; null where its reply could not be read. */
  said: z.string().nullable(),
  /** Digest of the request, under which its raw reply is stored. */
  request: z.string().regex(/^[0-9a-f]{64}$/),
  /** What the rules say: the verdict, were there no judge. */
  rule: z.strictObject({ outcome: Outcome, reason: z.string().min(1), tier: Tier }),
})
export type Judged = z.infer<typeof Judged>

/** The decision about one trace, with its reason. One row of a verdict shard. */
export const Verdict = z.strictObject({
  traceId: z.string(),
  problemId: z.string(),
  index: z.int().nonnegative(),
  outcome: Outcome,
  /** A code such as `equal`, `different`, `no-answer`, `truncated`, `wrong-output`, `time-limit`. */
  reason: z.string().min(1),
  tier: Tier,
  profile: z.string().min(1),
  profileVersion: z.int().positive(),
  /** The answer or the code that was judged, shortened; null where nothing could be extracted. */
  extracted: z.string().nullable(),
  /** What the published pipeline would have said; reported beside, never decides. */
  legacyOutcome: z.enum(['accepted', 'wrong']),
  /** Absent where no judge was asked. */
  judged: Judged.optional(),
})
export type Verdict = z.infer<typeof Verdict>

/** What a grader says about one response, before it is tied to a trace. */
export type Judgement = Pick<
  Verdict,
  'outcome' | 'reason' | 'tier' | 'extracted' | 'legacyOutcome' | 'judged'
>
