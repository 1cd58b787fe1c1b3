import { randomUUID } from 'node:crypto'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { startTemporaryTemporal } from '../../infra/stack/temporary-servers.ts'

/** The Temporal server that `npm test` set up; tests of it are skipped where it is not set. */
export const temporalProgram = process.env['SKY_T1_TEMPORAL']

/**
 * A real Temporal server of the stack's own kind. The testing library starts one, too, but gives it
 * five seconds, which a busy machine may need more of.
 */
export class TemporalServer {
  readonly environment: TestWorkflowEnvironment
  readonly #server: AsyncDisposable

  private constructor(environment: TestWorkflowEnvironment, server: AsyncDisposable) {
    this.environment = environment
    this.#server = server
  }

  /** Starts the server with these settings (`--dynamic-config-value`) beside the stack's own. */
  static async start(settings: readonly string[] = []): Promise<TemporalServer> {
    const server = await startTemporaryTemporal(temporalProgram ?? '', settings)
    const { address } = server
    const environment = await TestWorkflowEnvironment.createFromExistingServer({ address })
    return new TemporalServer(environment, server)
  }

  /**
   * Runs the only activity of a queue's workers. A task that was lost between server and worker is
   * given out again, as those of our workflows are.
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
    await this.environment.teardown()
    await this.#server[Symbol.asyncDispose]()
  }
}
