import { digestOf } from '../digest.ts'
import type { Counts } from '../manifest.ts'
import type { JudgeFinding, JudgeQuestion } from '../ports/judge.ts'
import type { Obtained } from '../read-reply.ts'
import type { ChatRequest } from '../response.ts'
import type { Sending } from '../sampling/answer.ts'
import { hasSpoken, judgeFinding, judgeRequest, type JudgeSettings } from './judge-request.ts'

/** Who is asked, and how replies are come by. */
export type Asking = JudgeSettings & {
  readonly ask: (requests: readonly ChatRequest[]) => Promise<Obtained[]>
}

/** What was asked, and what was found about each answer, by the names of the questions. */
export type AskedJudge = {
  readonly findings: ReadonlyMap<string, JudgeFinding>
  readonly sendings: readonly JudgeSending[]
}

/** A sending, and what the reply says. */
type JudgeSending = Sending & { readonly finding: JudgeFinding }

/** How often a judge is asked, in all, whose reply is no verdict. */
const askings = 2

/** Puts each question once, under however many names it stands, and again where the reply is no verdict. */
export async function askJudge(
  questions: ReadonlyMap<string, JudgeQuestion>,
  asking: Asking,
): Promise<AskedJudge> {
  const digests = new Map([...questions].map(([name, question]) => [name, digestOf(question)]))
  const distinct = new Map([...questions.values()].map((each) => [digestOf(each), each]))
  const found = new Map<string, JudgeFinding>()
  const sendings: JudgeSending[] = []
  for (let number = 0; number < askings; number++) {
    const open = [...distinct].filter(([digest]) => !hasSpoken(found.get(digest)))
    if (open.length === 0) break
    const requests = open.map(([, question]) => judgeRequest(question, asking, number))
    const replies = await asking.ask(requests)
    for (const [at, [digest]] of open.entries()) {
      const [request, obtained] = [requests[at], replies[at]]
      if (request === undefined || obtained === undefined) {
        throw new Error('a question was left without a reply')
      }
      const finding = judgeFinding(request, obtained)
      found.set(digest, finding)
      sendings.push({ request, obtained, finding })
    }
  }
  const findings = new Map<string, JudgeFinding>()
  for (const [name, digest] of digests) {
    const finding = found.get(digest)
    if (finding !== undefined) findings.set(name, finding)
  }
  return { findings, sendings }
}

/** How many replies were no verdict, by reason. */
export function silentCounts({ sendings }: AskedJudge): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { finding } of sendings) {
    if (!hasSpoken(finding)) counts[finding.reason] = (counts[finding.reason] ?? 0) + 1
  }
  return counts
}

/** What was found, as counts of a stage: `judged`, `judged/VERDICT`. */
export function findingCounts({ findings }: AskedJudge): Counts {
  const counts: Record<string, number> = { judged: findings.size }
  for (const { verdict } of findings.values()) {
    counts[`judged/${verdict}`] = (counts[`judged/${verdict}`] ?? 0) + 1
  }
  return counts
}
