import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boxedAnswer } from '../../../core/grading/answer-extraction.ts'
import { checkReformat } from '../../../core/reformat-check.ts'
import { formatTrace, traceTags } from '../../../core/trace.ts'

const data = process.env['SKY_T1_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data')
const files = ['mip_reasoning_outputs', 'skyt1_outputs']
const present = files.every((file) => existsSync(join(data, `${file}.jsonl.gz`)))

/** Every so manieth response of a file that states its answer in a box, without tags. */
function responses(file: string, step: number): string[] {
  const lines = gunzipSync(readFileSync(join(data, `${file}.jsonl.gz`))).toString('utf8')
  const rows = lines.trim().split('\n')
  return rows
    .filter((_, at) => at % step === 0)
    .map((line) => z.object({ response: z.string() }).parse(JSON.parse(line)).response)
    .map((text) => Object.values(traceTags).reduce((rest, tag) => rest.replaceAll(tag, ''), text))
    .filter((text) => boxedAnswer(text) !== undefined)
}

/** What the check says of a rewriting of each response; undefined where it would not differ from it. */
function defects(
  originals: readonly string[],
  rewrite: (
    original: string,
  ) => { readonly thought?: string; readonly solution?: string } | undefined,
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const original of originals) {
    const solution = `The answer is $\\boxed{${boxedAnswer(original)}}$.`
    const written = rewrite(original)
    if (written === undefined) continue
    const text = formatTrace({ thought: original, solution, ...written })
    const problem = { reference: { kind: 'answer', answer: 'any' } } as const
    const checked = checkReformat({ problem, original, text, minimumKept: 0.9 })
    const name = checked.ok ? 'taken' : checked.defect
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** The text without its middle sentence of some length. */
function withoutSentence(text: string): string | undefined {
  const sentences = [...text.matchAll(/[^.\n]+\.(?=\s)/g)].filter(
    ([sentence]) => (sentence.match(/\p{L}+/gu) ?? []).length >= 12,
  )
  const sentence = sentences[sentences.length >> 1]
  if (sentence === undefined || sentences.length < 3) return undefined
  return text.slice(0, sentence.index) + text.slice(sentence.index + sentence[0].length)
}

/** The text with its middle number one higher. */
function withAnotherNumber(text: string): string | undefined {
  const numbers = [...text.matchAll(/\d+/g)]
  const number = numbers[numbers.length >> 1]
  if (number === undefined) return undefined
  const { index, 0: digits } = number
  return text.slice(0, index) + String(BigInt(digits) + 1n) + text.slice(index + digits.length)
}

describe.skipIf(!present)('real responses (skipped where SKY_T1_DATA names no folder)', () => {
  const originals = present ? files.flatMap((file) => responses(file, 7)) : []
  const all = originals.length
  const changed = (change: (text: string) => string | undefined) =>
    defects(originals, (original) => {
      const thought = change(original)
      return thought === undefined ? undefined : { thought }
    })

  const solutions = (solution: (answer: string) => string) =>
    defects(originals, (original) => ({ solution: solution(boxedAnswer(original) ?? '') }))

  test('copied word for word are taken, whatever the layout', () => {
    expect(all).toBeGreaterThan(200)
    expect(defects(originals, () => ({}))).toEqual({ taken: all })
    const reflowed = changed((text) =>
      text
        .replaceAll(/\n(?!\n)/g, ' ')
        .replaceAll(/\\[()]/g, '$')
        .replaceAll('**', ''),
    )
    expect(reflowed).toEqual({ taken: all })
  })

  test('are refused where a sentence is left out', () => {
    const refused = changed(withoutSentence)
    expect(refused).toEqual({ 'thought-shortened': expect.any(Number) })
    expect(refused['thought-shortened']).toBeGreaterThan(100)
  })

  test('are refused where a number is another one', () => {
    expect(changed(withAnotherNumber)).toEqual({ 'number-changed': all })
  })

  test('are refused where only their first half is left', () => {
    const halves = changed((text) =>
      text.length > 2000 ? text.slice(0, text.length / 2) : undefined,
    )
    expect(Object.keys(halves)).toEqual(['thought-shortened'])
  })

  test('are refused with another answer, a second box, or a tag twice', () => {
    expect(solutions((answer) => `\\boxed{1 + ${answer}}`)).toEqual({ 'answer-changed': all })
    expect(solutions((answer) => `\\boxed{${answer}}. Or \\boxed{${answer}}`)).toEqual({
      'several-boxes': all,
    })
    expect(solutions((answer) => `\\boxed{${answer}} ${traceTags.endSolution}`)).toEqual({
      'repeated-tag': all,
    })
  })
})
