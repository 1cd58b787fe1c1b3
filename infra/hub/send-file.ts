import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HubFault } from './faults.ts'
import type { RepoFile } from './repository.ts'

/** Which bytes a request asks for: the first and the last one. */
type ByteRange = { readonly start: number; readonly end: number }

/** Sends a file or the range of it that was asked for, well or with a fault. */
export async function sendFile(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  file: RepoFile,
  fault: HubFault['kind'] | undefined,
): Promise<void> {
  const size = fault === 'truncate' ? Math.floor(file.size / 2) : file.size
  const range = rangeOf(request.headers.range, size)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end()
    return
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    etag: `"${file.lfs ? file.sha256 : file.gitSha1}"`,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  })
  if (request.method === 'HEAD' || end < start) {
    response.end()
    return
  }
  const isHalf = fault === 'cut' || fault === 'stall'
  const last = isHalf ? start + Math.floor((end - start) / 2) : end
  await pipeline(Readable.from(bytes(file.content, { start, end: last }, fault)), response, {
    end: !isHalf,
  })
  if (fault === 'cut') response.destroy()
}

async function* bytes(
  path: string,
  { start, end }: ByteRange,
  fault: HubFault['kind'] | undefined,
): AsyncGenerator<Buffer> {
  const handle = await open(path)
  try {
    for await (const chunk of handle.createReadStream({ start, end, autoClose: false })) {
      if (fault === 'alter') chunk[chunk.length >> 1] ^= 1
      yield chunk
    }
  } finally {
    await handle.close()
  }
}

function rangeOf(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size - 1 }
  const start = Number(from)
  if (start >= size) return 'unsatisfiable'
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
