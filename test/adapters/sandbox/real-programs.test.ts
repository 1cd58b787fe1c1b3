import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { knownExceptions } from '../../../bench/known-programs/exceptions.ts'
import { type KnownProgram, knownSets } from '../../../bench/known-programs/sets.ts'
import { gradeProgram } from '../../../core/grading/code.ts'
import { sandbox } from './sandbox-under-test.ts'

const data = process.env['SKY_T1_DATA'] ?? join(import.meta.dirname, '../../../../shared/data')
const limits = { cpuSeconds: 6, memoryMiB: 512, outputKiB: 4096 }

/** Of each set one program in so many: bench/known-programs.ts judges all. */
const sampling: Readonly<Record<string, number>> = {
  apps_train5: 9,
  skythought_code_samples: 1,
  lcb_code_outputs: 24,
  leetcode_2024h2: 9,
  humaneval: 16,
  mbpp: 50,
  func_solutions_labelled: 25,
}

afterAll(() => sandbox.close())

describe.each(knownSets)('known programs of $name', ({ name, read }) => {
  const isThere = existsSync(join(data, `${name}.jsonl.gz`))

  test.skipIf(!isThere)(
    `get the verdict of their label${isThere ? '' : ` (skipped: not in ${data})`}`,
    async () => {
      const sampled = read(data).filter((_, at) => at % (sampling[name] ?? 1) === 0)
      const surprises = await Promise.all(sampled.map(surpriseIn))
      expect(sampled.length).toBeGreaterThan(3)
      expect(surprises.filter(Boolean)).toEqual([])
    },
    300_000,
  )
})

/** What is unexpected about the verdict on a program; empty where nothing is. */
async function surpriseIn({ set, id, code, tests, isRight }: KnownProgram): Promise<string> {
  const { outcome, reason } = await gradeProgram(
    { language: 'python', code, tests, limits },
    sandbox,
  )
  const isKnown = knownExceptions[`${set}/${id}`] !== undefined
  return isKnown || (outcome === 'accepted') === isRight ? '' : `${id}: ${outcome}, ${reason}`
}
