import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { freePort } from '../../infra/stack/ports.ts'
import { SupervisedProcess } from '../../infra/stack/supervised-process.ts'
import { prepareNamespace, temporalCommand } from '../../infra/stack/temporal-server.ts'

/** The Temporal server that `npm test` set up; tests of it are skipped where it is not set. */
export const temporalProgram = process.env['SKY_T1_TEMPORAL']

/**
 * A real Temporal server of the stack's own kind, with its state in a temporary folder. The testing
 * library starts one, too, but gives it five seconds, which a busy machine may need more of.
 */
export class TemporalServer {
  readonly environment: TestWorkflowEnvironment
  readonly #stop: () => Promise<void>

  private constructor(environment: TestWorkflowEnvironment, stop: () => Promise<void>) {
    this.environment = environment
    this.#stop = stop
  }

  /** Starts the server with these settings (`--dynamic-config-value`) beside the stack's own. */
  static async start(settings: readonly string[] = []): Promise<TemporalServer> {
    const stateDir = await mkdtemp(join(tmpdir(), 'sky-t1-temporal-'))
    const ports = { frontend: await freePort(), ui: await freePort(), metrics: await freePort() }
    const database = join(stateDir, 'temporal.db')
    const [command, ...args] = temporalCommand(temporalProgram ?? '', database, ports)
    const more = settings.flatMap((setting) => ['--dynamic-config-value', setting])
    const address = `127.0.0.1:${ports.frontend}`
    const server = new SupervisedProcess(
      {
        name: 'Temporal',
        command: [command, ...args, ...more],
        env: {},
        ready: () => prepareNamespace(address),
        graceMs: 0,
      },
      {
        log: join(stateDir, 'temporal.log'),
        report: (line) => void process.stderr.write(`${line}\n`),
        changed: () => {},
      },
    )
    await server.start()
    const environment = await TestWorkflowEnvironment.createFromExistingServer({ address })
    return new TemporalServer(environment, async () => {
      await environment.teardown()
      await server.stop()
      await rm(stateDir, { recursive: true, force: true })
    })
  }

  /**
   * Runs the only activity of a queue's workers. A task whose hand-over was lost between server and
   * worker is given out again, as it is to every activity of ours.
   */
  runActivity(taskQueue: string): Promise<unknown> {
    return this.environment.client.activity.execute('activity', {
      id: randomUUID(),
      taskQueue,
      args: [],
      startToCloseTimeout: '40 seconds',
      retry: { maximumAttempts: 4 },
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}
