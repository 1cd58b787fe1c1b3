import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { type Credentials, localCredentials } from '../../infra/stack/credentials.ts'
import { freePort } from '../../infra/stack/ports.ts'
import {
  bucket,
  prepareBucket,
  s3Command,
  s3ServerEnvironment,
} from '../../infra/stack/s3-server.ts'

/** The S3 server that `npm test` set up; tests of it are skipped where it is not set. */
export const objectServerProgram = process.env['SKY_T1_VERSITYGW']

const run = promisify(execFile)

/** A real S3 server over a temporary folder. Stores take their credentials from the environment. */
export class ObjectServer {
  readonly endpoint: string
  readonly credentials: Credentials
  readonly #stop: () => Promise<void>

  constructor(endpoint: string, credentials: Credentials, stop: () => Promise<void>) {
    this.endpoint = endpoint
    this.credentials = credentials
    this.#stop = stop
  }

  static async start(): Promise<ObjectServer> {
    const program = objectServerProgram ?? ''
    const stateDir = await mkdtemp(join(tmpdir(), 'sky-t1-objects-'))
    const accounts = join(stateDir, 'accounts')
    await mkdir(accounts)
    const credentials = await localCredentials(stateDir)
    const port = await freePort()
    const [command, ...args] = await s3Command({ program, stateDir, port, python: 'python3' })
    const env = { ...s3ServerEnvironment(credentials), VGW_IAM_DIR: accounts }
    const child = spawn(command, args, { stdio: 'ignore', env })
    const ended = once(child, 'exit')
    const endpoint = `http://127.0.0.1:${port}`
    await vi.waitFor(() => prepareBucket(endpoint, credentials), { timeout: 60_000 })
    actAs(credentials)
    return new ObjectServer(endpoint, credentials, async () => {
      child.kill('SIGKILL')
      await ended
      await rm(stateDir, { recursive: true, force: true })
    })
  }

  /** The store over this server; another bucket, or another way to it, where one is named. */
  store(changes: { readonly bucket?: string; readonly endpoint?: string } = {}): S3ObjectStore {
    return new S3ObjectStore({ bucket, region: 'us-east-1', endpoint: this.endpoint, ...changes })
  }

  /** The credentials of an account that has no right to anything. */
  async addStranger(): Promise<Credentials> {
    const stranger = { accessKeyId: 'stranger', secretAccessKey: 'secret-of-the-stranger' }
    const { accessKeyId, secretAccessKey } = this.credentials
    const account = ['--access', 'stranger', '--secret', stranger.secretAccessKey, '--role', 'user']
    await run(objectServerProgram ?? '', ['admin', 'create-user', ...account], {
      env: {
        ADMIN_ACCESS_KEY: accessKeyId,
        ADMIN_SECRET_KEY: secretAccessKey,
        ADMIN_ENDPOINT_URL: this.endpoint,
      },
    })
    return stranger
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}

/** Makes these the credentials of every store that is opened from now on in this test process. */
export function actAs({ accessKeyId, secretAccessKey }: Credentials): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey
}
