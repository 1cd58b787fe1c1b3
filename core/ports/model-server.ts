import type { EngineCommand } from '../serving/engine-command.ts'

/** How a server is: `down` when its process has ended, `unwell` when it does not answer as it should. */
export type ServerHealth = 'up' | 'unwell' | 'down'

/** A model being served. */
export type ServedModel = {
  /** Base URL of its OpenAI-compatible API. */
  readonly baseURL: string
  /** Of the engine, as it says itself. */
  readonly version: string
  look(): Promise<ServerHealth>
  /** The last lines that it printed. */
  lastLines(): Promise<string>
  /** Ends the server and every process of it; safe to call twice. */
  stop(): Promise<void>
}

/** Serves models on this node's loopback. */
export interface ModelServer {
  /**
   * Starts a server and waits until it is healthy. It ends with the process that started it. One
   * that an earlier attempt left behind in the same work directory is ended first. Throws with
   * its last lines where it does not start.
   */
  serve(order: {
    /** The command for a port that is free. */
    readonly command: (port: number) => EngineCommand
    readonly workDirectory: string
    readonly signal: AbortSignal
  }): Promise<ServedModel>
}
