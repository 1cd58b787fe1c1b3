import type { OutputChecker, ValueChecker } from '../../checker.ts'
import type { CodeTests } from '../../problem.ts'

/** How far from the right answer a statement lets a number be: `10^{-6}`, `10 - 6`, `1e-6`, `0.000001`. */
const power = String.raw`(?:1\s*e\s*-\s*(\d{1,2})|10\s*\^?\s*\{?\s*[-−–]\s*(\d{1,2})|0\.(0{2,11}1))`
const distance = [
  new RegExp(
    String.raw`\b(?:absolute|relative|error)\b[^.\n]{0,80}?\berror\b[^\n]{0,120}?${power}`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:error|precision|tolerance)\s+(?:of|is|from|up to|at most|less than|not)[^\n]{0,60}?${power}`,
    'i',
  ),
  new RegExp(
    String.raw`\bwithin[^\n.]{0,40}?${power}[^\n.]{0,20}? of the (?:actual|correct|true)`,
    'i',
  ),
]

/** Sentences that let a program answer otherwise than the tests do. */
const several = [
  /\bany of them\b/i,
  /\b(?:print|output|return|find|give)\b[^.\n]*\bany (?:one |single )?(?:of (?:the|these) )?(?:valid|correct|possible|such|suitable|order)\b/i,
  /\bany (?:valid|correct|possible|suitable) (?:answer|solution|output|sequence|arrangement)/i,
  /\bif there (?:are|is|exist) (?:multiple|several|many|more than one)\b[^.\n]*\bany\b/i,
]
const anyOrder = /\b(?:print|output|return)\b[^.\n]*\bin any order\b/i

/** Tests with the checker that their statement declares, if it does. */
export function withChecker(tests: CodeTests, statement: string): CodeTests {
  if (tests.kind === 'stdin') {
    const checker = declaredOutputChecker(statement)
    return checker === undefined ? tests : { ...tests, checker }
  }
  const checker = declaredValueChecker(statement)
  return checker === undefined ? tests : { ...tests, checker }
}

/**
 * What a statement says of other outputs than the expected one, of a program: a tolerance, or that
 * several are right, which no test tells apart; undefined where it says nothing.
 */
function declaredOutputChecker(statement: string): OutputChecker | undefined {
  const tolerance = toleranceIn(statement)
  if (tolerance !== undefined) return tolerance
  return isOpen(statement) || anyOrder.test(statement) ? { kind: 'none' } : undefined
}

/** The same of a function, whose list may be in any order. */
function declaredValueChecker(statement: string): ValueChecker | undefined {
  const tolerance = toleranceIn(statement)
  if (tolerance !== undefined) return tolerance
  if (anyOrder.test(statement)) return { kind: 'unordered-items' }
  return isOpen(statement) ? { kind: 'none' } : undefined
}

function isOpen(statement: string): boolean {
  return several.some((sentence) => sentence.test(statement))
}

function toleranceIn(statement: string) {
  const found = distance.map((sentence) => sentence.exec(statement)).find((match) => match !== null)
  if (found === undefined) return undefined
  const [sentence, exponent, otherExponent, zeros] = found
  const digits = zeros === undefined ? Number(exponent ?? otherExponent) : zeros.length
  // Nobody prints more digits than a double has.
  if (digits < 1 || digits > 15) return undefined
  const size = Number(`1e-${digits}`)
  const isRelative = /relative/i.test(sentence)
  const isAbsolute = /absolute/i.test(sentence) || !isRelative
  return {
    kind: 'tolerance',
    absolute: isAbsolute ? size : 0,
    relative: isRelative ? size : 0,
  } as const
}
