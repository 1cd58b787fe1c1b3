import { availableParallelism } from 'node:os'
import { createMathVerifyPool } from '../adapters/math-verify/math-verify-pool.ts'
import { createCodeSandbox } from '../adapters/sandbox/code-sandbox.ts'
import {
  EndpointBusyError,
  EndpointFaultError,
  EndpointRefusedError,
} from '../core/ports/chat-endpoint.ts'
import { SandboxUnavailableError } from '../core/ports/code-sandbox.ts'
import { MathGraderUnavailableError } from '../core/ports/math-grader.ts'
import { progressLine } from '../infra/setup/progress.ts'
import { setUp } from '../infra/setup/set-up.ts'
import { readDeployment } from '../workers/environment.ts'

/**
 * The Python of a grader: the one that the environment names, else set-up's own, installed if it is
 * missing, which is said on standard error.
 * @throws {AggregateError} it cannot be installed; the message says what mends that
 */
export async function pythonOf(grader: 'grader' | 'sandbox'): Promise<string> {
  const named = readDeployment().python[grader]
  if (named !== undefined) return named
  const component = `${grader}Python` as const
  const installation = await setUp({
    components: [component],
    progress: (progress) => console.error(progressLine(progress)),
  })
  return installation[component]
}

/** math-verify with a Python of this machine; `ready` throws where it cannot run it. */
export function openMathGrader(python: string) {
  const grader = createMathVerifyPool({ python, processes: availableParallelism() })
  return {
    grader,
    ready: async () => void (await grader.compare({ reference: 'x+x', answer: '2x' })),
    close: () => grader.close(),
  }
}

/**
 * The sandbox of this machine, with the Python that programs run on; `ready` throws where it cannot
 * confine a program. The first proof on a host takes long, of which `told` is told, and is kept.
 */
export function openSandbox(python: string, told: (line: string) => void) {
  const { proofDirectory: proofs, sandboxImage: image } = readDeployment()
  const parallelism = availableParallelism()
  const proving = (programs: number) =>
    told(
      `proving that the sandbox holds ${programs} hostile programs: once on each host, some minutes`,
    )
  const sandbox = createCodeSandbox({ python, image, parallelism, proofs, proving })
  return {
    sandbox,
    ready: () => sandbox.prove(),
    close: () => sandbox.close(),
  }
}

/** A judge's endpoint that refuses, or stays away, is here, too: it would do so for the next line. */
const unavailable = [
  MathGraderUnavailableError,
  SandboxUnavailableError,
  EndpointRefusedError,
  EndpointFaultError,
  EndpointBusyError,
]

/** Whether an error says that no line can be judged any more, whatever it holds. */
export function isUnavailable(error: unknown): boolean {
  return unavailable.some((kind) => error instanceof kind)
}
