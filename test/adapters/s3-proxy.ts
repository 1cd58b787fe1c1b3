import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { Transform } from 'node:stream'

/** A request for an object or a part of it, as S3 numbers them. */
export type Asked = {
  readonly method: string
  readonly key: string
  /** Of an upload in parts. */
  readonly part: number | undefined
  readonly range: string | undefined
  /** True of the request that completes an upload in parts. */
  readonly completes: boolean
}

/** What becomes of a request on its way; `lose` lets it through and cuts off the answer. */
export type Fate = 'pass' | 'refuse' | 'fail' | 'alter' | 'cut' | 'lose'

/** A way to an S3 server on which requests are counted and meet faults. */
export class S3Proxy {
  readonly asked: Asked[] = []
  /** Decides each request; set it to cause faults. */
  fate: (asked: Asked) => Fate | Promise<Fate> = () => 'pass'
  readonly endpoint: string
  readonly #answers = new EventEmitter()
  #partsTaken = 0
  readonly #close: () => Promise<void>

  private constructor(endpoint: string, close: () => Promise<void>) {
    this.endpoint = endpoint
    this.#close = close
  }

  static async before(server: { readonly endpoint: string }): Promise<S3Proxy> {
    const http = createServer().listen(0, '127.0.0.1')
    await once(http, 'listening')
    const address = http.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const proxy = new S3Proxy(`http://127.0.0.1:${port}`, async () => {
      http.close()
      http.closeAllConnections()
      await once(http, 'close')
    })
    http.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      const asked = read(incoming)
      proxy.asked.push(asked)
      void Promise.resolve(proxy.fate(asked)).then((fate) =>
        meet(fate, { incoming, response, target: server.endpoint }),
      )
      response.on('finish', () => proxy.#count(asked, response.statusCode))
    })
    return proxy
  }

  /** Numbers of the parts that were sent, in their order. */
  get partsSent(): number[] {
    return this.asked.flatMap(({ part }) => part ?? []).toSorted((a, b) => a - b)
  }

  /** When the server has taken so many parts in all. */
  async takes(parts: number): Promise<void> {
    while (this.#partsTaken < parts) await once(this.#answers, 'part')
  }

  #count({ part }: Asked, status: number): void {
    if (part === undefined || status !== 200) return
    this.#partsTaken += 1
    this.#answers.emit('part')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }
}

function read({ method = '', url = '', headers }: IncomingMessage): Asked {
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  const part = searchParams.get('partNumber')
  return {
    method,
    key: pathname.split('/').slice(2).join('/'),
    part: part === null ? undefined : Number(part),
    range: headers.range,
    completes: method === 'POST' && searchParams.has('uploadId'),
  }
}

type Exchange = {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly target: string
}

function meet(fate: Fate, { incoming, response, target }: Exchange): void {
  if (fate === 'refuse' || fate === 'fail') {
    const [status, code] = fate === 'refuse' ? [403, 'AccessDenied'] : [503, 'ServiceUnavailable']
    incoming.resume()
    incoming.on('end', () =>
      response.writeHead(status).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`),
    )
    return
  }
  const { method, url, headers } = incoming
  // The host that was signed is the proxy's; the server compares with the header alone.
  const outgoing = request(new URL(url ?? '', target), { method, headers })
  outgoing.on('error', () => response.destroy())
  outgoing.on('response', (answer) => {
    if (fate === 'lose') {
      response.destroy()
      return
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    if (fate === 'cut')
      answer.once('data', (chunk) => response.write(chunk, () => response.destroy()))
    else answer.pipe(response)
  })
  response.on('close', () => outgoing.destroy())
  if (fate === 'alter') incoming.pipe(altering()).pipe(outgoing)
  else incoming.pipe(outgoing)
}

/** Changes the first byte of what passes. */
function altering(): Transform {
  let changed = false
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const altered = Buffer.from(chunk)
      if (!changed) altered[0] = (altered[0] ?? 0) ^ 1
      changed = true
      done(null, altered)
    },
  })
}
