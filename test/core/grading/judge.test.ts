import { describe, expect, test } from 'vitest'
import { askJudge, findingCounts, silentCounts } from '../../../core/grading/ask-judge.ts'
import { questionOn } from '../../../core/grading/judge-question.ts'
import { withFinding } from '../../../core/grading/judge-verdict.ts'
import type { JudgeFinding } from '../../../core/ports/judge.ts'
import type { Obtained } from '../../../core/read-reply.ts'
import { type ChatRequest, requestDigest } from '../../../core/response.ts'
import { type Judgement, Verdict } from '../../../core/verdict.ts'
import { exampleProblem, exampleResponse, exampleTrace, exampleVerdict } from '../example-rows.ts'

type Rule = Pick<Judgement, 'outcome' | 'reason' | 'tier'>

const open: Rule = { outcome: 'undecided', reason: 'unparsable-answer', tier: 'math-verify' }
const disagreeing: Rule = { outcome: 'undecided', reason: 'unit-mismatch', tier: 'math-verify' }
const symbolic: Rule = { outcome: 'wrong', reason: 'different', tier: 'math-verify' }
const letters: Rule = { outcome: 'accepted', reason: 'equal', tier: 'math-verify' }
const exact: Rule = { outcome: 'wrong', reason: 'different', tier: 'exact' }
const slow: Rule = { outcome: 'undecided', reason: 'time-out', tier: 'math-verify' }

function questionFor(reference: string, answer: string, rule: Rule) {
  const problem = exampleProblem({ reference: { kind: 'answer', answer: reference } })
  return questionOn(problem, { ...rule, extracted: answer })
}

describe('a judge is asked', () => {
  test.each([
    ['about words that the rules cannot compare', 'the median', 'its median', open],
    ['about words, whatever symbolic comparison made of them', 'north-east', 'NE of it', symbolic],
    ['about words whose letters multiply to the same', 'listen', 'silent', letters],
    ['about a number said in words', '5', '\\text{five of them}', open],
    ['where order may count', '(1, 2)', '(2, 1)', { ...disagreeing, reason: 'order-differs' }],
    ['where one tier says equal and another sees other units', '5\\text{ m}', '5 cm', disagreeing],
  ])('%s', (...[, reference, answer, rule]) => {
    const problem = exampleProblem().prompt
    expect(questionFor(reference, answer, rule)).toEqual({ problem, reference, answer })
  })

  test.each([
    ['where exact rules are certain', 'north', 'south', exact],
    ['about mathematics that is different', 'x^2+1', '\\sin x', symbolic],
    ['about mathematics that took too long', '2^{3^{4^5}}', '\\frac{1}{2}', slow],
    ['about a reference that is garbled', '\\text{{the median}', 'its median', open],
    ['about answers as long as essays', 'the median', 'word '.repeat(300), open],
  ])('not %s', (...[, reference, answer, rule]) => {
    expect(questionFor(reference, answer, rule)).toBeUndefined()
  })

  test('not where a response states no answer, and not about choices', () => {
    const problem = exampleProblem({ reference: { kind: 'answer', answer: 'north' } })
    const none: Rule = { outcome: 'wrong', reason: 'no-answer', tier: 'none' }
    expect(questionOn(problem, { ...none, extracted: null })).toBeUndefined()
    const choice = exampleProblem({ reference: { kind: 'choice', letter: 'B' } })
    expect(questionOn(choice, { ...open, extracted: 'the right one' })).toBeUndefined()
  })
})

const finding = (verdict: JudgeFinding['verdict']): JudgeFinding => ({
  verdict,
  reason: verdict === 'undecided' ? 'cannot-tell' : verdict,
  said: 'because',
  request: 'f'.repeat(64),
})

