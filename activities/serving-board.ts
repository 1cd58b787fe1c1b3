import type { ObjectStore } from '../core/ports/object-store.ts'
import { holds, servingKey, ServingNotice } from '../core/serving/serving-notice.ts'
import { findJson } from './artifacts.ts'
import { swapDocument } from './swapped-document.ts'

/** Another run serves this endpoint's name; one at a time may. */
export class ServingTakenError extends Error {
  override readonly name = 'ServingTakenError'
}

/** A later attempt has taken over: this one must stop its servers. */
export class ServingLostError extends Error {
  override readonly name = 'ServingLostError'
}

/** Who serves what. */
export type Server = Pick<ServingNotice, 'endpoint' | 'model' | 'workflow' | 'attempt'>

/** A notice that is not renewed for so long holds no more. */
const noticeMs = 60_000

/** Where askers find the servers of an endpoint; empty: nothing serves it now. */
export async function findServers(store: ObjectStore, endpoint: string): Promise<string[]> {
  const notice = await findJson(store, servingKey(endpoint), ServingNotice)
  return notice !== undefined && holds(notice, new Date()) ? notice.baseUrls : []
}

/**
 * Writes where the servers are, or renews it. Throws ServingTakenError where another run's notice
 * holds. `seize` takes over from an earlier attempt of the same workflow; without it, a notice of
 * another attempt means that this one was taken for dead: ServingLostError.
 */
export async function writeNotice(
  store: ObjectStore,
  server: Server,
  { baseUrls, seize }: { readonly baseUrls: readonly string[]; readonly seize: boolean },
): Promise<void> {
  await swapDocument(store, noticeOf(server.endpoint), (standing) => {
    if (standing !== undefined && standing.attempt !== server.attempt) {
      const same = standing.workflow === server.workflow
      if (same && !seize) throw lost(server)
      if (!same && holds(standing, new Date())) throw taken(standing)
      if (!same && !seize) throw lost(server)
    }
    const expiresAt = new Date(Date.now() + noticeMs).toISOString()
    return { ...server, baseUrls: [...baseUrls], expiresAt, version: (standing?.version ?? 0) + 1 }
  })
}

/** Takes a notice down, if it is still this server's. */
export async function withdrawNotice(store: ObjectStore, server: Server): Promise<void> {
  await swapDocument(store, noticeOf(server.endpoint), (standing) => {
    if (standing?.attempt !== server.attempt) return undefined
    const expiresAt = new Date(0).toISOString()
    return { ...standing, baseUrls: [], expiresAt, version: standing.version + 1 }
  })
}

/** The notice of an endpoint, which several runs may want to change. */
function noticeOf(endpoint: string) {
  return { key: servingKey(endpoint), schema: ServingNotice }
}

function lost({ endpoint }: Server): ServingLostError {
  return new ServingLostError(
    `endpoint ${endpoint} is served by a later attempt; this one was taken for dead and stops`,
  )
}

function taken({ endpoint, workflow, expiresAt }: ServingNotice): ServingTakenError {
  return new ServingTakenError(
    `endpoint ${endpoint} is served for ${workflow}, until ${expiresAt} at least; ` +
      'wait for that run, or give this recipe’s teacher an endpoint of another name',
  )
}
