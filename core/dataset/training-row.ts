import { studentSystemPrompt } from '../prompts/student-system.ts'
import { formatTrace } from '../trace.ts'
import type { DatasetRow, RejectedRow } from './dataset-row.ts'
import type { JudgedTrace } from './shard-rows.ts'

/** The training row of an accepted trace that counts in a quota. */
export function trainingRow(judged: JudgedTrace, quota: string): DatasetRow {
  return { ...row(judged), tier: judged.verdict.tier, quota }
}

/** The row of a trace that was not accepted. */
export function rejectedRow(judged: JudgedTrace): RejectedRow {
  const { outcome, reason, tier, profile, profileVersion, extracted } = judged.verdict
  return {
    ...row(judged),
    verdict: outcome,
    reason,
    tier,
    profile,
    profileVersion,
    extracted: extracted?.toWellFormed() ?? null,
  }
}

function row({ problem, trace }: JudgedTrace): Omit<DatasetRow, 'tier' | 'quota'> {
  return {
    system: studentSystemPrompt,
    // Half a surrogate pair is no text to those who read the files.
    conversations: [
      { from: 'user', value: problem.prompt.toWellFormed() },
      { from: 'assistant', value: formatTrace(trace).toWellFormed() },
    ],
    problemId: problem.id,
    responseId: trace.id,
    domain: problem.domain,
    category: problem.category.toWellFormed(),
    source: problem.source,
    sourceRevision: problem.revision,
    difficulty: problem.difficulty ?? null,
    request: trace.request,
    reformatting: trace.reformatting,
  }
}
