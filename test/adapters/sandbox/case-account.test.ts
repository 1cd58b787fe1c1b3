import { afterAll, afterEach, expect, test } from 'vitest'
import { assertUnharmed, onlyRun, program, sandbox } from './sandbox-under-test.ts'

afterEach(assertUnharmed)
afterAll(() => sandbox.close())

/** Starts so many processes, each of which does what is said, and waits until all have ended. */
function processes(count: number, work: string): string {
  return `
import os, signal, time
for _ in range(${count}):
    if os.fork() == 0:
        ${work}
        os._exit(0)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
print("done")`
}

// Each is within the limit of a second; together they are over it on a slow processor, too, where
// a run that is repeated alone is given up to 1.75 times the limit.
const burn = 'while time.process_time() < 0.8: pass'

test('processor time of children that are waited for counts together', async () => {
  expect(await onlyRun(program(processes(3, burn)))).toMatchObject({ end: 'time-limit' })
})

test('processor time of children that nobody waits for counts, too', async () => {
  const ignoring = 'import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n'
  const run = await onlyRun(program(ignoring + processes(3, burn)))
  expect(run.end).toBe('time-limit')
  expect(run.cpuMs).toBeGreaterThan(1000)
})

test('memory that several processes take at once counts together', async () => {
  const hold = 'kept = bytearray(b"x" * (20 << 20)); time.sleep(0.5)'
  const run = await onlyRun(program(processes(3, hold)))
  expect(run).toMatchObject({ end: 'finished' })
  expect(run.memoryMiB).toBeGreaterThanOrEqual(60)
})
