import type { Context } from '@temporalio/activity'
import type {
  ActivityInboundCallsInterceptor,
  ActivityInterceptorsFactory,
} from '@temporalio/worker'
import { lastProgress } from '../activities/progress.ts'

/**
 * What every activity needs and none should write: it beats while its worker lives, so that a
 * lost worker is noticed soon; and a cancellation leaves as the reason that Temporal gave, since
 * the server rejects an AbortError and the activity would hang until its heartbeat times out.
 */
export const activityInterceptor: ActivityInterceptorsFactory = (context) => {
  const inbound: ActivityInboundCallsInterceptor = {
    async execute(input, next) {
      const stopBeating = beat(context)
      try {
        return await next(input)
      } catch (error) {
        const { cancellationSignal } = context
        if (cancellationSignal.aborted) throw cancellationSignal.reason
        throw error
      } finally {
        stopBeating()
      }
    },
  }
  return { inbound }
}

function beat(context: Context): () => void {
  const { heartbeatTimeoutMs } = context.info
  if (heartbeatTimeoutMs === undefined) return () => {}
  // At once: Temporal may start an attempt of an activity that is paused, and says so in its answer.
  context.heartbeat(lastProgress(context))
  const timer = setInterval(() => context.heartbeat(lastProgress(context)), heartbeatTimeoutMs / 4)
  return () => clearInterval(timer)
}
