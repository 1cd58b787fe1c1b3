import type { AnswerPair, MathGrader } from '../../core/ports/math-grader.ts'
import { createComparisonPool } from './comparison-pool.ts'
import { graderCommands } from './grader-command.ts'
import { rememberComparisons } from './remembered-comparisons.ts'

/** In characters. Parsing time grows faster than length; no real answer comes near. */
const maxAnswerLength = 4_000
/** As above, for whole responses, of which math-verify takes what it finds. */
const maxTextLength = 100_000

/**
 * Brackets within brackets. Beyond it math-verify runs out of stack and answers "different" whatever
 * the values are, after seconds; no real answer comes near.
 */
const maxNesting = 50

/** Pairs of at most 8,000 characters, nearly all of them far shorter: some megabytes. */
const pairsRemembered = 10_000

/**
 * math-verify in a pool of Python processes. Wherever it cannot tell the comparison is `undecided`,
 * with the reason; it throws MathGraderUnavailableError where no process can be started at all.
 * @param python an interpreter with infra/grader/requirements.lock installed
 * @param remembered how many decided pairs are not compared again when they come back
 */
export function createMathVerifyPool({
  python,
  processes,
  remembered = pairsRemembered,
}: {
  readonly python: string
  readonly processes: number
  readonly remembered?: number
}): MathGrader {
  const pool = createComparisonPool({ commands: () => graderCommands(python), processes })
  const grader = rememberComparisons(pool, remembered)
  return {
    async compare(pair) {
      const reason = refusal(pair)
      return reason === undefined ? grader.compare(pair) : { outcome: 'undecided', reason }
    },
    close: () => grader.close(),
  }
}

function refusal({ reference, answer, rules }: AnswerPair): string | undefined {
  const length = Math.max(reference.length, answer.length)
  if (rules === 'as-shipped') return length > maxTextLength ? 'too-long' : undefined
  if (length > maxAnswerLength) return 'too-long'
  return Math.max(nesting(reference), nesting(answer)) > maxNesting ? 'too-deep' : undefined
}

/** How deep brackets of any kind stand within each other. */
function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth)
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1)
  }
  return deepest
}
