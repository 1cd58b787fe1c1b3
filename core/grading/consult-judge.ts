import type { AnswerJudge, JudgeQuestion } from '../ports/judge.ts'
import type { Judgement } from '../verdict.ts'
import { judgeQuestion } from './judge-question.ts'
import { withFinding } from './judge-verdict.ts'

/**
 * A judgement of the rules on an answer, or, where they cannot tell and a judge can, the judge's.
 * Throws what the judge throws.
 */
export async function consultJudge(
  ruled: Judgement,
  asked: Pick<JudgeQuestion, 'problem' | 'reference'>,
  judge: AnswerJudge,
): Promise<Judgement> {
  const question = judgeQuestion(asked, ruled)
  return question === undefined ? ruled : withFinding(ruled, await judge.judge(question))
}
