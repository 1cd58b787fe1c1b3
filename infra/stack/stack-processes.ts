import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import type { Installation } from '../setup/set-up.ts'
import type { Credentials } from './credentials.ts'
import {
  type Environment,
  endpointEnvironment,
  installationEnvironment,
  plainEnvironment,
  storeEnvironment,
} from './environment.ts'
import { bucket, prepareBucket, s3Command, s3ServerEnvironment } from './s3-server.ts'
import type { LocalEndpoint, ServiceName } from './services.ts'
import type { ProcessSpec } from './supervised-process.ts'
import { findPoller, namespace, prepareNamespace, temporalCommand } from './temporal-server.ts'

/** What a stack runs on: at least a Temporal server and an S3 server. */
export type StackInstallation = Installation<'temporal' | 'versitygw'> & Partial<Installation>

/** All that the processes of one stack are made from. */
export type StackPlan = {
  readonly installation: StackInstallation
  /** Absolute. */
  readonly stateDir: string
  /** The folder of recorded outputs, where there is one. */
  readonly data: string | undefined
  readonly ports: ReadonlyMap<string, number>
  readonly credentials: Credentials
  readonly endpoints: readonly LocalEndpoint[]
}

/** The pools of the main worker; the sandbox pool has a process, and an environment, of its own. */
const mainPools = ['control', 'io', 'inference', 'training', 'evaluation']

/** Where the services are, as `host:port` or URL. */
export function addressesOf({ ports, endpoints }: Pick<StackView, 'ports' | 'endpoints'>) {
  const at = (name: string) => `127.0.0.1:${ports.get(name) ?? 0}`
  const service = (name: ServiceName) => at(name)
  return {
    temporal: service('temporal'),
    ui: `http://${service('temporalUi')}`,
    s3: `http://${service('s3')}`,
    /** Prometheus metrics, by process. */
    metrics: {
      temporal: `http://${service('temporalMetrics')}/metrics`,
      worker: service('workerMetrics'),
      'sandbox-worker': service('sandboxWorkerMetrics'),
    },
    /** Base URLs of the stack's own chat endpoints, by their logical names. */
    endpoints: Object.fromEntries(endpoints.map(({ name }) => [name, `http://${at(name)}/v1`])),
  }
}

/** What is known of a stack from outside, without the right to run it. */
export type StackView = Omit<StackPlan, 'installation' | 'endpoints' | 'data'> & {
  readonly installation: Partial<Installation>
  readonly endpoints: readonly Pick<LocalEndpoint, 'name'>[]
}

/** What a client of the stack needs in its environment, the workers included. */
export function clientEnvironment(plan: StackView): Environment {
  const addresses = addressesOf(plan)
  const endpoints = Object.entries(addresses.endpoints).flatMap(([name, url]) => [
    [`${name.toUpperCase()}_BASE_URL`, url],
    // Servers of our own answer at once: a silence is a stall that they play.
    [`${name.toUpperCase()}_IDLE_SECONDS`, '3'],
  ])
  return {
    ...sandboxEnvironment(plan),
    ...storeEnvironment(addresses.s3, bucket, plan.credentials),
    ...Object.fromEntries(endpoints),
  }
}

/** The processes in the order of their start: those of one row start side by side. */
export async function stackProcesses(
  plan: StackPlan,
  part: 'everything' | 'servers',
): Promise<ProcessSpec[][]> {
  const servers = [
    temporalServer(plan),
    await s3Server(plan),
    ...plan.endpoints.map(endpoint(plan)),
  ]
  const workers = [mainWorker(plan), sandboxWorker(plan)]
  return part === 'servers' ? [servers] : [servers, workers]
}

function temporalServer({ installation, stateDir, ports }: StackPlan): ProcessSpec {
  const port = (name: ServiceName) => ports.get(name) ?? 0
  return {
    name: 'temporal',
    command: temporalCommand(installation.temporal, join(stateDir, 'temporal.db'), {
      frontend: port('temporal'),
      ui: port('temporalUi'),
      metrics: port('temporalMetrics'),
    }),
    env: plainEnvironment(),
    ready: () => prepareNamespace(`127.0.0.1:${port('temporal')}`),
    graceMs: 5_000,
  }
}

async function s3Server(plan: StackPlan): Promise<ProcessSpec> {
  const { installation, stateDir, credentials } = plan
  const python = installation.sandboxPython ?? installation.graderPython ?? 'python3'
  const port = plan.ports.get('s3') ?? 0
  return {
    name: 's3',
    command: await s3Command({ program: installation.versitygw, stateDir, port, python }),
    env: { ...plainEnvironment(), ...s3ServerEnvironment(credentials) },
    ready: () => prepareBucket(addressesOf(plan).s3, credentials),
    graceMs: 5_000,
  }
}

function endpoint({ ports }: StackPlan): (local: LocalEndpoint) => ProcessSpec {
  return ({ name, command }) => {
    const port = ports.get(name) ?? 0
    return {
      name,
      command: [...command, '--port', `${port}`],
      env: plainEnvironment(),
      async ready() {
        const response = await fetch(`http://127.0.0.1:${port}/health`)
        if (!response.ok) throw new Error(`${name} is not healthy: ${response.status}`)
      },
      graceMs: 2_000,
    }
  }
}

function mainWorker(plan: StackPlan): ProcessSpec {
  const { temporal, metrics } = addressesOf(plan)
  const queue = { name: 'sky-t1', kind: 'workflow' } as const
  return {
    name: 'worker',
    command: workerCommand(mainPools),
    env: {
      ...endpointEnvironment(),
      ...(plan.data === undefined ? {} : { SKY_T1_DATA: plan.data }),
      ...clientEnvironment(plan), // the stack's own addresses win
      SKY_T1_METRICS_ADDRESS: metrics.worker,
      // Ctrl-C leaves nothing running: the trainer goes on from its checkpoint next time.
      SKY_T1_TRAINER_ON_SHUTDOWN: 'stop',
    },
    ready: (startedAt) => findPoller(temporal, queue, startedAt),
    graceMs: 45_000,
  }
}

function sandboxWorker(plan: StackPlan): ProcessSpec {
  const { temporal, metrics } = addressesOf(plan)
  // Its door: work it takes once it has proven its sandbox, which may be after a minute.
  const queue = { name: 'sky-t1-sandbox-door', kind: 'activity' } as const
  return {
    name: 'sandbox-worker',
    command: workerCommand(['sandbox']),
    env: { ...sandboxEnvironment(plan), SKY_T1_METRICS_ADDRESS: metrics['sandbox-worker'] },
    ready: (startedAt) => findPoller(temporal, queue, startedAt),
    graceMs: 15_000,
  }
}

/** V8's own lazy collection lets a heap of 60 MiB stand at 240: a worker's stays near what it holds. */
const heapFlags = ['--max-semi-space-size=8', '--heap-growing-percent=50']

function workerCommand(pools: readonly string[]): [string, ...string[]] {
  const main = join(projectRoot, 'workers/main.ts')
  return [process.execPath, ...heapFlags, main, '--pool', pools.join(',')]
}

/** Addresses and paths only: generated code runs near this environment. */
function sandboxEnvironment(plan: StackView): Environment {
  const { temporal, ui } = addressesOf(plan)
  return {
    ...plainEnvironment(),
    ...installationEnvironment(plan.installation),
    TEMPORAL_ADDRESS: temporal,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_UI_URL: ui,
    SKY_T1_STATE_DIR: plan.stateDir,
  }
}
