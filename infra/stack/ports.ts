import { randomInt } from 'node:crypto'
import getPort, { clearLockedPorts, portNumbers } from 'get-port'

type PortRequest = {
  /** Each service's usual port. */
  readonly usual: { readonly [name: string]: number }
  /** What the services had the last time: taken again where free. */
  readonly remembered: { readonly [name: string]: number }
  /** Whether to take any that are free instead of the usual ones. */
  readonly any: boolean
}

/** How far to look upwards from a port that is taken. */
const reach = 100

/**
 * Where any port is looked for: below those that the system gives to connections and to whoever asks for
 * any, one of which may be taken between the look and the service's start.
 */
const anywhere = () => randomInt(12_000, 32_000)

/** A free loopback port for each service: the remembered, else the usual, else the next one. */
export async function choosePorts(request: PortRequest): Promise<ReadonlyMap<string, number>> {
  // get-port keeps the ports that it gave for half a minute; a stack that is started again in the
  // same process wants exactly those.
  clearLockedPorts()
  const chosen = new Map<string, number>()
  for (const [name, usual] of Object.entries(request.usual)) {
    const last = request.remembered[name]
    const remembered = last === undefined ? [] : [last]
    const others = upwards(request.any ? anywhere() : usual)
    chosen.set(name, await firstFree([...remembered, ...others]))
  }
  return chosen
}

/** A loopback port that is free, and is nobody's usual one; not the same twice in a row. */
export function freePort(): Promise<number> {
  return firstFree(upwards(anywhere()))
}

function upwards(from: number): Iterable<number> {
  return portNumbers(from, from + reach)
}

function firstFree(ports: Iterable<number>): Promise<number> {
  return getPort({ host: '127.0.0.1', port: ports })
}
