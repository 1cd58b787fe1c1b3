/** The webhook did not take a message. Its address is a secret: it stands in no message. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
}

/** Longer than any receiver takes that works. */
const timeoutMs = 10_000

/**
 * Posts messages to a webhook that takes Slack's JSON, `{"text": …}`. Rejects with WebhookError, which
 * a retry may mend, where it cannot be reached or does not answer 2xx.
 */
export function createWebhook(url: string): (text: string) => Promise<void> {
  return async (text) => {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.name : 'unknown'
      throw new WebhookError(`SKY_T1_ALERT_WEBHOOK cannot be reached (${reason})`)
    })
    await reply.body?.cancel()
    if (reply.ok) return
    throw new WebhookError(`SKY_T1_ALERT_WEBHOOK answered ${reply.status}: look at its address`)
  }
}
