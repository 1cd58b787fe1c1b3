import { setTimeout as delay } from 'node:timers/promises'
import pRetry, { AbortError } from 'p-retry'
import { InvalidInputError } from '../../core/invalid-input.ts'
import { HubUnavailableError } from '../../core/sources/hub/source-errors.ts'
import type { HubRepository, HubSettings, Patience } from './hub-library.ts'

/** The server asked for at most this long a wait before the next try, or it is taken for down. */
const longestWaitMs = 30_000

/**
 * `fetch` as the Hub wants it: with the token (to the Hub's own address alone), again after passing
 * faults. What the Hub refuses is named in the recipe's words: InvalidInputError; what does not pass,
 * HubUnavailableError.
 */
export function hubFetch(settings: HubSettings, repository: HubRepository): typeof fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    const headers = new Headers(init?.headers)
    if (settings.token !== undefined && isOwn(address, settings.endpoint)) {
      headers.set('authorization', `Bearer ${settings.token}`)
    }
    const { signal } = init ?? {}
    const ask = async () => {
      const reply = await fetch(address, { ...init, headers }).catch((cause: unknown) => {
        signal?.throwIfAborted()
        throw unreachable(repository, settings.endpoint, cause)
      })
      if (reply.ok || reply.status === 416) return reply
      await reply.body?.cancel()
      throw await faultOf(reply, repository, settings.endpoint)
    }
    return outlast(settings.patience, ask, signal ?? undefined)
  }
}

/** Tries again after faults that may pass, until the signal; every other fault is thrown at once. */
export function outlast<Result>(
  { retries, firstWaitMs }: Patience,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const attempt = async () => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof HubUnavailableError) throw error
      throw new AbortError(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const ended = signal === undefined ? {} : { signal }
  return pRetry(attempt, { retries, minTimeout: firstWaitMs, factor: 2, ...ended })
}

/** The Hub does not answer. */
function unreachable(
  { name, fields }: HubRepository,
  endpoint: string,
  cause: unknown,
): HubUnavailableError {
  return new HubUnavailableError(
    `${fields.name}: ${endpoint} does not answer for ${name}; check HF_ENDPOINT and the network`,
    { cause },
  )
}

async function faultOf(
  reply: Response,
  repository: HubRepository,
  endpoint: string,
): Promise<Error> {
  const { name, revision, fields } = repository
  const { status } = reply
  const code = reply.headers.get('x-error-code')
  if (code === 'GatedRepo') {
    return new InvalidInputError(
      `${fields.name}: ${name} is gated (${status}): accept its terms at ` +
        `${pageOf(repository, endpoint)} and set HF_TOKEN to a token of the same account`,
    )
  }
  if (code === 'RevisionNotFound') {
    return new InvalidInputError(
      `${fields.revision}: ${name} has no ${revision}; name a commit that it has`,
    )
  }
  if (status === 401 || status === 403 || status === 404) {
    return new InvalidInputError(
      `${fields.name}: the Hub shows no ${name} (${status}${code === null ? '' : `, ${code}`}): ` +
        'correct its name, or set HF_TOKEN to a token that may read it',
    )
  }
  if (status === 429) await delay(waitOf(reply))
  return new HubUnavailableError(
    `${fields.name}: the Hub answers ${status} for ${name}; it is tried again later`,
  )
}

/** Where a repository stands on the Hub: a model's address begins with its organisation. */
export function pageOf({ type, name }: HubRepository, endpoint: string): string {
  return `${endpoint}/${type === 'model' ? name : `datasets/${name}`}`
}

function waitOf(reply: Response): number {
  const seconds = Number(reply.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, longestWaitMs) : 0
}

function isOwn(address: string, endpoint: string): boolean {
  return new URL(address).origin === new URL(endpoint).origin
}
