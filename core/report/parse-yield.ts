import { type JudgedTrace, judgedTraces, type ShardRows } from '../dataset/shard-rows.ts'
import { legacyChoiceOutcome } from '../grading/choice.ts'
import { compareExactly } from '../grading/math-exact.ts'
import { isEqual } from '../grading/math-scalar.ts'
import { legacyMathOutcome } from '../grading/math-legacy.ts'
import { type Judgeable, legacyStatesAnswer, statedAnswer } from '../grading/states-answer.ts'
import type { Response } from '../response.ts'
import { formatTrace } from '../trace.ts'
import type { ParseYield } from './report-data.ts'

type Rates = ParseYield['raw']
type Parts = {
  readonly reference: Judgeable
  readonly response: Response
  readonly judged: JudgedTrace | undefined
}

/**
 * How much of a shard's responses reads as an answer, and is accepted, as the teacher wrote it and
 * as it was rewritten, by source. Responses that are kept as they are take no part.
 */
export function parseYieldOfShard(rows: ShardRows): ParseYield[] {
  const problems = new Map(rows.problems.map((problem) => [problem.id, problem]))
  const judged = new Map(judgedTraces(rows).map((each) => [each.trace.id, each]))
  return mergeParseYields(
    rows.responses.flatMap((response) => {
      const problem = problems.get(response.problemId)
      if (problem === undefined || problem.reference.kind === 'trace') return []
      const { source, reference } = problem
      const parts = { reference, response, judged: judged.get(response.id) }
      return [{ source, responses: 1, raw: rawRates(parts), reformatted: reformattedRates(parts) }]
    }),
  )
}

/** Adds yields up by source, in the order of their names. */
export function mergeParseYields(yields: readonly ParseYield[]): ParseYield[] {
  const bySource = Map.groupBy(yields, ({ source }) => source)
  return [...bySource]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, parts]) => ({
      source,
      responses: parts.reduce((sum, { responses }) => sum + responses, 0),
      raw: addRates(parts.map(({ raw }) => raw)),
      reformatted: addRates(parts.map(({ reformatted }) => reformatted)),
    }))
}

function addRates(parts: readonly Rates[]): Rates {
  const sum = (of: keyof Rates) => parts.reduce((total, each) => total + each[of], 0)
  return {
    strictParsed: sum('strictParsed'),
    legacyParsed: sum('legacyParsed'),
    strictAccepted: sum('strictAccepted'),
    legacyAccepted: sum('legacyAccepted'),
    unknown: sum('unknown'),
  }
}

function reformattedRates({ reference, judged }: Parts): Rates {
  if (judged === undefined) return rates({})
  const text = formatTrace(judged.trace)
  return rates({
    strictParsed: statedAnswer(reference, text) !== undefined,
    legacyParsed: legacyStatesAnswer(reference, text),
    strictAccepted: judged.verdict.outcome === 'accepted',
    legacyAccepted: judged.verdict.legacyOutcome === 'accepted',
  })
}

/**
 * The raw response costs nothing more: where it states what the trace states, the trace's verdict
 * is its own; else exact rules decide. What would take running a program again is unknown.
 */
function rawRates(parts: Parts): Rates {
  const { reference, response } = parts
  const answer = statedAnswer(reference, response.text)
  const legacyParsed = legacyStatesAnswer(reference, response.text)
  const strict = strictOutcome(parts, answer)
  const legacy = legacyOutcome(parts, { answer, legacyParsed })
  return rates({
    strictParsed: answer !== undefined,
    legacyParsed,
    strictAccepted: strict === 'accepted',
    legacyAccepted: legacy === 'accepted',
    unknown: strict === 'unknown' || legacy === 'unknown',
  })
}

type RawOutcome = 'accepted' | 'not-accepted' | 'unknown'

function strictOutcome({ reference, judged }: Parts, answer: string | undefined): RawOutcome {
  if (answer === undefined) return 'not-accepted'
  if (judged !== undefined && statedAnswer(reference, formatTrace(judged.trace)) === answer) {
    return judged.verdict.outcome === 'accepted' ? 'accepted' : 'not-accepted'
  }
  if (reference.kind === 'choice') return reference.letter === answer ? 'accepted' : 'not-accepted'
  if (reference.kind === 'tests' || answer.length > longestAnswer) return 'unknown'
  const comparison = compareExactly(reference.answer, answer)
  if (comparison === 'unknown') return 'unknown'
  return isEqual(comparison) ? 'accepted' : 'not-accepted'
}

/** In characters; comparing more would only cost time. */
const longestAnswer = 4_000

function legacyOutcome(
  { reference, response, judged }: Parts,
  stated: { readonly answer: string | undefined; readonly legacyParsed: boolean },
): RawOutcome {
  if (!stated.legacyParsed) return 'not-accepted'
  if (reference.kind === 'answer') {
    return sure(legacyMathOutcome({ reference: reference.answer, response: response.text }))
  }
  if (reference.kind === 'choice') {
    return sure(legacyChoiceOutcome(response.text, reference.letter))
  }
  const same =
    judged !== undefined && statedAnswer(reference, formatTrace(judged.trace)) === stated.answer
  return same ? sure(judged.verdict.legacyOutcome) : 'unknown'
}

function sure(outcome: 'accepted' | 'wrong'): RawOutcome {
  return outcome === 'accepted' ? 'accepted' : 'not-accepted'
}

function rates(found: Readonly<Partial<Record<keyof Rates, boolean>>>): Rates {
  return {
    strictParsed: Number(found.strictParsed ?? false),
    legacyParsed: Number(found.legacyParsed ?? false),
    strictAccepted: Number(found.strictAccepted ?? false),
    legacyAccepted: Number(found.legacyAccepted ?? false),
    unknown: Number(found.unknown ?? false),
  }
}
