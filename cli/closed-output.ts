import process from 'node:process'

let isTidying = false
const closed = new AbortController()

/** Ends the process quietly when whoever reads our lines has seen enough, as `head` does. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The terminal was closed: its signal ends the command in good order.
      if (error.code === 'EIO') return
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error
      if (!isTidying) process.exit(0)
      if (stream === process.stdout) closed.abort(new OutputClosedError('nobody reads the output'))
    })
  }
}

/** Whoever read standard output has gone. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError'
}

/**
 * From now on the process ends in its own time: what is given here is aborted, with an
 * OutputClosedError, when nobody reads standard output any more. Who reads standard error does not matter.
 */
export function listenForClosedOutput(): AbortSignal {
  isTidying = true
  return closed.signal
}
