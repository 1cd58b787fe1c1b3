import { TrainerLogLine, type TrainingStep } from '../checkpoint.ts'

/**
 * The loss curve of a `trainer_log.jsonl`. The log rewinds when a training resumes, so the last
 * record of each step counts; a line still being written is left for the next reading, and one that
 * a full disk has torn is lost, not the one that is glued to it.
 */
export function readTrainerLog(text: string): TrainingStep[] {
  const steps = new Map<number, TrainingStep>()
  for (const line of text.split('\n')) {
    const record = readLine(line)
    if (record?.loss === undefined) continue
    steps.set(record.current_steps, {
      globalStep: record.current_steps,
      totalSteps: record.total_steps,
      loss: record.loss,
      learningRate: record.lr ?? 0,
    })
  }
  return [...steps.values()].toSorted((a, b) => a.globalStep - b.globalStep)
}

/** True when the log says that the last step was reached: exit code 0 alone does not mean so. */
export function reachedLastStep(text: string): boolean {
  return text.split('\n').some((line) => {
    const record = readLine(line)
    return record !== undefined && record.current_steps >= record.total_steps
  })
}

/** The step of the log's last record, 0 where it has none. */
export function lastLoggedStep(text: string): number {
  return Number([...text.matchAll(/"current_steps": ?(\d+)/g)].at(-1)?.[1] ?? 0)
}

/** The loss is no longer a number: going on, or trying again from the same state, gives the same. */
export class TrainingDivergedError extends Error {
  override readonly name = 'TrainingDivergedError'
}

/** With which the trainer begins every record. */
const firstField = '{"current_steps"'

function recordIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readLine(line: string): TrainerLogLine | undefined {
  if (!line.endsWith('}')) return undefined
  // Python writes NaN and Infinity, which JSON does not have.
  if (/:\s*(NaN|-?Infinity)\b/.test(line)) {
    throw new TrainingDivergedError(
      `the training diverged: ${line}; lower training.learningRate in the recipe`,
    )
  }
  const record = recordIn(line.slice(Math.max(0, line.lastIndexOf(firstField))))
  return record === undefined ? undefined : TrainerLogLine.parse(record)
}
