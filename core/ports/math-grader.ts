/** One pair of answers, as extracted text. */
export type AnswerPair = {
  readonly reference: string
  readonly answer: string
  /**
   * Where it says so, both are whole texts, and what math-verify finds in them and says of it stands.
   * Otherwise both are answers, and what math-verify drops or rounds away is looked at again.
   */
  readonly rules?: 'as-shipped'
}

/** What symbolic comparison found. `undecided` covers a crash, a time-out and an unparsable side. */
export type AnswerComparison = {
  readonly outcome: 'equal' | 'different' | 'undecided'
  readonly reason: string
}

/** Symbolic equivalence of mathematical answers (math-verify in killable processes). */
export interface MathGrader {
  /**
   * Compares one pair; never throws for what a model wrote, never takes longer than its deadline.
   * Throws MathGraderUnavailableError where the grader cannot work at all.
   */
  compare(pair: AnswerPair): Promise<AnswerComparison>
  /** Stops the processes. */
  close(): Promise<void>
}

/** The Python of the math grader is missing, lacks its packages, or cannot be started. */
export class MathGraderUnavailableError extends Error {
  override readonly name = 'MathGraderUnavailableError'

  constructor(problem: string, options?: ErrorOptions) {
    super(
      `the math grader cannot work: ${problem}; install infra/grader/requirements.lock ` +
        'for a Python, and name it in SKY_T1_GRADER_PYTHON (npm run stack does both)',
      options,
    )
  }
}
