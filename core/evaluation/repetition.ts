/** How much a text repeats itself. */
export type Repetition = {
  /** The share of its sequences of four words that stood in it before. */
  readonly repeatedFourWords: number
  /** The loop in which it ends; null where it ends in none. */
  readonly loop: Loop | null
}

/** One stretch over and over to the end of a text; the last time may be cut off. Lengths in UTF-16 units. */
export type Loop = { readonly period: number; readonly length: number }

/** A loop is at least so long and has its stretch at least so often: three ellipses are none. */
const shortestLoop = { length: 200, times: 3 }

/**
 * Measures repetition in two ways, in time linear in the text. The share of repeated sequences of four
 * words is seq-rep-4 of S. Welleck et al., "Neural text generation with unlikelihood training",
 * arXiv:1908.04319 (2019), with words for tokens. The loop follows A. Holtzman et al., "The curious
 * case of neural text degeneration", arXiv:1904.09751 (2019), who count texts that end in a phrase
 * three times over or more; ours must besides be 200 characters long.
 */
export function measureRepetition(text: string): Repetition {
  return {
    repeatedFourWords: repeatedShare(text.split(/\s+/u).filter(Boolean), 4),
    loop: endLoop(text),
  }
}

function repeatedShare(words: readonly string[], length: number): number {
  const sequences = words.length - length + 1
  if (sequences < 1) return 0
  const distinct = new Set<string>()
  for (let at = 0; at < sequences; at++) distinct.add(words.slice(at, at + length).join(' '))
  return 1 - distinct.size / sequences
}

/**
 * The longest loop at the end. Read from its end, the text's first `length` units have the period
 * `length` − border, where the border is the failure function of D. E. Knuth, J. H. Morris and
 * V. R. Pratt, SIAM Journal on Computing 6 (1977) 323–350.
 */
function endLoop(text: string): Loop | null {
  const borders = bordersFromEnd(text)
  for (let { length } = text; length >= shortestLoop.length; length--) {
    const period = length - (borders[length] ?? 0)
    if (length >= shortestLoop.times * period) return { period, length }
  }
  return null
}

/** Of each number of units from the end: the longest border of that stretch, the whole not counted. */
function bordersFromEnd(text: string): Int32Array {
  const unit = (at: number) => text.charCodeAt(text.length - 1 - at)
  const borders = new Int32Array(text.length + 1)
  let border = 0
  for (let at = 1; at < text.length; at++) {
    while (border > 0 && unit(at) !== unit(border)) border = borders[border] ?? 0
    if (unit(at) === unit(border)) border += 1
    borders[at + 1] = border
  }
  return borders
}
