import { z } from 'zod'
import type { CaseAccount } from './case-account.ts'
import type { ControlGroup } from './control-groups.ts'
import type { DriverProcess } from './driver-process.ts'
import { createWaitAllowance } from './wait-allowance.ts'
import { WaitMeter } from './wait-meter.ts'

/** One case, put to the driver. */
export type CaseQuestion = {
  readonly request: object
  readonly nonce: string
  readonly cpuSeconds: number
  /** How long the driver may be silent. */
  readonly timeoutMs: number
}

/** The wall time of a case is over: was it kept waiting? */
const Late = z.strictObject({
  end: z.literal('late'),
  nonce: z.string(),
  slowdown: z.number().min(1),
  driverMs: z.number(),
})
/** Anything longer is a reply. */
const lateCharacters = 150

/**
 * The driver's last word on a case; undefined if the driver was lost. A case has its wall time
 * again for as long as its processes were kept waiting for a processor, within bounds, while
 * together they have not taken more than the processor time that each may have.
 */
export async function askForCase(
  { driver, group, account }: { driver: DriverProcess; group: ControlGroup; account: CaseAccount },
  { request, nonce, cpuSeconds, timeoutMs }: CaseQuestion,
): Promise<string | undefined> {
  const meter = new WaitMeter(() => group.processes())
  const allow = createWaitAllowance(cpuSeconds)
  try {
    let line = await driver.ask(request, timeoutMs)
    for (let late = readLate(line); late?.nonce === nonce; late = readLate(line)) {
      const waitedMs = meter.take()
      const isSpent = account.cpuMs(late.driverMs) > 1000 * cpuSeconds * late.slowdown
      const moreSeconds = isSpent ? 0 : allow(waitedMs) / 1000
      line = await driver.ask({ moreSeconds }, timeoutMs)
    }
    return line
  } finally {
    meter.stop()
  }
}

/** What a line says; undefined if it is no JSON. */
export function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function readLate(line: string | undefined): z.infer<typeof Late> | undefined {
  if (line === undefined || line.length > lateCharacters) return undefined
  return Late.safeParse(jsonOf(line)).data
}
