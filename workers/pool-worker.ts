import { type NativeConnection, Worker } from '@temporalio/worker'
import { activityInterceptor } from './activity-interceptor.ts'
import type { PoolPart } from './run-behind-door.ts'

/** Time in which a short activity ends by itself once its worker is told to stop. */
const usualGraceMs = 2_000

/**
 * A worker of a pool. It ends when its last activity has: nothing is given up half-done here, and
 * whoever sent the signal decides how long it waits before it kills.
 */
export function createPoolWorker(
  pool: PoolPart,
  connection: NativeConnection,
  namespace: string,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: pool.taskQueue,
    activities: pool.activities,
    maxConcurrentActivityTaskExecutions: pool.slots,
    // Progress and cancellation travel with heartbeats: a minute is too long to wait for either.
    maxHeartbeatThrottleInterval: '5 seconds',
    shutdownGraceTime: pool.graceMs ?? usualGraceMs,
    interceptors: { activity: [activityInterceptor] },
  })
}
