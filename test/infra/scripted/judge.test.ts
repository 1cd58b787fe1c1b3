import { expect, test } from 'vitest'
import { judgeMessages, readJudgeReply } from '../../../core/prompts/judge.ts'
import { createDraws } from '../../../infra/scripted/draws.ts'
import { judgeReply } from '../../../infra/scripted/judge.ts'

function reply(reference: string, answer: string, unreadable = 0) {
  const prompt = judgeMessages({ problem: 'Which?', reference, answer }).at(-1)?.content ?? ''
  return judgeReply(prompt, createDraws(1, prompt), { unreadable })
}

test.each([
  ['\\text{the North}', 'north.', 'equal'],
  ['the \\textbf{red} ball', 'a red ball', 'equal'],
  ['north', 'south', 'different'],
  ['red ball', 'ball red', 'different'],
  ['?', 'north', 'cannot tell'],
])('the scripted judge compares the words of %j and %j: %s', (reference, answer, verdict) => {
  expect(readJudgeReply(reply(reference, answer).text)?.verdict).toBe(verdict)
})

test('it talks instead at its set rate, and about what is no question', () => {
  expect(readJudgeReply(reply('a b', 'a b', 1).text)).toBeUndefined()
  expect(judgeReply('north or south?', createDraws(1, ''), { unreadable: 0 }).kind).toBe('unknown')
})
