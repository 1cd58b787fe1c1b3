import { createHash, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** What a hostile program is told of the host, so that it needs not search. */
export type Description = {
  /** The name that its processes and files have. */
  readonly marker: string
  /** A file that everybody on the host may read and write. */
  readonly canary: string
  readonly tcp4: number
  readonly tcp6: number
  readonly udp4: number
  readonly udp6: number
  readonly unix: string
  readonly abstract: string
  readonly worker: number
  readonly hostname: string
  /** Digests of files that no program should see. */
  readonly hostFiles: Readonly<Record<string, string>>
}

/** What a program must not reach: listeners, a file and a variable, all made for it alone. */
export interface Outside {
  readonly description: Description
  /** What must not be in anything that the program says. */
  readonly secrets: readonly { readonly what: string; readonly text: string }[]
  /** What was heard and changed out here, so far. */
  seen(): Promise<string[]>
  close(): Promise<void>
}

/** Beyond every process id that the kernel gives (its `PID_MAX_LIMIT`). */
const nobody = 2 ** 22 + 1
/** Below it, a process of the sandbox can have the same id as the worker. */
const ownIds = 1000

/** Opens the outside of one program. Every listener is on the loopback. */
export async function openOutside(): Promise<Outside> {
  const marker = `sky-hx-${randomBytes(4).toString('hex')}`
  const [fileSecret, variableSecret] = [randomHex(), randomHex()]
  const variable = `CANARY_${marker.replaceAll('-', '_')}`
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-outside-'))
  const canary = join(directory, 'canary')
  await writeFile(canary, fileSecret)
  // Nothing but the sandbox keeps a program away from it.
  await Promise.all([chmod(directory, 0o777), chmod(canary, 0o666)])
  process.env[variable] = variableSecret
  const before = await stateOf(directory, canary)
  const ears = await listen(directory, marker)
  return {
    description: {
      marker,
      canary,
      ...ears.addresses,
      worker: process.pid > ownIds ? process.pid : nobody,
      hostname: hostname(),
      hostFiles: digestsOfHostFiles(),
    },
    secrets: [
      { what: 'what a file of the host holds', text: fileSecret },
      { what: "a variable of the worker's environment", text: variableSecret },
    ],
    async seen() {
      const changed = (await stateOf(directory, canary)) !== before
      return [...new Set([...ears.heard, ...(changed ? ['it changed a file of the host'] : [])])]
    },
    async close() {
      delete process.env[variable]
      ears.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function stateOf(directory: string, canary: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name !== 'socket')
  try {
    const { mode, uid, gid, nlink, ino } = await lstat(canary)
    return JSON.stringify([names, mode, uid, gid, nlink, ino, await readFile(canary, 'utf8')])
  } catch {
    return 'gone'
  }
}

type Ears = {
  readonly addresses: Pick<Description, 'tcp4' | 'tcp6' | 'udp4' | 'udp6' | 'unix' | 'abstract'>
  /** Who was spoken to, in words. */
  readonly heard: readonly string[]
  close(): void
}

async function listen(directory: string, marker: string): Promise<Ears> {
  const heard: string[] = []
  const doors: Array<Server | Socket> = []
  const server = async (what: string, address: ListenOptions) => {
    const door = createServer((socket) => {
      heard.push(`it reached the host over ${what}`)
      socket.on('error', () => {}).end('hello')
    })
    doors.push(door)
    return portOf(door, () => door.listen(address))
  }
  const datagrams = async (kind: 'udp4' | 'udp6', host: string) => {
    const door = createSocket(kind, () => heard.push(`it reached the host over ${kind}`))
    doors.push(door)
    return portOf(door, () => door.bind({ port: 0, address: host }))
  }
  const [unix, abstract] = [join(directory, 'socket'), `sky-t1-outside-${marker}`]
  await server('a Unix socket', { path: unix, writableAll: true })
  await server('an abstract socket', { path: `\0${abstract}` })
  const addresses = {
    tcp4: await server('TCP', { host: '127.0.0.1', port: 0 }),
    tcp6: await server('TCP and IPv6', { host: '::1', port: 0 }),
    udp4: await datagrams('udp4', '127.0.0.1'),
    udp6: await datagrams('udp6', '::1'),
    unix,
    abstract,
  }
  return { addresses, heard, close: () => doors.forEach(shut) }
}

/** A port that nobody listens on: this host has no IPv6. */
const discard = 9

async function portOf(door: Server | Socket, open: () => unknown): Promise<number> {
  const listening = once(door, 'listening')
  open()
  try {
    await listening
  } catch {
    return discard
  }
  const address = door.address()
  return address !== null && typeof address === 'object' ? address.port : discard
}

function shut(door: Server | Socket): void {
  try {
    door.close()
  } catch {
    // It never listened.
  }
}

function digestsOfHostFiles(): Record<string, string> {
  const paths = ['/etc/hostname', '/etc/machine-id', '/etc/shadow', import.meta.filename]
  const digests = paths.flatMap((path) => {
    try {
      const bytes = readFileSync(path)
      // An empty file tells nothing, and every sandbox may have one.
      return bytes.length === 0 ? [] : [[path, digestOf(bytes)] as const]
    } catch {
      return []
    }
  })
  return Object.fromEntries(digests)
}

/** SHA-256 as programs compute it, in hex. */
export function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** 128 bits that nobody guesses, in hex. */
export function randomHex(): string {
  return randomBytes(16).toString('hex')
}
