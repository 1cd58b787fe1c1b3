import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { TemporalServer, temporalProgram } from '../workflows/temporal-server.ts'
import { program } from './program.ts'

const execute = promisify(execFile)

/** Whether the servers of such a deployment are missing here (SKY_T1_VERSITYGW, SKY_T1_TEMPORAL). */
export const serversAreMissing = objectServerProgram === undefined || temporalProgram === undefined

/** A Temporal and an S3 server without workers: what commands need that only look and start. */
export class CommandDeployment {
  readonly #temporal: TemporalServer
  readonly #objects: ObjectServer

  private constructor(temporal: TemporalServer, objects: ObjectServer) {
    this.#temporal = temporal
    this.#objects = objects
  }

  static async start(): Promise<CommandDeployment> {
    const objects = await ObjectServer.start()
    const temporal = await TemporalServer.start()
    return new CommandDeployment(temporal, objects)
  }

  get temporal(): TestWorkflowEnvironment {
    return this.#temporal.environment
  }

  store(): ObjectStore {
    return this.#objects.store()
  }

  /** Runs `sky-t1` against the deployment; rejects with its code and what it said where that is not 0. */
  skyT1(...args: readonly string[]) {
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: this.temporal.address,
      S3_ENDPOINT: this.#objects.endpoint,
      S3_BUCKET: bucket,
      AWS_REGION: 'us-east-1',
    }
    return execute(process.execPath, [program, ...args], { env })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#temporal[Symbol.asyncDispose]()
    await this.#objects[Symbol.asyncDispose]()
  }
}
