import { languages } from '../../core/languages.ts'
import type { SandboxJob, SandboxLimits } from '../../core/ports/code-sandbox.ts'
import type { Reply } from './driver-messages.ts'
import type { EntryReport } from './sandbox-entry.ts'

/** Of a compiler's run. What templates and headers can ask of it is without bounds, so it has them. */
export const compilerLimits: SandboxLimits = { cpuSeconds: 30, memoryMiB: 1024, outputKiB: 256 }

/** What became of a compiler's run. */
export function compiled(reply: Reply, { language }: SandboxJob): EntryReport {
  const { mend, title } = languages[language]
  if (reply.end === 'finished') return { kind: 'compiled', executable: reply.output }
  if (reply.end === 'language-unavailable') {
    const message = `no ${reply.error} for ${title} in the sandbox; mend: ${mend}`
    return { kind: 'language-unavailable', message }
  }
  return { kind: 'compile-error', message: reasonOf(reply) }
}

function reasonOf({ end, error }: Reply): string {
  const { cpuSeconds, outputKiB, memoryMiB } = compilerLimits
  if (end === 'time-limit') return `the compiler took more than ${cpuSeconds} s`
  if (end === 'output-limit') return `the compiler said more than ${outputKiB} KiB`
  const wantsMemory = end === 'killed' || end === 'memory-limit'
  return wantsMemory ? `the compiler took more than ${memoryMiB} MiB` : error
}
