import { setUp } from '../infra/setup/set-up.ts'
import { bucket } from '../infra/stack/s3-server.ts'
import { startTemporaryObjects } from '../infra/stack/temporary-servers.ts'

/** A real object store of a bench's own; its variables, and how to end it. */
export async function openObjectServer() {
  const { versitygw } = await setUp({ components: ['versitygw'], progress: () => {} })
  const server = await startTemporaryObjects(versitygw)
  return {
    environment: {
      S3_ENDPOINT: server.endpoint,
      S3_BUCKET: bucket,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
