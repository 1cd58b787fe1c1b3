import type { Comparison } from './math-scalar.ts'

const asksForRounding =
  /\bround(?:ed|ing)?\b|\bnearest\b|\bdecimal places?\b|\bsignificant (?:figures|digits)\b|\bapproximat|\bestimate\b/i
const asksForOrder =
  /\brespectively\b|\bin (?:that|this|the given) order\b|\b(?:in|de)creasing order\b|\b(?:a|de)scending\b|\bfrom (?:least|smallest|largest|greatest) to\b/i
const asksForTuple =
  /\bordered (?:pair|triple|quadruple|tuple)|\bcoordinates?\b|\bthe point\b|\bvector\b/i
const asksForBase = /\bbase\b|\bbinary\b|\boctal\b|\bhexadecimal\b/i

type Evidence = { readonly words: RegExp; readonly becomes: Comparison }

const evidence: Readonly<Partial<Record<Comparison, Evidence>>> = {
  'equal-to-few-digits': { words: asksForRounding, becomes: 'equal-when-rounded' },
  'equal-in-other-order': { words: asksForOrder, becomes: 'different' },
  'brackets-differ': { words: asksForTuple, becomes: 'equal' },
  'base-left-out': { words: asksForBase, becomes: 'equal-but-for-unit' },
}

/** What the problem adds to a comparison: its words settle some doubts, and make order count. */
export function settled(comparison: Comparison, problem = ''): Comparison {
  const { words, becomes } = evidence[comparison] ?? {}
  // Elsewhere a problem speaks of what is given; how to answer it says at the end.
  const text = words === asksForOrder ? lastSentence(problem) : problem
  return words !== undefined && becomes !== undefined && words.test(text) ? becomes : comparison
}

function lastSentence(text: string): string {
  return (
    text
      .trim()
      .split(/(?<=[.?!]) +/)
      .at(-1) ?? ''
  )
}
