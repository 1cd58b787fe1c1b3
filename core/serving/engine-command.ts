/** One server to start: where its model is, and what is its own. */
export type Replica = {
  /** A directory of this node, or the id of a model on the Hub. */
  readonly model: string
  /** The commit of a model on the Hub. */
  readonly revision?: string
  /** The name under which requests ask for the model. */
  readonly name: string
  /** On the loopback interface. */
  readonly port: number
  /** The GPUs that it sees, as CUDA names them. */
  readonly gpus: readonly string[]
}

/** How an engine is started. */
export type EngineCommand = {
  /** What is run: the deployment says where it is. */
  readonly program: 'vllm' | 'serve.py'
  readonly args: readonly string[]
  /** Beside what every process of the node is given. */
  readonly env: Readonly<Record<string, string>>
  /** Variables of the worker that it is given too, where they are set. */
  readonly inherits: readonly string[]
  /** Answers 200 while the engine works. */
  readonly healthPath: string
  /** Answers JSON with the engine's `version`. */
  readonly versionPath: string
  /** Seconds that it may take to answer first. */
  readonly startSeconds: number
}
