import { setTimeout as wait } from 'node:timers/promises'
import { ServiceError } from '@temporalio/client'
import { NamespaceNotFoundError } from '@temporalio/common'

/**
 * What a workflow that was started gives, however long it takes, and through anything that happens to the
 * server meanwhile. Throws what it failed by.
 */
export async function resultOf<Result>(
  handle: { result(): Promise<Result> },
  { pauseMs = 1000 }: { readonly pauseMs?: number } = {},
): Promise<Result> {
  for (;;) {
    try {
      return await handle.result()
    } catch (error) {
      if (!isServerAway(error)) throw rootCause(error)
    }
    await wait(pauseMs)
  }
}

/**
 * Whether a server that has answered before cannot answer now: it is being restarted, or, short of time,
 * has lost sight even of its namespace.
 */
export function isServerAway(error: unknown): boolean {
  return error instanceof ServiceError || error instanceof NamespaceNotFoundError
}

/** What a workflow failed by: the innermost cause, which says what happened and what to do. */
function rootCause(error: unknown): unknown {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return inner
}