describe('what a judge found', () => {
  const verdict = exampleVerdict(exampleTrace(exampleResponse(exampleProblem())), open)

  test.each([
    ['equal', 'accepted'],
    ['different', 'wrong'],
  ] as const)('%s makes the verdict %s, marked, with the rule beside it', (found, outcome) => {
    const decided = Verdict.parse(withFinding(verdict, finding(found)))
    expect(decided).toMatchObject({ outcome, reason: found, tier: 'judge' })
    expect(decided.judged).toMatchObject({ verdict: found, said: 'because', rule: open })
    const { judged: _, ...same } = decided
    expect({ ...same, ...open }).toEqual(verdict)
  })

  test('nothing, where it cannot tell: the rules’ verdict stands, and that it was asked', () => {
    const left = Verdict.parse(withFinding(verdict, finding('undecided')))
    expect(left).toMatchObject(open)
    expect(left.judged).toMatchObject({ verdict: 'undecided', reason: 'cannot-tell' })
  })
})

describe('asking', () => {
  const judge = { endpoint: 'scripted', model: 'judge', temperature: 0, maxTokens: 64 }
  const question = { problem: 'p', reference: 'north', answer: 'the north' }

  /** A judge that says these, one after the other, and the last one for ever. */
  function saying(...texts: readonly string[]) {
    const asked: ChatRequest[] = []
    const ask = async (requests: readonly ChatRequest[]) =>
      requests.map((request): Obtained => {
        const text = texts[asked.length] ?? texts.at(-1) ?? ''
        asked.push(request)
        const usage = { promptTokens: 1, completionTokens: 1 }
        if (text === '') return { unusable: 'reply-empty', usage }
        const how = { via: 'online', attempts: 1, latencyMs: 1 } as const
        const finishReason = text.endsWith('…') ? 'length' : 'stop'
        const requestOf = { requestDigest: requestDigest(request), request, model: 'judge' }
        return { reply: { ...requestOf, text, finishReason, usage, ...how } }
      })
    return { asked, asking: { judge, seed: 7, ask } }
  }

  test('puts one question once, whoever raises it', async () => {
    const { asked, asking } = saying('Reason: same.\nVerdict: equal')
    const questions = new Map([
      ['a', question],
      ['b', { ...question }],
      ['c', { ...question, answer: 'up north' }],
    ])
    const found = await askJudge(questions, asking)
    expect(asked.map(({ seed }) => seed)).toEqual([7, 7])
    expect([...found.findings.keys()]).toEqual(['a', 'b', 'c'])
    expect(found.findings.get('b')?.request).toBe(found.findings.get('a')?.request)
    expect(findingCounts(found)).toEqual({ judged: 3, 'judged/equal': 3 })
    expect(silentCounts(found)).toEqual({})
  })

  test('goes on with another seed where the reply is no verdict', async () => {
    const { asked, asking } = saying('Hmm.', 'Reason: same.\nVerdict: equal')
    const found = await askJudge(new Map([['a', question]]), asking)
    expect(asked.map(({ seed }) => seed)).toEqual([7, 8])
    expect(found.findings.get('a')).toMatchObject({ verdict: 'equal', said: 'same.' })
    expect(silentCounts(found)).toEqual({ unreadable: 1 })
  })

  test.each([
    ['Hmm.', 'unreadable'],
    ['', 'reply-empty'],
    ['Reason: the two are…', 'reply-length'],
  ])('ends undecided after two replies like %j', async (text, reason) => {
    const { asked, asking } = saying(text)
    const found = await askJudge(new Map([['a', question]]), asking)
    expect(asked).toHaveLength(2)
    expect(found.findings.get('a')).toMatchObject({ verdict: 'undecided', reason, said: null })
    expect(silentCounts(found)).toEqual({ [reason]: 2 })
  })

  test('does not ask again a judge that cannot tell', async () => {
    const { asked, asking } = saying('Reason: no sense.\nVerdict: cannot tell')
    const found = await askJudge(new Map([['a', question]]), asking)
    expect(asked).toHaveLength(1)
    expect(found.findings.get('a')).toMatchObject({ verdict: 'undecided', reason: 'cannot-tell' })
  })
})
