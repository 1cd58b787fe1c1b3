import type { JudgeFinding, JudgeQuestion } from '../ports/judge.ts'
import { judgeMessages, readJudgeReply } from '../prompts/judge.ts'
import type { Obtained } from '../read-reply.ts'
import type { Judge } from '../recipe.ts'
import { type ChatRequest, requestDigest } from '../response.ts'

/** Characters of a judge's ground that a verdict keeps; its raw reply has all of them. */
const maxSaid = 300

/** Who is asked, and the seed of the run. */
export type JudgeSettings = { readonly judge: Judge; readonly seed: number }

/** The request that puts a question to a judge; each asking, 0 for the first, has a seed of its own. */
export function judgeRequest(
  question: JudgeQuestion,
  { judge, seed }: JudgeSettings,
  asking: number,
): ChatRequest {
  return { ...judge, messages: judgeMessages(question), seed: seed + asking }
}

/** What a judge found, by what came of the request to it. */
export function judgeFinding(asked: ChatRequest, { reply, unusable }: Obtained): JudgeFinding {
  const request = requestDigest(asked)
  const none = (reason: string) => ({ verdict: 'undecided', reason, said: null, request }) as const
  if (reply === undefined) return none(unusable)
  if (reply.finishReason !== 'stop') return none(`reply-${reply.finishReason}`)
  const read = readJudgeReply(reply.text)
  if (read === undefined) return none('unreadable')
  const said = read.said.slice(0, maxSaid).toWellFormed()
  return read.verdict === 'cannot tell'
    ? { verdict: 'undecided', reason: 'cannot-tell', said, request }
    : { verdict: read.verdict, reason: read.verdict, said, request }
}

/** Whether a judge said something; that it cannot tell is something, too. */
export function hasSpoken(finding: JudgeFinding | undefined): boolean {
  return finding !== undefined && finding.said !== null
}
