import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow'

/** The task queues, by what their work needs; workflows themselves run on `sky-t1`. */
export const queues = {
  workflows: 'sky-t1',
  io: 'sky-t1-io',
  inference: 'sky-t1-inference',
  sandbox: 'sky-t1-sandbox',
  /** Polled by the sandbox pool also while it takes no work, to say why. */
  sandboxDoor: 'sky-t1-sandbox-door',
  training: 'sky-t1-training',
  evaluation: 'sky-t1-evaluation',
} as const

/** Failures that a retry cannot mend; the class names are the contract. */
const final = [
  'InvalidInputError',
  'SourceSchemaError',
  'SourceDamagedError',
  'EndpointRefusedError',
  'EmptyDatasetError',
  'FailureBudgetExceededError',
  'BudgetSpentError',
  'CorruptObjectError',
  'TrainerUnavailableError',
  'TrainingDivergedError',
  'LinkExpiredError',
  'PayloadsTooLarge',
]

/** Passing faults are outlasted for about a quarter of an hour; then the stage parks. */
const patient = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  maximumAttempts: 20,
  nonRetryableErrorTypes: final,
} as const

/** Every activity beats while its worker lives, so a lost worker is noticed within this time. */
const heartbeatTimeout = '20 seconds'

const common = {
  heartbeatTimeout,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: patient,
} as const

/** Options of each kind of activity. */
export const options = {
  io: { ...common, taskQueue: queues.io, startToCloseTimeout: '1 hour' },
  inference: { ...common, taskQueue: queues.inference, startToCloseTimeout: '6 hours' },
  // Shorter than the links of a grading order stand.
  sandbox: { ...common, taskQueue: queues.sandbox, startToCloseTimeout: '50 minutes' },
  sandboxDoor: { ...common, taskQueue: queues.sandboxDoor, startToCloseTimeout: '15 minutes' },
  training: {
    ...common,
    taskQueue: queues.training,
    startToCloseTimeout: '48 hours',
    retry: { ...patient, initialInterval: '2 seconds', maximumAttempts: 8 },
  },
  // How long nodes are waited for is the supervisor's to judge: they come again as often as they must.
  trainingNode: {
    ...common,
    taskQueue: queues.training,
    startToCloseTimeout: '48 hours',
    retry: { ...patient, initialInterval: '2 seconds', maximumAttempts: Number.POSITIVE_INFINITY },
  },
  supervision: {
    ...common,
    taskQueue: queues.training,
    startToCloseTimeout: '48 hours',
    // A pause and a node that is taken away are attempts too, and each goes on from a checkpoint: the
    // supervisor itself gives up where none comes of them.
    retry: { ...patient, initialInterval: '2 seconds', maximumAttempts: 100 },
  },
  evaluation: { ...common, taskQueue: queues.evaluation, startToCloseTimeout: '8 hours' },
} satisfies Record<string, ActivityOptions>

/** Checks at the door: answered soon, by a worker that is there, or the run is refused. */
export const doorOptions = {
  scheduleToStartTimeout: '2 minutes',
  retry: { ...patient, maximumAttempts: 3 },
} as const
