import { once } from 'node:events'
import pRetry from 'p-retry'

/** Lets a pool take work once it has proven that it may. */
export interface Admission {
  /** Joins the proof under way, or begins one; rejects with what it found wanting. */
  check(): Promise<void>
  /** Resolves once a proof held, whoever asked for it; rejects with the reason of the signal. */
  granted(signal: AbortSignal): Promise<void>
}

type AdmissionOptions = {
  /** Rejects with what is missing and its mend; asked again later. */
  readonly prove: () => Promise<void>
  /** Told of each proof that failed while work waits. */
  readonly refused: (reason: Error) => void
  readonly retryMs: number
}

/** Proves one at a time, again and again until a proof has held. */
export function createAdmission({ prove, refused, retryMs }: AdmissionOptions): Admission {
  const held = Promise.withResolvers<void>()
  let underWay: Promise<void> | undefined

  function check(): Promise<void> {
    underWay ??= prove()
      .then(held.resolve)
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }

  async function granted(signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    const proving = pRetry(check, {
      retries: Infinity,
      minTimeout: retryMs,
      factor: 1,
      signal: AbortSignal.any([signal, done.signal]),
      onFailedAttempt: ({ error }) => refused(error),
    })
    // A proof under way goes on for a while after the signal; nobody waits for it then.
    await Promise.race([held.promise, proving, once(signal, 'abort')])
    done.abort()
    proving.catch(() => {})
    signal.throwIfAborted()
  }

  return { check, granted }
}
