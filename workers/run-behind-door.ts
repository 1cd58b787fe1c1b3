import type { Worker } from '@temporalio/worker'
import type { Door, Pool } from './pools.ts'

/** What a worker needs of a pool. */
export type PoolPart = Pick<Pool, 'taskQueue' | 'activities' | 'slots' | 'graceMs'>

/**
 * Runs a pool that takes no work until it is admitted, and meanwhile answers at its door. Ends with
 * the door, which the signals of the process end like any worker.
 */
export async function runBehindDoor(
  pool: PoolPart,
  { admission, ...door }: Door,
  create: (part: PoolPart) => Promise<Worker>,
): Promise<void> {
  const atDoor = await create(door)
  const ended = new AbortController()
  const standing = atDoor.run().finally(() => ended.abort())
  await admission.granted(ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) throw error
  })
  if (atDoor.getState() !== 'RUNNING') return standing
  const worker = await create(pool)
  const working = worker.run()
  // The signal may have come while this worker was made, which it did not reach then.
  if (atDoor.getState() !== 'RUNNING' && worker.getState() === 'RUNNING') worker.shutdown()
  await Promise.all([standing, working])
}
