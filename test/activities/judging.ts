import { z } from 'zod'
import { writeJson, writeRows } from '../../activities/artifacts.ts'
import { createJudgeActivities, type JudgedShard, type JudgeShard } from '../../activities/judge.ts'
import { createOpenAiEndpoint } from '../../adapters/openai-endpoint.ts'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { digestOf } from '../../core/digest.ts'
import type { ChatEndpoint } from '../../core/ports/chat-endpoint.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { unlimited } from '../../core/ports/request-limits.ts'
import type { Problem } from '../../core/problem.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { Trace } from '../../core/trace.ts'
import type { Verdict } from '../../core/verdict.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import {
  exampleProblem,
  exampleResponse,
  exampleTrace,
  exampleVerdict,
} from '../core/example-rows.ts'
import { quietEnvironment } from './asking.ts'

/** A recipe whose judge is the scripted one. */
export const judgingRecipe: Recipe = {
  ...exampleRecipe,
  grading: {
    ...exampleRecipe.grading,
    judge: { endpoint: 'scripted', model: 'scripted-judge', temperature: 0, maxTokens: 100 },
  },
  prices: {
    ...exampleRecipe.prices,
    'scripted-judge': { promptPerMillion: 1, completionPerMillion: 2 },
  },
}

/** Problems with their answers, and what the rules say of those. */
export type RuledShard = {
  readonly problems: readonly Problem[]
  readonly traces: readonly Trace[]
  readonly verdicts: readonly Verdict[]
}

/** So many answers in words, which the rules leave open: every second is right. */
export function openAnswers(count: number): RuledShard {
  const problems = Array.from({ length: count }, (_, at) =>
    exampleProblem({
      prompt: `Which way is it at crossing ${at}?`,
      reference: { kind: 'answer', answer: `to the north of house ${at}` },
    }),
  )
  const traces = problems.map((problem) => exampleTrace(exampleResponse(problem)))
  const verdicts = traces.map((trace, at) =>
    exampleVerdict(trace, {
      outcome: 'undecided',
      reason: 'unparsable-answer',
      tier: 'math-verify',
      extracted: `\\text{to ${at % 2 === 0 ? 'the north' : 'the south'} of house ${at}}`,
    }),
  )
  return { problems, traces, verdicts }
}

/** Stores a shard for its judge. */
export async function storeRuled(
  store: ObjectStore,
  { problems, traces, verdicts }: RuledShard,
  recipe: Recipe,
): Promise<JudgeShard> {
  const key = `ruled/${digestOf(traces.map(({ id }) => id))}`
  await writeRows(store, `${key}.verdicts.jsonl.gz`, verdicts)
  return {
    recipe: await writeJson(store, `recipes/${digestOf(recipe)}.json`, recipe),
    problems: await writeRows(store, `${key}.problems.jsonl.gz`, problems),
    verdicts: `${key}.verdicts.jsonl.gz`,
    soFar: { asked: 0, unusable: {}, pardons: 0 },
  }
}

/** Has a shard judged, as the workflow calls it. */
export function judge(
  order: JudgeShard,
  { store, endpoint }: { readonly store: ObjectStore; readonly endpoint: ChatEndpoint },
): Promise<JudgedShard> {
  const activities = createJudgeActivities({ store, endpoint: () => endpoint })
  return quietEnvironment().run(() => activities.judgeShard(order))
}

/** The endpoint at an address. */
export function endpointAt(url: string): ChatEndpoint {
  const address = { name: 'scripted', baseURL: `${url}/v1`, apiKey: undefined }
  return { ...createOpenAiEndpoint({ ...address, idleTimeoutMs: 30_000 }), limits: unlimited }
}

/** What a process of its own is told. */
const Order = z.strictObject({
  url: z.string(),
  account: z.string(),
  answers: z.int(),
  s3: z.strictObject({ bucket: z.string(), region: z.string(), endpoint: z.string() }),
})
export type JudgingOrder = z.infer<typeof Order>

/** Judges open answers from an account of the run. */
export async function judgeAnswers(
  { url, account, answers }: JudgingOrder,
  store: ObjectStore,
): Promise<JudgedShard> {
  const order = await storeRuled(store, openAnswers(answers), judgingRecipe)
  return judge({ ...order, account }, { store, endpoint: endpointAt(url) })
}

// As a process of its own, which a test can kill: `judging.ts ORDER`.
const [, program, order] = process.argv
if (program === import.meta.filename && order !== undefined) {
  const parsed = Order.parse(JSON.parse(order))
  await judgeAnswers(parsed, new S3ObjectStore(parsed.s3))
}
