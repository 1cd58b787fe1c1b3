import type { Language } from '../languages.ts'
import type { CodeTests } from '../problem.ts'

/** A program, the tests to run it on, and what it may use. */
export type SandboxJob = {
  readonly language: Language
  readonly code: string
  readonly tests: CodeTests
  readonly limits: SandboxLimits
}

/** Limits of one test case. Wall time is a backstop of several times the CPU time. */
export type SandboxLimits = {
  readonly cpuSeconds: number
  readonly memoryMiB: number
  readonly outputKiB: number
}

/** How the program ended on one test case; whether its output is right is judged outside. */
export type CaseEnd =
  | 'finished'
  | 'runtime-error'
  | 'time-limit'
  | 'memory-limit'
  | 'output-limit'
  | 'missing-function'
  /** What ended it was the sandbox, which denied it a file, a socket or another call. */
  | 'refused'
  /** An earlier case ran out of time, confirmed alone: the program is wrong, whatever this one does. */
  | 'not-run'

/** What one execution left behind. */
export type CaseRun = {
  readonly end: CaseEnd
  /** Standard output (stdin style), or the returned value as JSON text (call style). */
  readonly output: string
  /** The last lines of standard error. */
  readonly error: string
  /** Of a case that was run again alone: as a reference processor would have needed. */
  readonly cpuMs: number
  readonly memoryMiB: number
}

/** Every case in order, or why the program never ran. */
export type SandboxReport =
  | { readonly kind: 'ran'; readonly cases: readonly CaseRun[] }
  | { readonly kind: 'compile-error'; readonly message: string }
  /** No compiler or interpreter for it here; the message ends with what mends it. */
  | { readonly kind: 'language-unavailable'; readonly message: string }
  | { readonly kind: 'sandbox-failure'; readonly message: string }

/** Runs what a model wrote where it can harm nothing. Expected outputs never enter with it. */
export interface CodeSandbox {
  /** Runs every case; throws SandboxUnavailableError rather than running anything unconfined. */
  run(job: SandboxJob): Promise<SandboxReport>
  /** Proves isolation on this host; throws SandboxUnavailableError naming what is missing. */
  prove(): Promise<void>
  /** Ends what still runs and removes what the sandbox made on the host. */
  close(): Promise<void>
}

/** This host cannot confine a program. The message ends with what mends it. */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError'

  constructor({ missing, mend }: { missing: string; mend: string }, options?: ErrorOptions) {
    super(`no sandbox: ${missing}; mend: ${mend}`, options)
  }
}
