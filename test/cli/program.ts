import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** The program of `sky-t1`. */
export const program = join(import.meta.dirname, '../../cli/main.ts')

/** How a command ended, and what it said. */
export type Ended = {
  readonly code: number | string | null
  readonly out: string
  readonly error: string
}

/** Runs `sky-t1` in an environment, whatever its exit code. */
export function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (failure, out, error) =>
      resolve({ code: failure?.code ?? 0, out, error }),
    )
  })
}
