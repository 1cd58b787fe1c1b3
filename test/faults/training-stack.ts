import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { localCredentials } from '../../infra/stack/credentials.ts'
import { choosePorts } from '../../infra/stack/ports.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { usualPorts } from '../../infra/stack/services.ts'
import { addressesOf, type StackPlan, stackProcesses } from '../../infra/stack/stack-processes.ts'
import { type ProcessSpec, SupervisedProcess } from '../../infra/stack/supervised-process.ts'
import { findPoller } from '../../infra/stack/temporal-server.ts'
import { queues } from '../../workflows/options.ts'
import { TrainingNode } from '../activities/training-node.ts'
import { actAs } from '../adapters/object-server.ts'
import { until } from './kills.ts'

const run = promisify(execFile)

const paths = {
  temporal: process.env['SKY_T1_TEMPORAL'] ?? '',
  versitygw: process.env['SKY_T1_VERSITYGW'] ?? '',
  trainerPython: process.env['SKY_T1_TRAINER_PYTHON'] ?? '',
}

/** False where what a training needs to run by itself is not installed: run the test with `npm test`. */
export const trainingStackIsInstalled = Object.values(paths).every((path) => path !== '')

/** A process of a stack for trainings; the worker that trains is one of its own. */
type Name = 'temporal' | 's3' | 'control' | 'training'

/** What a training by itself runs on, each a process that can be killed, stopped and started again. */
export class TrainingStack {
  readonly client: Client
  readonly store: S3ObjectStore
  /** The machine that trains. */
  readonly node: TrainingNode
  readonly #directory: string
  readonly #addresses: ReturnType<typeof addressesOf>
  readonly #specs: Readonly<Record<Name, ProcessSpec>>
  readonly #running = new Map<Name, SupervisedProcess>()

  private constructor(plan: StackPlan, specs: Readonly<Record<Name, ProcessSpec>>) {
    this.#directory = plan.stateDir
    this.#addresses = addressesOf(plan)
    this.#specs = specs
    const connection = Connection.lazy({ address: this.#addresses.temporal })
    this.client = new Client({ connection })
    this.store = new S3ObjectStore({ bucket, region: 'us-east-1', endpoint: this.#addresses.s3 })
    const directory = join(plan.stateDir, 'training')
    this.node = TrainingNode.withTrainer(this.store, { directory })
  }

  static async start(): Promise<TrainingStack> {
    const stateDir = await mkdtemp(join(tmpdir(), 'sky-t1-training-stack-'))
    await mkdir(join(stateDir, 'training', 'trainings'), { recursive: true })
    const credentials = await localCredentials(stateDir)
    actAs(credentials)
    const ports = await choosePorts({ usual: usualPorts, remembered: {}, any: true })
    const plan = {
      installation: paths,
      stateDir,
      data: undefined,
      ports,
      credentials,
      endpoints: [],
    }
    const stack = new TrainingStack(plan, await specsOf(plan))
    await Promise.all([stack.begin('temporal'), stack.begin('s3')])
    await Promise.all([stack.begin('control'), stack.begin('training')])
    return stack
  }

  /** Starts a process; from then on it is started again whenever it ends. */
  async begin(name: Name): Promise<void> {
    const around = { log: this.#logOf(name), report() {}, changed() {} }
    const started = new SupervisedProcess(this.#specs[name], around)
    this.#running.set(name, started)
    await started.start()
  }

  /** Stops a process, which stays away until it is begun again. */
  async end(name: Name): Promise<void> {
    await this.#running.get(name)?.stop()
  }

  /** Signals a process; gives its number. */
  signal(name: Name, signal: 'SIGKILL' | 'SIGTERM'): number {
    const pid = this.#status(name)?.pid
    if (pid === undefined) throw new Error(`${name} does not run`)
    process.kill(pid, signal)
    return pid
  }

  /** When the process of that number has ended. */
  ended(name: Name, pid: number): Promise<void> {
    return until(async () => this.#status(name)?.pid !== pid)
  }

  /** When a successor of the process of that number serves. */
  async succeeded(name: Name, pid: number): Promise<void> {
    await this.ended(name, pid)
    await until(async () => this.#status(name)?.state === 'ready')
  }

  /** Runs the command line of Temporal, as a person does. */
  async temporal(...args: readonly string[]): Promise<void> {
    await run(paths.temporal, [...args, '--address', this.#addresses.temporal])
  }

  /** Activities that the worker that trains could take up now. */
  async freeSlots(): Promise<number> {
    const reply = await fetch(`http://${this.#addresses.metrics['sandbox-worker']}/metrics`)
    const line = (await reply.text())
      .split('\n')
      .find((each) => /^temporal_worker_task_slots_available{.*"ActivityWorker"/.test(each))
    return Number(line?.split(' ').at(-1))
  }

  /** How often the worker that trains has logged something. */
  async logged(words: string): Promise<number> {
    return (await readFile(this.#logOf('training'), 'utf8')).split(words).length - 1
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.connection.close()
    // A trainer that a failed test left held would outlive its worker.
    await this.node.signalTrainer('SIGKILL').catch(() => undefined)
    for (const name of ['training', 'control', 's3', 'temporal'] as const) await this.end(name)
    await rm(this.#directory, { recursive: true, force: true })
  }

  #status(name: Name) {
    return this.#running.get(name)?.status
  }

  #logOf(name: Name): string {
    return join(this.#directory, `${name}.log`)
  }
}

/** The processes as the local stack makes them, its one worker as two. */
async function specsOf(plan: StackPlan): Promise<Readonly<Record<Name, ProcessSpec>>> {
  const specs = (await stackProcesses(plan, 'everything')).flat()
  const specOf = (name: string): ProcessSpec => {
    const spec = specs.find((each) => each.name === name)
    if (spec !== undefined) return spec
    throw new Error(`the stack has no ${name}`)
  }
  const { temporal, metrics } = addressesOf(plan)
  const worker = specOf('worker')
  const queue = { name: queues.training, kind: 'activity' } as const
  return {
    temporal: specOf('temporal'),
    s3: specOf('s3'),
    control: { ...worker, command: withPools(worker, 'control,io') },
    training: {
      ...worker,
      command: withPools(worker, 'training'),
      env: { ...worker.env, SKY_T1_METRICS_ADDRESS: metrics['sandbox-worker'] },
      ready: (startedAt) => findPoller(temporal, queue, startedAt),
    },
  }
}

function withPools(
  { command: [program, ...args] }: ProcessSpec,
  pools: string,
): ProcessSpec['command'] {
  return [program, ...args.slice(0, -1), pools]
}
