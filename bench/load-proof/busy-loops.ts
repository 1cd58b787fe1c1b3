import { spawn } from 'node:child_process'

/** Loops that keep processors busy until they are disposed of. */
export interface BusyLoops extends Disposable {
  /** Throws if one has ended: what was measured beside them was not measured under load. */
  assertBusy(): void
}

export function startBusyLoops(count: number): BusyLoops {
  const loops = Array.from({ length: count }, () =>
    spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
  )
  return {
    assertBusy() {
      const ended = loops.filter((loop) => loop.exitCode !== null || loop.signalCode !== null)
      if (ended.length > 0) throw new Error(`${ended.length} of ${count} busy loops have ended`)
    },
    [Symbol.dispose]() {
      for (const loop of loops) loop.kill('SIGKILL')
    },
  }
}
