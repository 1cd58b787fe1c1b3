import { z } from 'zod'
import type { Draws } from './draws.ts'
import type { Profile } from './profile.ts'
import type { ScriptedReply } from './teacher.ts'

const Question = z.object({ problem: z.string(), reference: z.string(), answer: z.string() })

/**
 * Compares an answer with a reference, word by word, whatever sets the words; at a set rate it
 * talks instead. It knows no mathematics, no units and no other word for anything.
 */
export function judgeReply(prompt: string, draws: Draws, rates: Profile['judge']): ScriptedReply {
  const question = readQuestion(prompt)
  if (question === undefined) return { kind: 'unknown', text: 'I find no question here.' }
  if (draws.number('unreadable') < rates.unreadable) {
    return { kind: 'unreadable-verdict', text: 'Well, they look rather alike to me.' }
  }
  const [reference, answer] = [wordsOf(question.reference), wordsOf(question.answer)]
  const said = `the reference reads "${reference}", the answer "${answer}"`
  if (reference === '') return verdict(said, 'cannot tell')
  return verdict(said, reference === answer ? 'equal' : 'different')
}

function readQuestion(prompt: string): z.infer<typeof Question> | undefined {
  try {
    return Question.safeParse(JSON.parse(prompt)).data
  } catch {
    return undefined // no JSON, so no question
  }
}

function verdict(said: string, word: string): ScriptedReply {
  return { kind: 'verdict', text: `Reason: ${said}.\nVerdict: ${word}` }
}

/** Lower-case words and numbers, without articles and without the commands that only set type. */
function wordsOf(text: string): string {
  const plain = text.replaceAll(/\\(?:text|mathrm|mathbf|textbf|mbox)(?![A-Za-z])/g, ' ')
  const words = plain.toLowerCase().match(/[\p{L}\d.]+/gu) ?? []
  return words
    .map((word) => word.replace(/\.+$/, ''))
    .filter((word) => !/^(?:a|an|the|)$/.test(word))
    .join(' ')
}
