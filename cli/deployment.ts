import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { type S3Address, S3ObjectStore } from '../adapters/s3-object-store.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { projectRoot } from '../infra/project-root.ts'
import { findRunningStack } from '../infra/stack/find-running-stack.ts'
import { type Deployment, readDeployment } from '../workers/environment.ts'
import { UsageError } from './command.ts'
import { InterruptedError } from './interruption.ts'

/** Where the local stack keeps its state. */
export const stateDirectory = resolve(
  process.env['SKY_T1_STATE_DIR'] ?? join(projectRoot, '.sky-t1'),
)

/** What commands talk to. */
export type Connected = {
  readonly client: Client
  readonly store: ObjectStore
  readonly deployment: Deployment
  readonly close: () => Promise<void>
}

/** True where the environment names a Temporal server: then no local stack is started or looked for. */
export function isRemote(): boolean {
  return process.env['TEMPORAL_ADDRESS'] !== undefined
}

/** Connects to the deployment of the environment, else to the local stack. Throws UsageError where there is neither. */
export async function connect(): Promise<Connected> {
  if (isRemote()) return connectTo(process.env)
  const running = await findRunningStack(stateDirectory)
  if (running !== undefined) return connectTo(running.environment)
  throw new UsageError('no stack is up; start one with `npm run stack`, or set TEMPORAL_ADDRESS')
}

/** Connects to the deployment that an environment describes. */
export async function connectTo(environment: NodeJS.ProcessEnv): Promise<Connected> {
  const deployment = readDeployment(environment)
  const { address, namespace } = deployment.temporal
  const connection = await Connection.connect({ address })
  return {
    client: new Client({ connection, namespace }),
    store: storeOf(environment, deployment.s3),
    deployment,
    close: () => connection.close(),
  }
}

/**
 * A bucket of the deployment's object store: of the environment, else of the local stack. It needs no
 * Temporal server.
 */
export async function openStore(bucket: string): Promise<ObjectStore> {
  const isNamed = isRemote() || process.env['S3_ENDPOINT'] !== undefined
  const running = isNamed ? undefined : await findRunningStack(stateDirectory)
  const environment = running?.environment ?? process.env
  return storeOf(environment, { ...readDeployment(environment).s3, bucket })
}

function storeOf(environment: NodeJS.ProcessEnv, address: S3Address): ObjectStore {
  // The SDK of the object store reads its credentials from the process's own environment.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    const value = environment[name]
    if (value !== undefined) process.env[name] = value
  }
  return new S3ObjectStore(address)
}

/**
 * Works with a connection, and closes it. Not where the work was interrupted: a call that is still
 * under way would be tried again on it, and fail loudly; the process is about to end then.
 */
export async function withConnection<Closed extends Pick<Connected, 'close'>, Result>(
  connected: Closed,
  work: (connected: Closed) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work(connected)
    await connected.close()
    return result
  } catch (error) {
    if (!(error instanceof InterruptedError)) await connected.close()
    throw error
  }
}

/** The page of a workflow in the Temporal UI. */
export function workflowUrl({ temporal, uiUrl }: Deployment, workflowId: string): string {
  const base = uiUrl ?? `http://${temporal.address}`
  return `${base}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`
}

/** The folder of recorded outputs: the one given, the environment's, or the one beside the project. */
export function dataDirectory(given: string | undefined): string | undefined {
  const named = given ?? process.env['SKY_T1_DATA']
  if (named !== undefined) {
    if (!existsSync(named))
      throw new UsageError(`--data ${named}: no such folder; name one that is there`)
    return resolve(named)
  }
  const beside = resolve(projectRoot, '../shared/data')
  return existsSync(beside) ? beside : undefined
}
