import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

// How toy trainers of several nodes go together: the first one tells all others each thing to do, and
// waits until all have done it, as collectives have processes wait for each other.

/** As what a toy trainer was launched, by the arguments of torchrun; undefined where it trains alone. */
export function placeOf(args: readonly string[]) {
  const value = (name: string) =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
  const nodes = Number(value('nnodes') ?? 1)
  if (nodes === 1) return undefined
  const [host = '', port] = [value('master-addr'), Number(value('master-port'))]
  return { nodes, nodeRank: Number(value('node-rank')), host, port }
}
export type Place = NonNullable<ReturnType<typeof placeOf>>

/** What the first does with all others. */
export type Peers = {
  /** Has all do a thing; gives what each answers, in the order of their ranks. */
  tell(what: 'step' | 'save' | 'mark' | 'end', step: number): Promise<string[]>
}

/** Meets the others on the first node. */
export async function meet({ nodes, host, port }: Place): Promise<Peers> {
  const server = createServer()
  const met = new Map<number, ReturnType<typeof linesOf>>()
  const all = Promise.withResolvers<void>()
  server.on('connection', (socket: Socket) => {
    const lines = linesOf(socket)
    void lines.next().then((rank) => {
      met.set(Number(rank), lines)
      if (met.size === nodes - 1) all.resolve()
    })
  })
  server.listen(port, host)
  await all.promise
  server.close()
  const peers = [...met].toSorted(([a], [b]) => a - b).map(([, lines]) => lines)
  return {
    async tell(what, step) {
      for (const { socket } of peers) socket.write(`${what} ${step}\n`)
      return Promise.all(peers.map(({ next }) => next()))
    },
  }
}

/** Does on another node what the first says, until that says that it is the end. */
export async function follow(
  { nodeRank, host, port }: Place,
  work: (what: string, step: number) => Promise<string>,
): Promise<void> {
  const { socket, next } = linesOf(await connected(host, port))
  socket.write(`${nodeRank}\n`)
  for (;;) {
    const [what = '', step] = (await next()).split(' ')
    socket.write(`${await work(what, Number(step))}\n`)
    if (what === 'end') return void socket.end()
  }
}

/** The state of a process, one step later. */
export function advanced(state: string, ...by: ReadonlyArray<string | number>): string {
  return createHash('sha256')
    .update([state, ...by].join(' '))
    .digest('hex')
}

async function connected(host: string, port: number): Promise<Socket> {
  for (;;) {
    const socket = createConnection({ host, port })
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (isThere) return socket
    await wait(50)
  }
}

/** The lines that come over a connection; a process whose peer is gone dies, as NCCL has it. */
function linesOf(socket: Socket) {
  const input = createInterface({ input: socket })
  const lines = input[Symbol.asyncIterator]()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => input.close())
  const next = async () => {
    const { value, done } = await lines.next()
    if (done !== true) return value
    process.stderr.write('Connection closed by peer\n')
    process.exit(1)
  }
  return { socket, next }
}
