import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe } from 'vitest'
import type { z } from 'zod'
import { projectRoot } from '../../../infra/project-root.ts'

/** The interpreter with SciPy and statsmodels; undefined where none is installed. */
const python = process.env['SKY_T1_STATISTICS_PYTHON']

/** A case for `infra/statistics/reference.py`. */
type ReferenceCase = { readonly kind: string; readonly [argument: string]: unknown }

/** Asks SciPy and statsmodels for the result of a case. */
export type AskReference = <Result>(of: ReferenceCase, schema: z.ZodType<Result>) => Promise<Result>

/** A suite that needs SciPy and statsmodels, and says so where it is left out. */
export function describeWithReference(name: string, suite: (ask: AskReference) => void): void {
  const left = python === undefined ? ' (left out: SKY_T1_STATISTICS_PYTHON is not set)' : ''
  describe.skipIf(python === undefined)(`${name}${left}`, () => {
    let child: ChildProcess
    let results: AsyncIterator<string>
    beforeAll(() => {
      const program = join(projectRoot, 'infra/statistics/reference.py')
      const env = { PATH: process.env['PATH'], OMP_NUM_THREADS: '1' }
      const started = spawn(python ?? '', [program], { env, stdio: ['pipe', 'pipe', 'inherit'] })
      child = started
      results = createInterface({ input: started.stdout })[Symbol.asyncIterator]()
    })
    afterAll(async () => {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.stdin?.end()
      await ended
    })
    suite(async (asked, schema) => {
      child.stdin?.write(`${JSON.stringify(asked)}\n`)
      const { value, done } = await results.next()
      if (done === true) throw new Error(`no result of ${asked.kind}: see the output of Python`)
      return schema.parse(JSON.parse(value))
    })
  })
}
