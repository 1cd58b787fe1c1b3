import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Credentials, localCredentials } from './credentials.ts'
import { freePort } from './ports.ts'
import { prepareBucket, s3Command, s3ServerEnvironment } from './s3-server.ts'
import { type ProcessSpec, SupervisedProcess } from './supervised-process.ts'
import { prepareNamespace, temporalCommand } from './temporal-server.ts'

// The servers of the stack, each alone, for tests and benches: on free ports, over a temporary
// folder that goes with them.

/** A Temporal server at this address, until it is disposed of. */
export type TemporaryTemporal = AsyncDisposable & { readonly address: string }

/**
 * Starts a Temporal server with these settings (`--dynamic-config-value`) beside the stack's own.
 * @throws {ProcessFailedError} it does not come up
 */
export async function startTemporaryTemporal(
  program: string,
  settings: readonly string[] = [],
): Promise<TemporaryTemporal> {
  const folder = await temporaryFolder('temporal')
  const ports = { frontend: await freePort(), ui: await freePort(), metrics: await freePort() }
  const address = `127.0.0.1:${ports.frontend}`
  const [command, ...args] = temporalCommand(program, join(folder, 'temporal.db'), ports)
  const more = settings.flatMap((setting) => ['--dynamic-config-value', setting])
  const stop = await startIn(folder, {
    name: 'temporal',
    command: [command, ...args, ...more],
    env: {},
    ready: () => prepareNamespace(address),
  })
  return { address, [Symbol.asyncDispose]: stop }
}

/** An S3 server with our bucket, until it is disposed of; the credentials are its root account's. */
export type TemporaryObjects = AsyncDisposable & {
  readonly endpoint: string
  readonly credentials: Credentials
}

/**
 * Starts an S3 server, which takes further accounts.
 * @throws {ProcessFailedError} it does not come up
 */
export async function startTemporaryObjects(program: string): Promise<TemporaryObjects> {
  const folder = await temporaryFolder('objects')
  const accounts = join(folder, 'accounts')
  await mkdir(accounts)
  const credentials = await localCredentials(folder)
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const stop = await startIn(folder, {
    name: 's3',
    command: await s3Command({ program, stateDir: folder, port, python: 'python3' }),
    env: { ...s3ServerEnvironment(credentials), VGW_IAM_DIR: accounts },
    ready: () => prepareBucket(endpoint, credentials),
  })
  return { endpoint, credentials, [Symbol.asyncDispose]: stop }
}

function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `sky-t1-${name}-`))
}

/** Keeps a server up; ends with how to end it, and to take its folder away. */
async function startIn(
  folder: string,
  spec: Omit<ProcessSpec, 'graceMs'>,
): Promise<() => Promise<void>> {
  const server = new SupervisedProcess(
    { ...spec, graceMs: 0 },
    {
      log: join(folder, `${spec.name}.log`),
      report: (line) => void process.stderr.write(`${line}\n`),
      changed: () => {},
    },
  )
  await server.start()
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
