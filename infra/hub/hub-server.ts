import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Access } from './access.ts'
import { createFaults, type Faults, type HubFault } from './faults.ts'
import {
  type Exchange,
  sendContent,
  sendInfo,
  sendPathsInfo,
  sendResolved,
  sendTree,
} from './read-side.ts'
import { HubRefusal, sendRefusal } from './reply.ts'
import { openRepositories } from './repositories.ts'
import { type Route, routeOf } from './route.ts'
import {
  answerLfsBatch,
  answerPreupload,
  createRepository,
  sendWhoAmI,
  takeCommit,
  takeObject,
  verifyObject,
} from './write-side.ts'

/** What a server of ours that speaks the Hub's protocol is to serve, and how. */
export type HubServerOptions = {
  /** Holds `datasets/ORG/NAME/…` and `models/ORG/NAME/…`; what is pushed is kept in `.hub` there. */
  readonly directory: string
  /** 0: the system chooses. */
  readonly port?: number
  /** The one token that is known; without it, every token is good. */
  readonly token?: string
  readonly gated?: readonly string[]
  /** Gated data sets whose terms the token's owner has accepted. */
  readonly accepted?: readonly string[]
  readonly faults?: readonly HubFault[]
  /** Entries of a listing in one reply. */
  readonly pageSize?: number
}

/** A server that listens on 127.0.0.1. */
export type HubServer = AsyncDisposable & {
  /** For `HF_ENDPOINT`. */
  readonly url: string
  /** The requests so far, as `GET /api/…`. */
  readonly requests: readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Starts a server that speaks the Hugging Face Hub's protocol over folders: repositories, listings
 * in pages, files with ranges and large file storage, gates, and pushing commits. It knows `main`
 * and every commit; files are sent whole or in ranges, never in the Hub's chunked form (Xet).
 */
export async function startHubServer(options: HubServerOptions): Promise<HubServer> {
  const access: Access = {
    repositories: openRepositories(options.directory),
    token: options.token,
    gated: options.gated ?? [],
    accepted: options.accepted ?? [],
  }
  const faults = createFaults(options.faults ?? [])
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    requests.push(`${request.method} ${url.pathname}`)
    const exchange = { request, response, url, access, pageSize: options.pageSize ?? 1000 }
    answer(exchange, faults).catch((error: unknown) => fail(error, exchange))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${address.port}`, requests, close, [Symbol.asyncDispose]: close }
}

async function answer(exchange: Exchange, faults: Faults): Promise<void> {
  const address = decodeURIComponent(exchange.url.pathname)
  const failing = faults.next(address, ['server-error', 'rate-limited'])
  if (failing === 'server-error') throw new HubRefusal(503, 'Service unavailable')
  if (failing === 'rate-limited') {
    exchange.response.setHeader('retry-after', '0')
    throw new HubRefusal(429, 'Too many requests')
  }
  const route = routeOf(exchange.url)
  if (route === undefined) throw new HubRefusal(404, 'Sorry, there is nothing here.')
  await dispatch(exchange, route, () => faults.next(address, ['cut', 'stall', 'truncate', 'alter']))
}

async function dispatch(
  exchange: Exchange,
  route: Route,
  fault: () => HubFault['kind'] | undefined,
): Promise<void> {
  switch (route.to) {
    case 'info':
      return await sendInfo(exchange, route)
    case 'tree':
      return await sendTree(exchange, route)
    case 'paths-info':
      return await sendPathsInfo(exchange, route)
    case 'resolve':
      return await sendResolved(exchange, route, fault)
    case 'content':
      return await sendContent(exchange, route, fault())
    case 'whoami':
      return sendWhoAmI(exchange)
    case 'create-repo':
      return await createRepository(exchange)
    case 'preupload':
      return await answerPreupload(exchange, route)
    case 'commit':
      return await takeCommit(exchange, route, fault())
    case 'lfs-batch':
      return await answerLfsBatch(exchange, route)
    case 'lfs-object':
      return await takeObject(exchange, route)
    case 'lfs-verify':
      return verifyObject(exchange, route)
  }
}

function fail(error: unknown, { response }: Exchange): void {
  if (response.headersSent) response.destroy()
  else sendRefusal(response, error instanceof HubRefusal ? error : unexpected(error))
}

function unexpected(error: unknown): HubRefusal {
  return new HubRefusal(400, error instanceof Error ? error.message.replaceAll('\n', ' ') : 'bad')
}
