import { costOf } from '../core/dollars.ts'
import { askJudge, findingCounts, silentCounts } from '../core/grading/ask-judge.ts'
import { questionOn } from '../core/grading/judge-question.ts'
import { withFinding } from '../core/grading/judge-verdict.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ChatEndpoint } from '../core/ports/chat-endpoint.ts'
import type { JudgeQuestion } from '../core/ports/judge.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { Problem } from '../core/problem.ts'
import { judgeMessages } from '../core/prompts/judge.ts'
import type { Judge, Recipe } from '../core/recipe.ts'
import type { ChatRequest } from '../core/response.ts'
import { usageOf } from '../core/sampling/answer.ts'
import { checkReplies, type RepliesSoFar, replyCounts } from '../core/sampling/reply-budget.ts'
import type { ShardResult } from '../core/stage-result.ts'
import { addCosts } from '../core/tally.ts'
import { Verdict } from '../core/verdict.ts'
import { decodeRows, keyOf, readRows, refTo, writeRows } from './artifacts.ts'
import { outputOf, sealOnce, shardResult, type StageOutput, stagePrefix } from './manifests.ts'
import { readRecipe } from './open-run.ts'
import { obtainPaidReplies } from './paid-replies.ts'

/** One shard of verdicts in which the rules have said what they can. */
export type JudgeShard = {
  readonly recipe: ObjectRef
  readonly problems: ObjectRef
  /** Key of the verdicts that the sandbox pool put. */
  readonly verdicts: string
  readonly soFar: RepliesSoFar
  /** The run's account; undefined: this workflow pays for itself. */
  readonly account?: string
}

/** A judged shard, and the key of its verdicts: those of the rules, but where the judge decided. */
export type JudgedShard = ShardResult & { readonly verdicts: string }

export type JudgeActivities = ReturnType<typeof createJudgeActivities>

type Deps = {
  readonly store: ObjectStore
  readonly endpoint: (name: string) => ChatEndpoint
}

/** Fourth stage, second half: a model is asked where the rules cannot tell. */
export function createJudgeActivities(deps: Deps) {
  const { store } = deps
  return {
    /**
     * Has the open answers of a shard judged; paid replies are found, not asked for again. Throws
     * FailureBudgetExceededError where too many replies are no verdict.
     */
    async judgeShard(order: JudgeShard): Promise<JudgedShard> {
      const recipe = await readRecipe(store, order.recipe)
      const { judge } = recipe.grading
      if (judge === null) throw new Error('the recipe has no judge; nobody is to be asked')
      const bytes = await store.get(order.verdicts)
      const { uri, sha256 } = refTo(store, order.verdicts, bytes)
      const { seed, prices } = recipe
      const prompt = judgeMessages({ problem: '', reference: '', answer: '' })
      const identity = {
        stage: 'verify',
        inputs: [order.problems.sha256, sha256],
        config: { judge, seed, prices, prompt },
        codeVersion: 1,
      } as const
      const sealed = await sealOnce(store, identity, async (key) => {
        const ruled = await decodeRows(bytes, Verdict, uri)
        return judgeVerdicts(deps, order, { recipe, judge, ruled, key })
      })
      const verdicts = keyOf(store, outputOf(sealed.manifest, 'verdicts'))
      return { ...shardResult(sealed), verdicts }
    },
  }
}

type Ruled = {
  readonly recipe: Recipe
  readonly judge: Judge
  /** What the rules say. */
  readonly ruled: readonly Verdict[]
  readonly key: string
}

async function judgeVerdicts(
  { store, endpoint: find }: Deps,
  order: JudgeShard,
  { recipe, judge, ruled, key }: Ruled,
): Promise<StageOutput> {
  const { seed, prices, failureBudget } = recipe
  const { account, soFar } = order
  const endpoint = find(judge.endpoint)
  const ask = (requests: readonly ChatRequest[]) =>
    obtainPaidReplies(requests, { store, endpoint, recipe, stage: 'verify', account })
  const asked = await askJudge(await readQuestions(store, order, ruled), { judge, seed, ask })
  const { findings, sendings } = asked
  const replies = { asked: sendings.length, unusable: silentCounts(asked) }
  checkReplies(replies, soFar, { endpoint: judge.endpoint, share: failureBudget.replies })
  const verdicts = ruled.map((verdict) => {
    const finding = findings.get(verdict.traceId)
    return finding === undefined ? verdict : withFinding(verdict, finding)
  })
  const path = `${stagePrefix('verify', key)}/verdicts.jsonl.gz`
  return {
    outputs: { verdicts: await writeRows(store, path, verdicts) },
    counts: { ...findingCounts(asked), ...replyCounts(replies) },
    cost: addCosts(sendings.map((each) => costOf(usageOf(each), judge.model, prices))),
  }
}

/** What the judge is asked, by the ids of the traces that it is asked about. */
async function readQuestions(
  store: ObjectStore,
  order: JudgeShard,
  ruled: readonly Verdict[],
): Promise<Map<string, JudgeQuestion>> {
  const problems = new Map(
    (await readRows(store, order.problems, Problem)).map((problem) => [problem.id, problem]),
  )
  const questions = new Map<string, JudgeQuestion>()
  for (const verdict of ruled) {
    const problem = problems.get(verdict.problemId)
    if (problem === undefined) throw new Error(`verdict on ${verdict.traceId} has no problem`)
    const question = questionOn(problem, verdict)
    if (question !== undefined) questions.set(verdict.traceId, question)
  }
  return questions
}
