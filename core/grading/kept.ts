import type { Problem } from '../problem.ts'
import type { GradingRules } from '../recipe.ts'
import type { Verdict } from '../verdict.ts'
import { graderProfiles } from './profiles.ts'
import type { Submission } from './submission.ts'

/** The verdict on a source's own response: it is kept as it is, and no grader has looked at it. */
export function keptVerdict(
  problem: Problem,
  { id, index }: Submission,
  { profile }: GradingRules,
): Verdict {
  return {
    traceId: id,
    problemId: problem.id,
    index,
    outcome: 'accepted',
    reason: 'kept',
    tier: 'none',
    profile,
    profileVersion: graderProfiles[profile].version,
    extracted: null,
    // The published data set has them without a look, too.
    legacyOutcome: 'accepted',
  }
}
