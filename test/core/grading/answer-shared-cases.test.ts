import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boxedAnswer } from '../../../core/grading/answer-extraction.ts'
import { gradeChoice } from '../../../core/grading/choice.ts'
import { compareExactly } from '../../../core/grading/math-exact.ts'
import { isEqual } from '../../../core/grading/math-scalar.ts'

const data =
  process.env['SKY_T1_DATA'] ?? new URL('../../../../shared/data', import.meta.url).pathname
const path = `${data}/extraction_cases.jsonl.gz`

const Case = z.object({
  id: z.string(),
  kind: z.string(),
  input: z.string(),
  expected: z.string().nullable(),
})

/** Their tests take a letter from a remark; we ask for a declaration. */
const remarks = new Set(['ex-021', 'ex-033'])

describe.skipIf(!existsSync(path))('on the shared extraction cases (needs the data)', () => {
  const text = existsSync(path) ? gunzipSync(readFileSync(path)).toString() : ''
  const cases = text
    .split('\n')
    .filter(Boolean)
    .map((line) => Case.parse(JSON.parse(line)))
  const ofKind = (kind: RegExp) => cases.filter((one) => kind.test(one.kind))

  test.each(ofKind(/^boxed/))('$id: the box in $input', ({ input, expected }) => {
    const content = expected === null ? undefined : (boxedAnswer(expected) ?? expected)
    expect(boxedAnswer(input)).toBe(content)
  })

  test.each(ofKind(/^normalise/))('$id: $input is $expected', ({ input, expected }) => {
    expect(isEqual(compareExactly(expected ?? '', input))).toBe(true)
  })

  test.each(ofKind(/^multiple-choice/))(
    '$id: $input chooses $expected',
    ({ id, input, expected }) => {
      const { extracted } = gradeChoice({ letter: 'A', response: input })
      expect(extracted).toBe(remarks.has(id) ? null : expected)
    },
  )
})
