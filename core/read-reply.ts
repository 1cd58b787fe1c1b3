import { z } from 'zod'
import type { RawReply } from './raw-reply.ts'
import type { ChatReply, FinishReason, Usage } from './response.ts'

/**
 * Why a reply is no answer. `reply-empty`: no body, or no text in it; `reply-malformed`: JSON of
 * another shape than the protocol's; `reply-error`: an error in place of the answer.
 */
export type UnusableReason =
  | 'reply-not-json'
  | 'reply-empty'
  | 'reply-too-large'
  | 'reply-cut'
  | 'reply-malformed'
  | 'reply-error'

/** What came of a request: a reply, or none that can be used, and what that used all the same. */
export type Obtained =
  | { readonly reply: ChatReply; readonly unusable?: undefined }
  | { readonly reply?: undefined; readonly unusable: UnusableReason; readonly usage: Usage }

/** The reply that came of a request. Throws where none came that can be used. */
export function usableReply({ reply, unusable }: Obtained): ChatReply {
  if (reply !== undefined) return reply
  throw new Error(`a request got no reply that can be used (${unusable}), sent again and again`)
}

/** What a request used, whatever came of it. */
export function usageOfReply(obtained: Obtained): Usage {
  return obtained.reply === undefined ? obtained.usage : obtained.reply.usage
}

/** How often a request is sent, in all, that keeps getting replies of a kind. A cut may have a passing cause. */
export const triesOf: Readonly<Record<UnusableReason, number>> = {
  'reply-not-json': 3,
  'reply-empty': 3,
  'reply-too-large': 2,
  'reply-cut': 6,
  'reply-malformed': 3,
  'reply-error': 6,
}

const noUsage: Usage = { promptTokens: 0, completionTokens: 0 }

/**
 * Reads a raw reply, streamed or whole. A text that came to its finish is a reply, whatever befell
 * the stream after it; `length` is such a finish. A server that counts nothing leaves usage zero.
 */
export function readReply(raw: RawReply): Obtained {
  const text = new TextDecoder().decode(raw.body)
  const gathered = gather(looksStreamed(raw, text) ? eventsOf(text) : [text])
  const { finish, usage = noUsage } = gathered
  const words = gathered.texts.join('')
  const reason = finish === undefined ? unfinished(raw, text, gathered) : undefined
  if (reason !== undefined) return { unusable: reason, usage }
  const finishReason = readFinish(finish)
  const answers = finishReason === 'length' || finishReason === 'content_filter'
  if (!answers && words.trim() === '') return { unusable: 'reply-empty', usage }
  const { requestDigest, request, via, attempts, latencyMs } = raw
  const { model = request.model } = gathered
  const how = { via, attempts, latencyMs }
  return { reply: { requestDigest, request, model, text: words, finishReason, usage, ...how } }
}

function unfinished(raw: RawReply, text: string, gathered: Gathered): UnusableReason {
  if (raw.ending === 'too-large') return 'reply-too-large'
  if (gathered.error) return 'reply-error'
  if (raw.ending === 'cut') return 'reply-cut'
  if (text.trim() === '') return 'reply-empty'
  if (gathered.broken !== undefined) return gathered.broken
  return looksStreamed(raw, text) ? 'reply-cut' : 'reply-malformed'
}

function looksStreamed({ headers }: RawReply, text: string): boolean {
  return headers['content-type']?.includes('event-stream') === true || text.startsWith('data:')
}

/** The data of server-sent events; of several lines in one event, joined. */
function eventsOf(text: string): string[] {
  return text
    .split(/(?:\r\n|\n|\r){2,}/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]')
}

const Said = z.object({ content: z.string().nullish(), refusal: z.string().nullish() })
const Count = z.int().nonnegative()

/**
 * A chunk of a stream, or a whole completion: as much of either as is read. What is only told about
 * an answer may be told oddly: the answer counts, as one that came without it.
 */
const Part = z.object({
  model: z.string().optional().catch(undefined),
  choices: z
    .array(
      z.object({
        delta: Said.nullish(),
        message: Said.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({ prompt_tokens: Count, completion_tokens: Count.default(0) })
    .nullish()
    .catch(undefined),
  error: z.unknown().optional(),
})

type Gathered = {
  texts: string[]
  model?: string
  finish?: string
  usage?: Usage
  error: boolean
  broken?: 'reply-not-json' | 'reply-malformed'
}

function gather(parts: readonly string[]): Gathered {
  const gathered: Gathered = { texts: [], error: false }
  for (const text of parts) {
    const part = readPart(text)
    if (typeof part === 'string') {
      gathered.broken ??= part
      continue
    }
    const choice = part.choices?.[0]
    const said = choice?.delta ?? choice?.message
    const words = said?.content ?? said?.refusal
    if (words) gathered.texts.push(words)
    if (part.model !== undefined) gathered.model = part.model
    if (choice?.finish_reason && gathered.broken === undefined) {
      gathered.finish = choice.finish_reason
    }
    if (part.usage) gathered.usage = usageOf(part.usage)
    if (part.error !== undefined && part.error !== null) gathered.error = true
  }
  return gathered
}

function readPart(text: string): z.infer<typeof Part> | 'reply-not-json' | 'reply-malformed' {
  try {
    const part = Part.safeParse(JSON.parse(text))
    return part.success ? part.data : 'reply-malformed'
  } catch {
    return 'reply-not-json'
  }
}

function usageOf(usage: { prompt_tokens: number; completion_tokens: number }): Usage {
  return { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }
}

function readFinish(reason: string | undefined): FinishReason {
  if (reason === 'stop' || reason === 'length' || reason === 'content_filter') return reason
  return 'other'
}
