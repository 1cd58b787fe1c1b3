import { once } from 'node:events'
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const Query = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).optional(),
})
const FileStream = z.object({
  files: z
    .record(z.string(), z.object({ offset: z.int(), content: z.array(z.string()) }))
    .optional(),
  complete: z.boolean().nullish(),
  exitcode: z.int().nullish(),
})

/** What `wandb sync` has sent. */
export type Received = {
  /** Variables of the mutations that make a run. */
  readonly runs: Record<string, unknown>[]
  /** Lines of the run's files, by their numbers. */
  readonly lines: Record<string, string[]>
  exitCode: number | undefined
}

/** As much of the server of Weights & Biases as `wandb sync` needs, on the loopback. */
export async function startTrackingServer() {
  const received: Received = { runs: [], lines: {}, exitCode: undefined }
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces)
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer(received, request.url ?? '', plain.toString('utf8'))))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}

function answer(received: Received, url: string, body: string): unknown {
  if (url === '/graphql') return { data: answerQuery(received, Query.parse(JSON.parse(body))) }
  if (url.endsWith('/file_stream')) receive(received, FileStream.parse(JSON.parse(body)))
  return {}
}

function answerQuery({ runs }: Received, { query, variables = {} }: z.infer<typeof Query>) {
  // No address to put the config and the summary at: both are sent as lines, too.
  if (query.includes('createRunFiles(')) {
    return { createRunFiles: { runID: 'b', uploadHeaders: [], files: [] } }
  }
  if (!query.includes('upsertBucket(')) return {}
  runs.push(variables)
  const project = { id: 'p', name: variables['project'], entity: { id: 'e', name: 'someone' } }
  const { name, displayName } = variables
  const bucket = { id: 'b', name, displayName, historyLineCount: 0, project }
  return { upsertBucket: { bucket, inserted: true } }
}

function receive(received: Received, { files, complete, exitcode }: z.infer<typeof FileStream>) {
  for (const [name, { offset, content }] of Object.entries(files ?? {})) {
    const lines = (received.lines[name] ??= [])
    for (const [at, line] of content.entries()) lines[offset + at] = line
  }
  if (complete === true) received.exitCode = exitcode ?? undefined
}
