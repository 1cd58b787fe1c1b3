import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createMathVerifyPool } from '../../../adapters/math-verify/math-verify-pool.ts'
import { boxedAnswer } from '../../../core/grading/answer-extraction.ts'
import { withBareAnswerBoxed } from '../../../core/grading/grade-line-answer.ts'
import { gradeMath } from '../../../core/grading/math.ts'
import { GraderProfile, graderProfiles } from '../../../core/grading/profiles.ts'

const data =
  process.env['SKY_T1_DATA'] ?? new URL('../../../../shared/data', import.meta.url).pathname
const python = process.env['SKY_T1_GRADER_PYTHON']
const missing = python === undefined || !existsSync(`${data}/grader_triples_unit.jsonl.gz`)

const Triple = z.object({
  id: z.string(),
  gold: z.string(),
  pred: z.string(),
  expected: z.boolean(),
  tier: z.string(),
  family: z.string().default('real'),
})
type Triple = z.infer<typeof Triple>

/** Pairs that the labels call different and that are equal: square roots written with √. */
const wronglyLabelled = new Set(['gr-1087', 'gr-1110', 'gr-1184'])

function readTriples(name: string): Triple[] {
  const text = gunzipSync(readFileSync(`${data}/${name}.jsonl.gz`))
    .toString()
    .trim()
  return text
    .split('\n')
    .map((line) => Triple.parse(JSON.parse(line)))
    .filter(({ id, tier }) => tier === 'clear' && !wronglyLabelled.has(id))
}

/** What a text states as an answer; undefined where only an extractor of prose would find one. */
function statedIn(text: string): string | undefined {
  return boxedAnswer(withBareAnswerBoxed(text))
}

describe.skipIf(missing)('suites of each profile (needs SKY_T1_GRADER_PYTHON and the data)', () => {
  const pool = createMathVerifyPool({ python: python ?? '', processes: 2 })
  afterAll(() => pool.close())

  const suites = missing
    ? []
    : [...readTriples('grader_triples_real'), ...readTriples('grader_triples_unit')]

  async function accuracy(suite: string, profile: GraderProfile): Promise<number> {
    const pairs = suites.flatMap(({ family, gold, pred, expected }) => {
      if (!family.startsWith(suite)) return []
      const [reference, answer] = family === 'real' ? [gold, pred] : [gold, pred].map(statedIn)
      return reference === undefined || answer === undefined
        ? []
        : [{ reference, answer, expected }]
    })
    const judged = await Promise.all(
      pairs.map(async ({ reference, answer, expected }) => {
        const submission = { reference, response: `\\boxed{${answer}}` }
        const { outcome } = await gradeMath(submission, pool, profile)
        return (outcome === 'accepted') === expected
      }),
    )
    expect(judged.length).toBeGreaterThan(10)
    return judged.filter(Boolean).length / judged.length
  }

  const required = GraderProfile.options.flatMap((profile) =>
    Object.entries(graderProfiles[profile].requiredAccuracy).map(([suite, share]) => ({
      profile,
      suite,
      share,
    })),
  )

  test.each(required)('$profile passes $suite at $share', async ({ profile, suite, share }) => {
    expect(await accuracy(suite, profile)).toBeGreaterThanOrEqual(share)
  })
})
