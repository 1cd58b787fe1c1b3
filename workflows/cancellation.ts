import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow'

/**
 * The cancellation that an error stands for, or undefined. It is not always the error itself: an
 * activity whose attempt fails on its own while its cancellation is under way is tried no more, and
 * reports that failure.
 */
export function cancellationOf(error: unknown): Error | undefined {
  if (error instanceof Error && isCancellation(error)) return error
  if (!CancellationScope.current().consideredCancelled) return undefined
  return new CancelledFailure('cancelled', [], error instanceof Error ? error : undefined)
}
