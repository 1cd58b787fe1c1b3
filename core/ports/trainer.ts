import type { Rendezvous } from '../training/launch-line.ts'
import type { RandomStudent } from '../training/student.ts'
import type { Training } from '../training/training.ts'

/** Everything that a training is launched with. */
export type TrainingJob = {
  /** The job's own directory; its path is the job's identity on this node. */
  readonly directory: string
  /** What a tracker shows the training as. */
  readonly name: string
  readonly training: Training
  readonly seed: number
  /** Rows of the data set. */
  readonly rows: number
  readonly modelDirectory: string
  readonly datasetDirectory: string
  /** A checkpoint directory to go on from; absent for step 0. */
  readonly resumeFrom?: string
  /** Where the nodes meet; absent on a node that trains alone. */
  readonly rendezvous?: Rendezvous
}

/** What a look at a job finds. */
export type TrainingSight = {
  readonly alive: boolean
  /** The trainer's `trainer_log.jsonl`, whole. */
  readonly log: string
  /** Checkpoints that the processes of all nodes have finished writing, oldest first; this node's files of them. */
  readonly checkpoints: ReadonlyArray<{ readonly step: number; readonly directory: string }>
  /** Where the final weights stand once training has ended; undefined before. */
  readonly finalModel: string | undefined
  /** The last lines that the trainer printed. */
  readonly tail: string
  /** The file of all that it printed. */
  readonly logFile: string
}

/** A trainer that runs apart from whoever watches it. */
export interface Trainer {
  /** Throws an error naming the mend where the trainer's environment, or what this training needs of it, is missing. */
  check(training?: Pick<Training, 'reportTo'>): Promise<void>
  /** Makes the untrained student from a data set's text. The same input gives the same bytes. */
  makeModel(job: {
    readonly student: RandomStudent
    readonly seed: number
    readonly corpus: string
    readonly output: string
  }): Promise<void>
  /** Tokens of each row of a data set, in its order, as the trainer will see them. */
  countTokens(job: { readonly model: string; readonly dataset: string }): Promise<number[]>
  /** Does what takes long before a launch; a launch does what is left of it. */
  prepare(job: TrainingJob): Promise<void>
  /** Starts a job, detached: it goes on when the caller dies. */
  launch(job: TrainingJob): Promise<void>
  look(directory: string): Promise<TrainingSight>
  /** Says that the job is watched; a job that nobody watches for a while saves and ends by itself. */
  attend(directory: string): Promise<void>
  /** Asks for a checkpoint at the end of the step, and for the end of the training after it. */
  ask(directory: string, request: { readonly stop: boolean }): Promise<void>
  /** Asks for a checkpoint and the end, and kills what has not ended by then. Nothing of the job runs afterwards. */
  stop(directory: string, graceSeconds: number): Promise<void>
  /** Ends a job at once, without a checkpoint, and takes secrets out of what it printed. */
  kill(directory: string): Promise<void>
  /** The job's output directory, where checkpoints stand as `checkpoint-STEP`. */
  outputDirectory(directory: string): string
}
