import { z } from 'zod'
import { languages } from '../../core/languages.ts'
import type { SandboxJob } from '../../core/ports/code-sandbox.ts'
import { jsonOf } from './case-dialogue.ts'

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
  driverMs: z.number(),
})
export type Reply = z.infer<typeof Reply>

/** Whom a session is with. */
export type SessionKey = {
  /** What only the driver and this process know. */
  readonly nonce: string
  readonly user: number | null
}

/** What the driver is told first, to run cases; `executable`: what was compiled, in base64. */
export function sessionOf(
  { code, tests, limits }: SandboxJob,
  executable: string | null,
  key: SessionKey,
): object {
  if (tests.kind === 'stdin') return { ...key, task: 'stdin', code, limits, executable }
  const { function: called, starterCode = null, changedArgument = null } = tests
  return { ...key, task: 'call', code, limits, function: called, starterCode, changedArgument }
}

/** The same, to compile; undefined for a language that is not compiled. */
export function compilationOf({ code, language, limits }: SandboxJob, key: SessionKey): object {
  const { file, compile } = languages[language]
  return { ...key, task: 'compile', code, limits, file, ...compile }
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
