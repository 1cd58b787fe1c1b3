import { outlastingFaults } from '../activities/ask.ts'
import { createBalancedEndpoint } from '../adapters/balanced-endpoint.ts'
import { createOpenAiEndpoint } from '../adapters/openai-endpoint.ts'
import { digestOf } from '../core/digest.ts'
import { askJudge } from '../core/grading/ask-judge.ts'
import type { AnswerJudge, JudgeFinding, JudgeQuestion } from '../core/ports/judge.ts'
import { type Obtained, readReply } from '../core/read-reply.ts'
import { count } from '../core/report/figures.ts'
import { type ChatRequest, requestDigest } from '../core/response.ts'
import { usageOf } from '../core/sampling/answer.ts'
import { endpointSettings } from '../workers/endpoint-settings.ts'
import { UsageError } from './command.ts'

/** Two lines are asked for; a model that thinks aloud needs no more either. In tokens. */
const maxTokens = 256
/** Findings that are remembered: the same question again is not paid for again. */
const remembered = 10_000

/** Where a judge is: a logical name of the environment, and the model that is asked there. */
export type NamedJudge = { readonly endpoint: string; readonly model: string }

/** Reads `ENDPOINT/MODEL`; a model's own name may hold slashes. Throws UsageError. */
export function parseJudge(named: string): NamedJudge {
  const [, endpoint = '', model = ''] = /^([a-z0-9][a-z0-9.-]*)\/(\S+)$/.exec(named) ?? []
  if (model !== '') return { endpoint, model }
  throw new UsageError(`--judge ${named}: name ENDPOINT/MODEL, as in openai/gpt-4o-mini`)
}

/**
 * A judge whose endpoint the environment addresses (`<ENDPOINT>_BASE_URL`, `<ENDPOINT>_API_KEY`).
 * Passing faults are outlasted; one that stays is thrown, and no line is judged without it.
 * @throws {InvalidInputError} a variable is missing or wrong
 */
export function openAnswerJudge({ endpoint, model }: NamedJudge, environment = process.env) {
  const settings = { judge: { endpoint, model, temperature: 0, maxTokens }, seed: 0 }
  const server = createBalancedEndpoint(
    endpointSettings(environment, endpoint).servers.map(createOpenAiEndpoint),
  )
  const stopped = new AbortController()
  const findings = new Map<string, Promise<JudgeFinding>>()
  const spent = { requests: 0, tokens: 0 }

  const send = async (request: ChatRequest): Promise<Obtained> => {
    const { signal } = stopped
    const obtained = await outlastingFaults({ sending: signal }, async (attempt) => {
      const startedAt = performance.now()
      const wire = await server.complete(request, attempt, signal)
      return readReply({
        requestDigest: requestDigest(request),
        request,
        via: 'online',
        attempts: attempt,
        latencyMs: Math.round(performance.now() - startedAt),
        asker: { workflow: 'sky-t1 grade math', activity: '' },
        ...wire,
      })
    })
    const { promptTokens, completionTokens } = usageOf({ request, obtained })
    spent.requests += 1
    spent.tokens += promptTokens + completionTokens
    return obtained
  }
  const ask = (requests: readonly ChatRequest[]) => Promise.all(requests.map(send))
  const find = async (question: JudgeQuestion): Promise<JudgeFinding> => {
    const asked = await askJudge(new Map([['answer', question]]), { ...settings, ask })
    const finding = asked.findings.get('answer')
    if (finding === undefined) throw new Error('a judge was asked and nothing came of it')
    return finding
  }
  const judge: AnswerJudge = {
    judge(question) {
      const name = digestOf(question)
      const known = findings.get(name)
      if (known !== undefined) return known
      const [oldest] = findings.keys()
      if (findings.size >= remembered && oldest !== undefined) findings.delete(oldest)
      const found = find(question)
      findings.set(name, found)
      return found
    },
  }
  return {
    judge,
    /** Throws where the endpoint does not answer, or does not offer the model. */
    ready: () => server.check(model),
    /** Ends what is in flight, and tells on standard error what was asked for. */
    close: async (): Promise<void> => {
      stopped.abort()
      const { requests, tokens } = spent
      console.error(`${model} was asked ${count(requests)} times, ${count(tokens)} tokens in all`)
    },
  }
}
