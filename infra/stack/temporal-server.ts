import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'

const { IndexedValueType, TaskQueueType } = proto.temporal.api.enums.v1

export const namespace = 'default'
/** A finished run stays to be looked at and reset for a month; the server's own default is a day. */
const retention = msToTs('30 days')

/** The search attributes of our workflows. */
const searchAttributes = {
  SkyStage: 'Keyword',
  SkyStatus: 'Keyword',
  SkyRun: 'Keyword',
  SkyScore: 'Double',
  SkyNight: 'Keyword',
} as const

const valueTypes = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Double: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
}

/** Off by default in the server; the runbook pauses workflows, and ablations share workers fairly. */
const dynamicConfig = ['frontend.WorkflowPauseEnabled=true', 'matching.enableFairness=true']

type TemporalPorts = { readonly frontend: number; readonly ui: number; readonly metrics: number }

/** The command line of the development server, everything on loopback, its state in one file. */
export function temporalCommand(
  program: string,
  database: string,
  ports: TemporalPorts,
): [string, ...string[]] {
  const listen = ['--ip', '127.0.0.1', '--port', `${ports.frontend}`, '--ui-port', `${ports.ui}`]
  const quiet = ['--ui-disable-news-fetch', '--log-level', 'warn']
  const settings = dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting])
  // Only a new database takes these; prepareNamespace() adds what an old one lacks.
  const attributes = Object.entries(searchAttributes).map((each) => each.join('='))
  return [
    program,
    'server',
    'start-dev',
    '--db-filename',
    database,
    ...listen,
    '--metrics-port',
    `${ports.metrics}`,
    ...quiet,
    ...settings,
    ...attributes.flatMap((attribute) => ['--search-attribute', attribute]),
  ]
}

/** Sets the namespace's retention and search attributes; rejects while the server is not up. */
export async function prepareNamespace(address: string): Promise<void> {
  await withConnection(address, async ({ workflowService, operatorService }) => {
    const { config } = await workflowService.describeNamespace({ namespace })
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0)
    if (seconds !== Number(retention.seconds)) {
      const kept = { workflowExecutionRetentionTtl: retention }
      await workflowService.updateNamespace({ namespace, config: kept })
    }
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace })
    const missing = Object.entries(searchAttributes).filter(([name]) => !customAttributes?.[name])
    if (missing.length === 0) return
    const types = missing.map(([name, type]) => [name, valueTypes[type]] as const)
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(types),
    })
  })
}

/** A task queue and the kind of task that is looked for there. */
export type PolledQueue = { readonly name: string; readonly kind: 'workflow' | 'activity' }

const taskQueueTypes = {
  workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}

/** Resolves if a worker asked the queue for work since then; rejects otherwise. */
export async function findPoller(address: string, queue: PolledQueue, since: Date): Promise<void> {
  await withConnection(address, async ({ workflowService }) => {
    const { pollers } = await workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue.name },
      taskQueueType: taskQueueTypes[queue.kind],
    })
    const polled = pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0))
    if (Math.max(0, ...polled) < Math.floor(since.getTime() / 1000)) {
      throw new Error(`no worker polls ${queue.name} yet`)
    }
  })
}

async function withConnection<T>(
  address: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: '2 seconds' })
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => work(connection))
  } finally {
    await connection.close()
  }
}
