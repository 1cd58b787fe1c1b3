import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { CodeTests } from '../../core/problem.ts'
import { projectRoot } from '../../infra/project-root.ts'
import type { KnownJob } from './programs.ts'

const limits = { cpuSeconds: 6, memoryMiB: 512, outputKiB: 4096 }

const Row = z.object({
  id: z.string(),
  type: z.enum(['stdin', 'functional']),
  fn_name: z.string().nullable(),
  tests: z.array(z.object({ input: z.string(), output: z.string() })),
  solutions: z.array(z.object({ code: z.string() })),
})

/** Up to so many real answers to problems of LiveCodeBench; none where that data is absent. */
export function sharedPrograms(count: number): KnownJob[] {
  const data = process.env['SKY_T1_DATA'] ?? join(projectRoot, '../shared/data')
  const file = join(data, 'lcb_code_outputs.jsonl.gz')
  if (!existsSync(file)) return []
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  const every = Math.max(1, Math.floor(lines.length / count))
  return lines
    .filter((_, index) => index % every === 0)
    .flatMap((line) => jobOf(Row.parse(JSON.parse(line))))
    .slice(0, count)
}

function jobOf({ type, fn_name: name, tests, solutions }: z.infer<typeof Row>): KnownJob[] {
  const code = solutions[0]?.code
  if (code === undefined || tests.length === 0) return []
  const parsed: CodeTests =
    type === 'stdin'
      ? { kind: 'stdin', cases: tests }
      : CodeTests.parse({
          kind: 'call',
          function: name,
          cases: tests.map(({ input, output }) => ({
            arguments: JSON.parse(input),
            expected: JSON.parse(output),
          })),
        })
  const job = { language: 'python', code, tests: parsed, limits } as const
  return [{ kind: 'answer of LiveCodeBench', expected: null, job }]
}
