import { type ChatBody, contentKey } from './chat-body.ts'
import { createDraws } from './draws.ts'
import { judgeReply } from './judge.ts'
import { labellerReply } from './labeller.ts'
import type { Profile } from './profile.ts'
import { reformatterReply } from './reformatter.ts'
import { type ScriptedReply, teacherReply } from './teacher.ts'
import { countTokens, truncate } from './tokens.ts'

/** The models that are played, by the names that a request gives. */
export const scriptedModels = [
  'scripted-teacher',
  'scripted-reformatter',
  'scripted-labeller',
  'scripted-judge',
] as const

/** A whole reply with its usage. It depends on the request and the server's seed alone. */
export type Completion = {
  readonly kind: string
  readonly text: string
  readonly finishReason: 'stop' | 'length'
  readonly usage: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
  }
}

/** Plays the model that a request names; undefined for a model that is not played. */
export function complete(
  body: ChatBody,
  { seed, profile }: { readonly seed: number; readonly profile: Profile },
): Completion | undefined {
  const reply = play(body, { seed, profile })
  if (!reply) return undefined
  const whole = beforeStop(reply.text, [body.stop ?? []].flat())
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Infinity
  const text = truncate(whole, limit)
  const promptTokens = body.messages.reduce((sum, { content }) => sum + countTokens(content), 0)
  const completionTokens = countTokens(text)
  return {
    kind: reply.kind,
    text,
    finishReason: text === whole ? 'stop' : 'length',
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  }
}

function play(
  body: ChatBody,
  { seed, profile }: { readonly seed: number; readonly profile: Profile },
): ScriptedReply | undefined {
  const prompt = body.messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const draws = createDraws(seed, contentKey(body))
  if (body.model === 'scripted-teacher') return teacherReply(prompt, draws, profile.teacher)
  if (body.model === 'scripted-reformatter')
    return reformatterReply(prompt, draws, profile.reformatter)
  if (body.model === 'scripted-labeller') return labellerReply(prompt, draws, profile.labeller)
  if (body.model === 'scripted-judge') return judgeReply(prompt, draws, profile.judge)
  return undefined
}

function beforeStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at !== -1)
  return text.slice(0, Math.min(text.length, ...ends))
}
