/** An answer that a judge is asked about. */
export type JudgeQuestion = {
  /** The problem's text. */
  readonly problem: string
  /** The right answer. */
  readonly reference: string
  /** What a response states as its answer. */
  readonly answer: string
}

/** What a judge found. */
export type JudgeFinding = {
  /** `undecided` covers a judge that cannot tell, and one whose reply cannot be read. */
  readonly verdict: 'equal' | 'different' | 'undecided'
  /** `equal`, `different`, `cannot-tell`, or why there is no verdict in its reply. */
  readonly reason: string
  /** Its ground in its own words, shortened; null where its reply could not be read. */
  readonly said: string | null
  /** Digest of the request that was answered last: the raw reply stands under it where replies are stored. */
  readonly request: string
}

/** A model that compares answers which no rule can compare. */
export interface AnswerJudge {
  /** Asks about one answer. Throws what its endpoint throws where it cannot be asked. */
  judge(question: JudgeQuestion): Promise<JudgeFinding>
}
