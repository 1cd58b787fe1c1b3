import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { driverDirectory } from '../../../adapters/sandbox/driver-directory.ts'

const python = process.env['SKY_T1_SANDBOX_PYTHON'] ?? 'python3'

/** What the meter finds where a piece of work takes so many times as long as on the reference. */
async function measured(times: readonly number[]) {
  const code = `
import json, os, speed
times = iter([1, *${JSON.stringify(times)}])
speed.time_slice = lambda: next(times) * speed.REFERENCE_SECONDS
meter = speed.SpeedMeter()
for _ in range(${times.length - 1}): meter.take_slice()
print(json.dumps({"slowdown": meter.slowdown(), "processors": len(os.sched_getaffinity(0))}))`
  const { stdout } = await promisify(execFile)(python, ['-S', '-B', '-c', code], {
    env: { PYTHONPATH: driverDirectory },
  })
  return z.object({ slowdown: z.number(), processors: z.number() }).parse(JSON.parse(stdout))
}

test.each([
  ['as fast as the reference', [1, 1], 1],
  ['a quarter slower', [1.25, 1.25, 1.25], 1.25],
  ['slowed down by half for half of the time', [1, 1.5, 1, 1.5], 1.25],
  ['faster: its time counts as it is', [0.5, 0.6], 1],
  ['slower than any neighbour makes it', [9, 9, 9], 1.75],
])('a processor that is %s', async (_, times, slowdown) => {
  expect((await measured(times)).slowdown).toBeCloseTo(slowdown)
})

test('what is metered keeps to one processor, the one that is measured', async () => {
  expect((await measured([1])).processors).toBe(1)
})

test('a piece of work is done, and takes processor time', async () => {
  const code = 'import speed; print(len(speed.piece_of_work()), speed.time_slice() > 0)'
  const { stdout } = await promisify(execFile)(python, ['-S', '-B', '-c', code], {
    env: { PYTHONPATH: driverDirectory },
  })
  expect(stdout).toBe('1009 True\n')
})
