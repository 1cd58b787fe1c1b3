import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { setUp } from '../infra/setup/set-up.ts'
import { localCredentials } from '../infra/stack/credentials.ts'
import { freePort } from '../infra/stack/ports.ts'
import { bucket, prepareBucket, s3Command, s3ServerEnvironment } from '../infra/stack/s3-server.ts'

/** A real object store of a bench's own, over a temporary folder; its variables, and how to end it. */
export async function openObjectServer() {
  const { versitygw: program } = await setUp({ components: ['versitygw'], progress: () => {} })
  const stateDir = await mkdtemp(join(tmpdir(), 'sky-t1-bench-'))
  const credentials = await localCredentials(stateDir)
  const port = await freePort()
  const [command, ...args] = await s3Command({ program, stateDir, port, python: 'python3' })
  const env = s3ServerEnvironment(credentials)
  const child = spawn(command, args, { stdio: 'ignore', env })
  const ended = once(child, 'exit')
  const endpoint = `http://127.0.0.1:${port}`
  await untilUp(() => prepareBucket(endpoint, credentials))
  return {
    environment: {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

async function untilUp(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await attempt()
    } catch {
      await wait(100)
    }
  }
  await attempt()
}
