import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import type { Credentials } from '../../infra/stack/credentials.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import {
  startTemporaryObjects,
  type TemporaryObjects,
} from '../../infra/stack/temporary-servers.ts'

/** The S3 server that `npm test` set up; tests of it are skipped where it is not set. */
export const objectServerProgram = process.env['SKY_T1_VERSITYGW']

const run = promisify(execFile)

/** A real S3 server. Stores take their credentials from the environment. */
export class ObjectServer {
  readonly #server: TemporaryObjects

  private constructor(server: TemporaryObjects) {
    this.#server = server
  }

  static async start(): Promise<ObjectServer> {
    const server = await startTemporaryObjects(objectServerProgram ?? '')
    actAs(server.credentials)
    return new ObjectServer(server)
  }

  get endpoint(): string {
    return this.#server.endpoint
  }

  get credentials(): Credentials {
    return this.#server.credentials
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
    await this.#server[Symbol.asyncDispose]()
  }
}

/** Makes these the credentials of every store that is opened from now on in this test process. */
export function actAs({ accessKeyId, secretAccessKey }: Credentials): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey
}
