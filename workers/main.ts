import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { queues } from '../workflows/options.ts'
import { type Deployment, readDeployment } from './environment.ts'
import { createPoolWorker } from './pool-worker.ts'
import { type PoolName, poolsByName } from './pools.ts'
import { type PoolPart, runBehindDoor } from './run-behind-door.ts'

/** Runs the pools named by `--pool NAME[,NAME…]` (`all`: every pool) until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pool: { type: 'string', default: 'all' } } })
  const names = poolNames(values.pool)
  const deployment = readDeployment()
  installRuntime(deployment)
  const connection = await NativeConnection.connect({ address: deployment.temporal.address })
  const pools = names
    .filter((name) => name !== 'control')
    .map((name) => poolsByName[name](deployment))
  const { namespace } = deployment.temporal
  const create = (part: PoolPart) => createPoolWorker(part, connection, namespace)
  const workers = await Promise.all([
    ...(names.includes('control') ? [controlWorker(connection, namespace)] : []),
    ...pools.filter(({ door }) => door === undefined).map(create),
  ])
  await Promise.all([
    ...workers.map((worker) => worker.run()),
    ...pools.flatMap(({ door, ...pool }) => (door ? [runBehindDoor(pool, door, create)] : [])),
  ])
  for (const pool of pools) await pool.close?.()
  await connection.close()
}

function poolNames(listed: string): ReadonlyArray<PoolName | 'control'> {
  const known: ReadonlyArray<PoolName | 'control'> = [
    'control',
    'io',
    'inference',
    'sandbox',
    'training',
    'evaluation',
  ]
  if (listed === 'all') return known
  return listed.split(',').map((wanted) => {
    const name = known.find((pool) => pool === wanted)
    if (name === undefined)
      throw new Error(`--pool ${wanted}: no such pool; there are ${known.join(', ')}`)
    return name
  })
}

function installRuntime({ metricsAddress }: Deployment): void {
  Runtime.install({
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions:
      metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: metricsAddress } } },
  })
}

/** Workflows alone, on the queue that a user types. */
async function controlWorker(connection: NativeConnection, namespace: string): Promise<Worker> {
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-workflows-'))
  try {
    const codePath = join(directory, 'bundle.js')
    const bundler = fileURLToPath(new URL('bundle-workflows.ts', import.meta.url))
    await promisify(execFile)(process.execPath, [bundler, codePath])
    return await Worker.create({
      connection,
      namespace,
      taskQueue: queues.workflows,
      workflowBundle: { codePath },
      maxCachedWorkflows: 100,
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

await main()
