import { z } from 'zod'
import { languages } from '../../core/languages.ts'
import type { SandboxJob } from '../../core/ports/code-sandbox.ts'
import { jsonOf } from './case-dialogue.ts'
import type { CasesPart } from './run-cases.ts'

/** What the driver (infra/sandbox/driver/main.py) says of a case, or of a compiler's run. */
const Reply = z.strictObject({
  nonce: z.string(),
  end: z.enum([
    'finished',
    'runtime-error',
    'refused',
    'time-limit',
    'memory-limit',
    'output-limit',
    'missing-function',
    'compile-error',
    'language-unavailable',
    'killed',
  ]),
  output: z.string(),
  error: z.string(),
  cpuMs: z.number(),
  memoryMiB: z.number(),
  clean: z.boolean(),
  slowdown: z.number().min(1),
  driverMs: z.number(),
})
export type Reply = z.infer<typeof Reply>

/** Whom a session is with. */
export type SessionKey = {
  /** What only the driver and this process know. */
  readonly nonce: string
  readonly user: number | null
}

/** What the driver is told first, to run cases. */
export function sessionOf(
  { code, tests, limits }: SandboxJob,
  { executable, metered }: Pick<CasesPart, 'executable' | 'metered'>,
  key: SessionKey,
): object {
  const session = { ...key, code, limits, metered }
  if (tests.kind === 'stdin') return { ...session, task: 'stdin', executable }
  const { function: called, starterCode = null, changedArgument = null } = tests
  return { ...session, task: 'call', function: called, starterCode, changedArgument }
}

/** The same, to compile; undefined for a language that is not compiled. */
export function compilationOf({ code, language, limits }: SandboxJob, key: SessionKey): object {
  const { file, compile } = languages[language]
  return { ...key, task: 'compile', code, limits, metered: false, file, ...compile }
}

/** What the driver is told of a case: never what is expected of it. */
export function requestOf({ tests }: SandboxJob, index: number): object {
  if (tests.kind === 'stdin') return { input: tests.cases[index]?.input }
  return { arguments: tests.cases[index]?.arguments }
}

/** Reads a line of the driver; undefined if it is none of its replies. */
export function readReply(line: string): Reply | undefined {
  return Reply.safeParse(jsonOf(line)).data
}
